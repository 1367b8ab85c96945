// Another tagged model as HIERARCHY, from file to file: what makes it unusable, and what it is not.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/commands/explain.h"
#include "modelexport/commands/tag.h"
#include "modelexport/render/reports.h"
#include "modelexport/report/explanation.h"
#include "modelexport/testing/dump_tags.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/standard_request.h"

namespace modelexport {
namespace {

using testing::Model;
using testing::StandardRequest;

constexpr absl::string_view kOptimised = R"(main (x) => (y) <float[2, 2] w0 = {1, 2, 3, 4}> {
  Gemm_0 = Gemm (x, w0)
  y = Relu (Gemm_0)
})";

class TaggedHierarchy : public ::testing::Test {
 protected:
  // The message of the error, with the folder as "DIR"; else the tags that were written.
  std::string Tag(absl::string_view model, absl::string_view hierarchy) {
    dir_.Write("in.onnx", Model(model));
    dir_.Write("tagged.onnx", hierarchy);
    return TagFiles("in.onnx", "tagged.onnx");
  }

  std::string TagFiles(absl::string_view model, absl::string_view hierarchy) {
    const TagOutcome outcome =
        TagFile(StandardRequest(dir_.Path(model), dir_.Path(hierarchy), dir_.Path("out.onnx")));
    if (outcome.status.ok()) return testing::DumpTags(dir_.Read("out.onnx"), "modelexport.");
    const char* const fault = FaultOf(outcome.status) == Fault::kJudged ? "judged: " : "";
    return absl::StrReplaceAll(absl::StrCat(fault, outcome.status.message()),
                               {{dir_.Path(""), "DIR/"}});
  }

  testing::TempDir dir_;
};

// Of the weight neither name nor form is left, and of the nodes no name but that of the output.
TEST_F(TaggedHierarchy, NamesContentsAndOperatorsOfTheTaggedModel) {
  EXPECT_EQ(
      Tag(kOptimised, Model(R"(main (x) => (y) <float[2, 2] w = {1, 3, 2, 4}> {
              h = MatMul (x, w) {"modelexport.module": "fc", "modelexport.tag": "/M/Fc",
                                 "modelexport.evidence": "node_name"}
              y = Relu (h) {"modelexport.module": "act", "modelexport.tag": "/M/Act",
                            "modelexport.evidence": "node_name"}
            })")),
      R"(model modelexport.presets="modelexport" modelexport.hierarchy="{\"schema\":\"modelexport.hierarchy\",\"version\":1,\"modules\":[{\"path\":\"\",\"traced_tag\":\"/M\"},{\"path\":\"fc\",\"traced_tag\":\"/M/Fc\"},{\"path\":\"act\",\"traced_tag\":\"/M/Act\"}]}"
#0 Gemm modelexport.module="fc" modelexport.tag="/M/Fc" modelexport.evidence="fingerprint"
#1 Relu modelexport.module="act" modelexport.tag="/M/Act" modelexport.evidence="carried"
)");
}

TEST_F(TaggedHierarchy, OneThatIsNotTagged) {
  EXPECT_EQ(
      Tag(kOptimised, Model("main (x) => (y) { y = Relu (x) }")),
      "DIR/tagged.onnx: is not tagged: no node has modelexport.module; `modelexport tag` with "
      "a sidecar tags it");
}

TEST_F(TaggedHierarchy, OneWhoseTagsContradictEachOther) {
  EXPECT_EQ(Tag(kOptimised, Model(R"(main (x) => (y) {
              h = Relu (x) {"modelexport.module": "a", "modelexport.tag": "/M/A"}
              y = Relu (h) {"modelexport.module": "a", "modelexport.tag": "/M/B"}
            })")),
            "DIR/tagged.onnx: node #1 (Relu): module \"a\" has modelexport.tag \"/M/B\", but "
            "\"/M/A\" on an earlier node");
}

TEST_F(TaggedHierarchy, OneThatIsDamagedOrTruncated) {
  const std::string whole =
      Model(R"(main (x) => (y) { y = Relu (x) {"modelexport.module": "a"} })");
  EXPECT_EQ(
      Tag(kOptimised, whole.substr(0, whole.size() / 2)),
      "DIR/tagged.onnx: byte 2: field 7 has length 55, past the end of its message at byte 32");
  std::string damaged = whole;
  damaged[4] = '\x7B';  // The key of what was the first node.
  EXPECT_EQ(Tag(kOptimised, damaged), "DIR/tagged.onnx: byte 10: a field number out of range");
  EXPECT_EQ(Tag(kOptimised, whole.substr(0, 1)),
            "DIR/tagged.onnx: byte 1: a varint past the end of its message");
  EXPECT_EQ(
      Tag(kOptimised, absl::string_view("PK\x03\x04\x00\x00", 6)),
      "DIR/tagged.onnx: byte 2: a field number out of range; the file looks like a zip archive, "
      "such as a PyTorch checkpoint or an exported program");
}

// Two models of one exporter have values of the same names, but not parameters.
TEST_F(TaggedHierarchy, OneOfAnotherModel) {
  EXPECT_EQ(
      Tag(R"(main (x) => (linear) <float[2, 2] encoder.fc.weight = {1, 2, 3, 4}> {
              linear = MatMul (x, encoder.fc.weight)
            })",
          Model(R"(main (x) => (linear) <float[2, 2] head.weight = {5, 6, 7, 9}> {
              linear = MatMul (x, head.weight) {"modelexport.module": "head"}
            })")),
      "judged: DIR/tagged.onnx: hierarchy does not describe this model (parameter names 0 of 1, "
      "weights 0 of 1, shapes of weights 1 of 1 resolve; what fits: #0 the value \"linear\" is in "
      "the tagged model too, of MatMul -> head); --force writes all the same");
}

// Of two faulty inputs, the hierarchy's error is told.
TEST_F(TaggedHierarchy, FilesThatAreMissing) {
  dir_.Write("tagged.onnx",
             Model(R"(main (x) => (y) { y = Relu (x) {"modelexport.module": "a"} })"));
  dir_.Write("untagged.onnx", Model(kOptimised));
  EXPECT_EQ(TagFiles("absent.onnx", "tagged.onnx"),
            "DIR/absent.onnx: cannot open: No such file or directory");
  EXPECT_EQ(
      TagFiles("absent.onnx", "untagged.onnx"),
      "DIR/untagged.onnx: is not tagged: no node has modelexport.module; `modelexport tag` with "
      "a sidecar tags it");
  EXPECT_EQ(TagFiles("tagged.onnx", "absent.onnx"),
            "DIR/absent.onnx: cannot open: No such file or directory");
}

TEST_F(TaggedHierarchy, ExplainSaysWhichNodeCarriesTheName) {
  dir_.Write("in.onnx", Model("main (x) => (y) { y = FusedRelu (x) }"));
  dir_.Write("tagged.onnx",
             Model(R"(main (x) => (y) { [r] y = Relu (x) {"modelexport.module": "act"} })"));
  const TagFileRequest request = StandardRequest("", "", "");
  const auto explained =
      Explain({dir_.Path("in.onnx"), dir_.Path("tagged.onnx"), "y", request.strategy});
  ASSERT_TRUE(explained.ok()) << explained.status();
  EXPECT_EQ(RenderText(*explained),
            "node        #0 FusedRelu\n"
            "makes       y\n"
            "owner       act, call 0\n"
            "evidence    carried\n"
            "confidence  99.9 %\n"
            "strategy    auto\n"
            "\n"
            "candidates, strongest first; * won\n"
            "* carried: act, call 0\n"
            "    the value \"y\" is in the tagged model too, of Relu \"r\"\n");
}

}  // namespace
}  // namespace modelexport
