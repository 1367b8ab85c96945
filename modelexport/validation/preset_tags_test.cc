// Files with borrowed keys: what they must say, and what may differ from the original or be gone.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/validation/check_tags.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::Model;

constexpr absl::string_view kHierarchy = R"(
  ""     my.Net
  enc    my.Encoder
  enc.q  torch.nn.modules.linear.Linear
)";

std::string WithNodes(absl::string_view presets, absl::string_view nodes,
                      absl::string_view functions = "") {
  return Model(absl::StrCat(
      R"(<ir_version: 10, opset_import: ["" : 20])",
      presets.empty()
          ? ""
          : absl::StrCat(", metadata_props: [\"modelexport.presets\": \"", presets, "\"]"),
      ">\nmain (x) => (y) {\n", nodes, "\n}\n", functions));
}

std::string FindingsOf(absl::string_view presets, absl::string_view nodes,
                       absl::string_view functions = "") {
  const Hierarchy hierarchy = HierarchyOf(kHierarchy);
  const auto source = BytesInMemory(WithNodes(presets, nodes, functions));
  CheckTagsOptions options;
  options.hierarchy = &hierarchy;
  Findings findings;
  TagCounts counts;
  const absl::Status status = CheckTags(*source, options, &findings, &counts);
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(counts.presets, PresetSet::Parse(presets));
  return findings.ToText();
}

constexpr absl::string_view kEnc =
    R"("modelexport.module": "enc", "modelexport.tag": "/Net/Encoder", "modelexport.evidence": "node_name")";

std::string Enc(absl::string_view entries) {
  return absl::StrCat("y = A (x) {", kEnc, ", ", entries, "}");
}

TEST(PresetTags, RightOnesHaveNoFindings) {
  EXPECT_EQ(FindingsOf("modelexport,winml,model_explorer,layer_ann", Enc(R"(
              "layer_ann": "enc/", "namespace": "Net/Encoder", "winml.hierarchy.depth": "2",
              "winml.hierarchy.tag": "/Net/Encoder")")),
            "");
}

TEST(PresetTags, BelongToTheModuleOfTheirNode) {
  EXPECT_EQ(
      FindingsOf("modelexport,winml,layer_ann", Enc(R"(
              "layer_ann": "enc/q/", "winml.hierarchy.tag": "/Net/Encoder")")),
      R"(error tag.preset #0: winml: winml.hierarchy.tag="/Net/Encoder" where module "enc" has winml.hierarchy.depth="2", winml.hierarchy.tag="/Net/Encoder"
error tag.preset #0: layer_ann: layer_ann="enc/q/" where module "enc" has layer_ann="enc/"
)");
  EXPECT_EQ(FindingsOf("modelexport,model_explorer", Enc(R"("mine": "1")")),
            "error tag.preset #0: model_explorer: nothing where module \"enc\" has "
            "namespace=\"Net/Encoder\"\n");
}

TEST(PresetTags, StandOnce) {
  EXPECT_EQ(FindingsOf("modelexport,layer_ann", Enc(R"("layer_ann": "enc/", "layer_ann": "enc/")")),
            "error tag.preset #0: layer_ann: layer_ann=\"enc/\", layer_ann=\"enc/\" where module "
            "\"enc\" has layer_ann=\"enc/\"\n");
}

TEST(PresetTags, KeysOfPresetsThatAreNotListedDoNotMatter) {
  EXPECT_EQ(FindingsOf("modelexport", Enc(R"("namespace": "torch", "layer_ann": "olive")")), "");
}

TEST(PresetTags, WithoutTheDefaultPresetTheyAreThoseOfSomeModule) {
  const auto winml = [](absl::string_view tag, absl::string_view depth) {
    return absl::StrCat(R"(y = A (x) {"winml.hierarchy.tag": ")", tag,
                        R"(", "winml.hierarchy.depth": ")", depth, R"("})");
  };
  EXPECT_EQ(FindingsOf("winml", winml("/Net/Encoder", "2")), "");
  EXPECT_EQ(FindingsOf("winml", winml("/Net/Encoder", "3")),
            "error tag.preset #0: winml: winml.hierarchy.depth=\"3\", "
            "winml.hierarchy.tag=\"/Net/Encoder\" as no module has it\n");
  EXPECT_EQ(FindingsOf("winml", "y = A (x)"),
            "error tag.preset #0: winml: nothing as no module has it\n");
  EXPECT_EQ(FindingsOf("layer_ann", "y = A (x)"), "");  // The root's.
}

TEST(PresetTags, ClassPathsFollowOneRule) {
  EXPECT_EQ(FindingsOf("model_explorer", R"(a = A (x) {"namespace": "Net/Encoder/Linear"}
                                            y = B (a) {"namespace": "Net/Encoder/Linear"})"),
            "");
  EXPECT_EQ(FindingsOf("modelexport,model_explorer", R"(y = A (x) {
              "modelexport.module": "enc.q", "modelexport.tag": "/Net/Encoder",
              "modelexport.evidence": "node_name", "namespace": "Net/Encoder/Linear"})"),
            "error tag.class_path #0: modules of torch.nn are shown here and on 0 nodes after it, "
            "hidden on 1 others\n");
}

TEST(PresetTags, ForeignKeysAreNotJudged) {
  EXPECT_EQ(FindingsOf("modelexport,model_explorer",
                       Enc(R"("namespace": "torch", "modelexport.foreign": "model_explorer")")),
            "");
}

TEST(PresetTags, ANoteOfForeignKeysMustBeTrue) {
  EXPECT_EQ(FindingsOf("modelexport,winml",
                       Enc(R"("modelexport.foreign": "winml,winml,layer_ann,modelexport,x")")),
            R"(error tag.foreign #0: "winml" has no key here
error tag.foreign #0: "winml" is there again
error tag.foreign #0: "layer_ann" is no preset that the model lists
error tag.foreign #0: "modelexport" is no preset that the model lists
error tag.foreign #0: "x" is no preset that the model lists
)");
}

TEST(PresetTags, SharedFunctionsHaveNone) {
  const auto function = [](absl::string_view entries) {
    return FindingsOf("modelexport,layer_ann",
                      absl::StrCat("y = f.F (x) {", kEnc, R"(, "layer_ann": "enc/"})"),
                      absl::StrCat(R"(<domain: "f"> F (x) => (y) {
          y = A (x) {"modelexport.submodule": "q", "modelexport.evidence": "none")",
                                   entries, "}}"));
  };
  EXPECT_EQ(function(""), "");
  EXPECT_EQ(function(R"(, "layer_ann": "q/")"),
            "error tag.preset function:f:F:#0: layer_ann: layer_ann=\"q/\" where several chains of "
            "calls lead\n");
}

std::string Validated(const std::string& original, const std::string& tagged,
                      bool foreign_replaced = false) {
  const Hierarchy hierarchy = HierarchyOf(kHierarchy);
  const auto in = BytesInMemory(original);
  const auto out = BytesInMemory(tagged);
  ValidationRequest request;
  request.original = in.get();
  request.tagged = out.get();
  request.hierarchy = &hierarchy;
  request.foreign_replaced = foreign_replaced;
  const auto result = Validate(request);
  EXPECT_TRUE(result.ok()) << result.status();
  return result->findings.ToText();
}

constexpr char kOurs[] = R"(y = A (x) {"namespace": "Net/Encoder"})";
constexpr char kTorchs[] = R"(y = A (x) {"namespace": "torch"})";
constexpr char kNoted[] =
    R"(y = A (x) {"namespace": "torch", "modelexport.foreign": "model_explorer"})";

TEST(ComparePresets, ListedPresetsMayBeWritten) {
  EXPECT_EQ(Validated(WithNodes("", "y = A (x)"), WithNodes("model_explorer", kOurs)), "");
  EXPECT_EQ(Validated(WithNodes("", "y = A (x)"),
                      WithNodes("model_explorer",
                                R"(y = A (x) {"namespace": "Net", "layer_ann": "enc/"})")),
            "error diff.extra #0: NodeProto field 9: at byte 33\n");
}

TEST(ComparePresets, KeysOfPresetsListedBeforeMayChangeAndGo) {
  EXPECT_EQ(Validated(WithNodes("model_explorer", R"(y = A (x) {"namespace": "Net"})"),
                      WithNodes("model_explorer", kOurs)),
            "");
  EXPECT_EQ(Validated(WithNodes("model_explorer", kOurs), WithNodes("layer_ann", "y = A (x)")), "");
}

TEST(ComparePresets, ForeignKeysMustStay) {
  EXPECT_EQ(Validated(WithNodes("", kTorchs), WithNodes("model_explorer", kNoted)), "");
  EXPECT_EQ(Validated(WithNodes("", kTorchs), WithNodes("model_explorer", kOurs)),
            "error diff.missing #0: NodeProto field 9: at byte 15 of the original\n");
  EXPECT_EQ(Validated(WithNodes("", kTorchs), WithNodes("model_explorer", kOurs), true), "");
  EXPECT_EQ(Validated(WithNodes("model_explorer", kNoted), WithNodes("model_explorer", kOurs)),
            "error diff.missing #0: NodeProto field 9: at byte 15 of the original\n");
}

// The names of presets, "" for the model's note.
std::string Stripped(const std::string& original, const std::string& stripped,
                     absl::string_view removed, absl::string_view all = "", bool notes = false) {
  const auto in = BytesInMemory(original);
  const auto out = BytesInMemory(stripped);
  StripValidationRequest request;
  request.original = in.get();
  request.stripped = out.get();
  request.removed = PresetSet::Parse(removed);
  request.all = PresetSet::Parse(all);
  request.notes = notes;
  const auto findings = ValidateStripped(request);
  EXPECT_TRUE(findings.ok()) << findings.status();
  return findings->ToText();
}

TEST(ValidateStripped, OurKeysAreGone) {
  const std::string tagged = WithNodes("model_explorer", kOurs);
  const std::string plain = WithNodes("", "y = A (x)");
  EXPECT_EQ(Stripped(tagged, plain, "modelexport,model_explorer"), "");
  EXPECT_EQ(Stripped(tagged, tagged, "modelexport,model_explorer"),
            R"(error diff.extra #0: NodeProto field 9: at byte 15
error diff.extra model: ModelProto field 14: at byte 63
)");
  EXPECT_EQ(Stripped(tagged, WithNodes("", kOurs), "modelexport,model_explorer"),
            "error diff.extra #0: NodeProto field 9: at byte 15\n");
}

TEST(ValidateStripped, AllElseStays) {
  EXPECT_EQ(Stripped(WithNodes("model_explorer", kNoted), WithNodes("", kTorchs),
                     "modelexport,model_explorer"),
            "");
  EXPECT_EQ(Stripped(WithNodes("model_explorer", kNoted), WithNodes("", "y = A (x)"),
                     "modelexport,model_explorer"),
            "error diff.missing #0: NodeProto field 9: at byte 15 of the original\n");
  EXPECT_EQ(Stripped(WithNodes("model_explorer", kNoted), WithNodes("", "y = A (x)"),
                     "model_explorer", "model_explorer"),
            "");
  EXPECT_EQ(Stripped(WithNodes("modelexport", kOurs), WithNodes("", "y = A (x)"), "modelexport"),
            "error diff.missing #0: NodeProto field 9: at byte 15 of the original\n");
}

TEST(ValidateStripped, WhatIsLeftMayBeListed) {
  const std::string tagged = WithNodes("model_explorer,layer_ann", kOurs);
  EXPECT_EQ(Stripped(tagged, WithNodes("model_explorer", kOurs), "layer_ann", "layer_ann", true),
            "");
}

TEST(ValidateStripped, FunctionsThatNothingCallsKeepBorrowedKeys) {
  const auto model = [](absl::string_view entries) {
    return WithNodes("", "y = A (x)",
                     absl::StrCat(R"(<domain: "f"> F (x) => (y) { y = A (x) )", entries, "}"));
  };
  const std::string torchs = model(R"({"namespace": "torch"})");
  EXPECT_NE(Stripped(torchs, model(""), "modelexport,model_explorer"), "");
  EXPECT_EQ(Stripped(torchs, torchs, "modelexport,model_explorer"), "");
  EXPECT_EQ(Stripped(torchs, model(""), "model_explorer", "model_explorer"), "");
  EXPECT_EQ(Stripped(model(R"({"modelexport.tag": "/x"})"), model(""), "modelexport"), "");
}

TEST(ValidateStripped, AMalformedFileIsAnErrorOrAFinding) {
  const auto good = BytesInMemory(WithNodes("", "y = A (x)"));
  const auto bad = BytesInMemory("\x3a\x05", "bad.onnx");
  StripValidationRequest request;
  request.original = bad.get();
  request.stripped = good.get();
  EXPECT_EQ(ValidateStripped(request).status().code(), absl::StatusCode::kInvalidArgument);
  request.original = good.get();
  request.stripped = bad.get();
  EXPECT_EQ(ValidateStripped(request)->count("file.malformed"), 1u);
}

}  // namespace
}  // namespace modelexport
