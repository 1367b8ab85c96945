// Validation of real exports, whose nodes all get the root for this purpose.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/tags/class_path.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/temp_dir.h"
#include "modelexport/validation/onnx_checker.h"
#include "modelexport/validation/test_model.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

std::string Spliced(const std::string& bytes, const SplicePlan& plan) {
  std::string out;
  uint64_t done = 0;
  for (const Splice& splice : plan.splices()) {
    absl::StrAppend(&out, absl::string_view(bytes).substr(done, splice.erase.begin - done),
                    splice.bytes);
    done = splice.erase.end;
  }
  return out + bytes.substr(done);
}

class FixtureTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string folder = "testdata/";
    const std::string name = GetParam();
    in_ = *OpenFile(absl::StrCat(folder, name, "/model.onnx"));
    original_ = *in_->ReadString({0, in_->size()});
    hierarchy_ = std::make_unique<Hierarchy>(*ParseSidecar(testing::ReadFile(
        absl::StrCat(folder, name.substr(0, name.find('/')), "/hierarchy.json"))));
    index_ = std::make_unique<ModelIndex>(*ModelIndex::Build(*in_, {}));
    TagAll();
  }

  void TagAll() {
    const std::string tag = ClassPaths(*hierarchy_, NnModules::kHide).Of(Hierarchy::root());
    const std::string node_bytes = testing::Tag("", tag, "none");
    const std::string model_bytes =
        absl::StrCat(testing::ModelEntry(kPresetsKey, "modelexport"),
                     testing::ModelEntry(kHierarchyKey, RenderEmbedded(*hierarchy_)));
    std::vector<Edit> edits;
    for (size_t i = 0; i < index_->nodes().size(); ++i) {
      const uint64_t end = index_->node(NodeId(i)).range.end();
      edits.push_back({MessageRef::Of(NodeId(i)), {{end, end}, node_bytes}});
    }
    edits.push_back({MessageRef::Model(), {{in_->size(), in_->size()}, model_bytes}});
    tagged_ = Spliced(original_, SplicePlan(*index_, edits));
  }

  ValidationResult ValidateTagged(const std::string& tagged, ValidationLevel level,
                                  const ModelChecker& checker) {
    const auto out = BytesInMemory(tagged);
    ValidationRequest request;
    request.tagged = out.get();
    request.original = in_.get();
    request.hierarchy = hierarchy_.get();
    request.level = level;
    request.checker = checker;
    absl::StatusOr<ValidationResult> result = Validate(request);
    EXPECT_TRUE(result.ok()) << result.status();
    return *std::move(result);
  }

  std::unique_ptr<ByteSource> in_;
  std::unique_ptr<Hierarchy> hierarchy_;
  std::unique_ptr<ModelIndex> index_;
  std::string original_, tagged_;
};

TEST_P(FixtureTest, PassesOnceTagged) {
  const ValidationResult result = ValidateTagged(tagged_, ValidationLevel::kFull, CheckWithOnnx);
  EXPECT_EQ(result.findings.ToText(), "");
  EXPECT_EQ(result.counts.nodes, index_->nodes().size());
  EXPECT_EQ(result.counts.tagged + result.counts.uncalled, index_->nodes().size());
}

TEST_P(FixtureTest, FailsWhereAnyByteIsChanged) {
  const size_t step = tagged_.size() / 211;
  const auto finds_nothing = [](const ByteSource&, const std::string&) { return ModelVerdict(); };
  for (size_t i = 0; i < tagged_.size(); i += step) {
    std::string changed = tagged_;
    changed[i] = static_cast<char>(changed[i] ^ 0x41);
    const ValidationResult result = ValidateTagged(changed, ValidationLevel::kFull, finds_nothing);
    EXPECT_GT(result.findings.kept().size(), 0u) << "byte " << i;
  }
}

TEST_P(FixtureTest, FailsUntagged) {
  const ValidationResult result = ValidateTagged(original_, ValidationLevel::kStandard, nullptr);
  EXPECT_EQ(result.findings.count("model.untagged"), 1);
  EXPECT_EQ(result.findings.errors(), 1);
}

INSTANTIATE_TEST_SUITE_P(Exports, FixtureTest,
                         ::testing::Values("bert_tiny/torchscript", "bert_tiny/dynamo",
                                           "naming_traps/torchscript", "naming_traps/dynamo"));

}  // namespace
}  // namespace modelexport
