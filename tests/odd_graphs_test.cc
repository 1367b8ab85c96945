// Models that are unusual and still to be tagged: not sorted, with training_info, with sparse
// initializers.

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/evidence_kind.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/dump_tags.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/status_matchers.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/standard_request.h"

namespace modelexport {
namespace {

using testing::DumpTags;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Model;

constexpr absl::string_view kHierarchy = R"({
  "schema": "modelexport.hierarchy", "version": 1,
  "modules": [{"path": "", "class": "m.Net"}, {"path": "encoder", "class": "m.Encoder"},
              {"path": "head", "class": "m.Head"}],
  "tensors": [{"name": "encoder.weight", "kind": "parameter", "dtype": "float32", "shape": [16]},
              {"name": "head.bias", "kind": "parameter", "dtype": "float32", "shape": [4]}]})";

class OddGraphs : public ::testing::Test {
 protected:
  // The modules of the nodes of `model`, as DumpTags() prints them.
  std::string Tag(absl::string_view model) {
    TagFileRequest request = testing::StandardRequest(
        dir_.Write("in.onnx", model), dir_.Write("h.json", kHierarchy), dir_.Path("out.onnx"));
    request.validation = TagFileRequest::Validation::kFull;
    request.embed_hierarchy = false;
    const TagOutcome outcome = modelexport::TagFile(request);
    EXPECT_THAT(outcome.status, testing::IsOk());
    report_ = outcome.report;
    tagged_ = dir_.Read("out.onnx");
    return DumpTags(tagged_, kModuleKey);
  }

  testing::TempDir dir_;
  Report report_;
  std::string tagged_;
};

constexpr absl::string_view kSorted = R"(main (x) => (y) {
    [/encoder/Add] a = Add (x, x)
    [/head/Relu] y = Relu (a)
  })";

TEST_F(OddGraphs, NodesThatAreNotSortedAreTaggedAndReported) {
  EXPECT_EQ(Tag(Model(R"(main (x) => (y) {
      [/head/Relu] y = Relu (b)
      [/encoder/Mul] b = Mul (a, x)
      [/encoder/Add] a = Add (x, x)
    })")),
            R"(model
#0 Relu modelexport.module="head"
#1 Mul modelexport.module="encoder"
#2 Add modelexport.module="encoder"
)");
  EXPECT_THAT(report_.warnings,
              ElementsAre("2 nodes read what later nodes make, as #0; they are not sorted"));
}

TEST_F(OddGraphs, NothingIsReportedOfASortedModel) {
  Tag(Model(kSorted));
  EXPECT_THAT(report_.warnings, IsEmpty());
}

// Its graphs have nodes too, which are left alone.
TEST_F(OddGraphs, TrainingIsCountedAndCopied) {
  const std::string plain = Model(kSorted);
  std::string training;
  for (absl::string_view graph : {"one", "two"}) {
    std::string node, content, info;
    AppendBytesField(node_proto::kOpType, graph, &node);
    AppendBytesField(graph_proto::kNode, node, &content);
    AppendBytesField(2, content, &info);  // algorithm
    AppendBytesField(model_proto::kTrainingInfo, info, &training);
  }
  const std::string without = Tag(plain);
  EXPECT_EQ(Tag(plain + training), without);
  EXPECT_EQ(report_.training_graphs, 2);
  EXPECT_EQ(report_.nodes, 2);
  EXPECT_THAT(report_.warnings, ElementsAre("training_info is copied without tags"));
  EXPECT_TRUE(absl::StrContains(tagged_, training));
}

TEST_F(OddGraphs, SparseInitializersAreParameters) {
  EXPECT_EQ(Tag(Model(R"(main (x) => (y) <
      sparse float[16] encoder.weight = {1, 2} at {3, 7}, float[4] head.bias = {1, ...}> {
        h = Mul (x, encoder.weight)
        y = Add (h, head.bias)
      })")),
            R"(model
#0 Mul modelexport.module="encoder"
#1 Add modelexport.module="head"
)");
  EXPECT_EQ(report_.by_evidence[static_cast<int>(EvidenceKind::kParameter)], 2);
}

}  // namespace
}  // namespace modelexport
