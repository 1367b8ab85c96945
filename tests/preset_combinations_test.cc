// Every combination of presets on every model of testdata: tagging again changes nothing, and strip
// gives back the bytes.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "modelexport/commands/strip.h"
#include "modelexport/commands/tag.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::ReadFile;

class PresetCombinations : public ::testing::TestWithParam<const char*> {
 protected:
  // Returns the warnings.
  std::string TagFile(const std::string& in, const std::string& out, PresetSet presets,
                      bool replace_foreign = false) {
    TagFileRequest request;
    request.model = in;
    request.hierarchy = absl::StrCat("testdata/", GetParam(), "/../hierarchy.json");
    request.output = out;
    request.strategy = StandardStrategies()[0];
    request.presets = presets;
    request.replace_foreign = replace_foreign;
    const TagOutcome outcome = modelexport::TagFile(request);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    return absl::StrJoin(outcome.report.warnings, "\n");
  }

  void StripFile(const std::string& in, const std::string& out,
                 const absl::optional<PresetSet>& presets = absl::nullopt) {
    StripRequest request;
    request.model = in;
    request.output = out;
    request.presets = presets;
    request.validation = StripRequest::Validation::kFull;
    const StripOutcome outcome = Strip(request);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_TRUE(outcome.report.findings.empty());
  }

  const std::string model_ = absl::StrCat("testdata/", GetParam(), "/model.onnx");
  const testing::TempDir dir_;
};

// Those of the dynamo exporter have torch's namespaces, which are kept, and so come back too.
TEST_P(PresetCombinations, TagTwiceAndStrip) {
  const std::string original = ReadFile(model_);
  const std::string out = dir_.Path("out.onnx");
  for (unsigned bits = 1; bits < 1u << Presets().size(); ++bits) {
    PresetSet presets;
    for (size_t i = 0; i < Presets().size(); ++i) {
      if ((bits >> i & 1) != 0) presets = presets | PresetSet(Presets()[i]);
    }
    TagFile(model_, out, presets);
    const std::string tagged = ReadFile(out);
    EXPECT_NE(tagged.size(), original.size());
    TagFile(out, out, presets);
    EXPECT_TRUE(ReadFile(out) == tagged) << "not idempotent: " << bits;
    StripFile(out, out);
    EXPECT_TRUE(ReadFile(out) == original) << "not stripped: " << bits;
  }
}

// One preset after the other taken out again leaves nothing either.
TEST_P(PresetCombinations, StripOneByOne) {
  PresetSet presets;
  for (const Preset& preset : Presets()) presets = presets | PresetSet(preset);
  const bool foreign = absl::StrContains(GetParam(), "dynamo");
  const std::string out = dir_.Path("out.onnx");
  TagFile(model_, out, presets);
  for (const Preset& preset : Presets()) {
    if (!foreign || preset.name != "model_explorer") StripFile(out, out, PresetSet(preset));
  }
  StripFile(out, out);
  EXPECT_TRUE(ReadFile(out) == ReadFile(model_));
}

TEST_P(PresetCombinations, ForeignKeysAreReplacedIfAsked) {
  const bool foreign = absl::StrContains(GetParam(), "dynamo");
  const PresetSet presets = PresetSet::Parse("modelexport,model_explorer");
  const std::string out = dir_.Path("out.onnx");
  const std::string kept = TagFile(model_, out, presets);
  EXPECT_EQ(absl::StrContains(kept, "with another program's namespace, which stays"), foreign);
  const std::string replaced = TagFile(model_, out, presets, true);
  EXPECT_EQ(absl::StrContains(replaced, "lost another program's namespace"), foreign);
  const std::string tagged = ReadFile(out);
  const std::string again = TagFile(out, out, presets, true);
  EXPECT_FALSE(absl::StrContains(again, "another program")) << again;
  EXPECT_TRUE(ReadFile(out) == tagged);
  StripFile(out, out);
  StripFile(model_, dir_.Path("without.onnx"), PresetSet::Parse("model_explorer"));
  EXPECT_EQ(ReadFile(out) == ReadFile(model_), !foreign);
  EXPECT_TRUE(ReadFile(out) == dir_.Read("without.onnx"));
}

INSTANTIATE_TEST_SUITE_P(Testdata, PresetCombinations,
                         ::testing::Values("bert_tiny/torchscript", "bert_tiny/dynamo",
                                           "resnet50/torchscript", "resnet50/dynamo",
                                           "sam_vision/torchscript", "sam_vision/dynamo",
                                           "naming_traps/torchscript", "naming_traps/dynamo",
                                           "script_traps/torchscript"),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '/' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace modelexport
