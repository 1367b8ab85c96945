// The library's front (modelexport/modelexport.h), and several calls at once. Run under
// ThreadSanitizer by .ci/run. Includes all public headers (docs/library.md): they must go together.
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/graph/find_nodes.h"
#include "modelexport/graph/model_file.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"
#include "modelexport/modelexport.h"
#include "modelexport/modules/boundary.h"
#include "modelexport/modules/comparison.h"
#include "modelexport/modules/module_figures.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/modules/precision.h"
#include "modelexport/modules/source_lines.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/tags/keys.h"
#include "modelexport/tags/node_tags.h"
#include "modelexport/tags/preset.h"
#include "modelexport/testing/temp_dir.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;

class Library : public ::testing::Test {
 protected:
  // `fixture` as "bert_tiny/torchscript".
  TagRequest Request(const std::string& fixture, const std::string& output) const {
    TagRequest request;
    request.model = absl::StrCat("testdata/", fixture, "/model.onnx");
    request.hierarchy =
        absl::StrCat("testdata/", fixture.substr(0, fixture.find('/')), "/hierarchy.json");
    request.output = dir_.Path(output);
    return request;
  }

  std::string Refused(const TagRequest& request) const {
    const absl::StatusOr<TagResult> result = Tag(request);
    EXPECT_EQ(FaultOf(result.status()), Fault::kUsage);
    EXPECT_EQ(dir_.Listing(), "");
    return std::string(result.status().message());
  }

  const testing::TempDir dir_;
};

TEST_F(Library, Tags) {
  TagRequest request = Request("naming_traps/torchscript", "out.onnx");
  std::string stages;
  request.on_stage = [&stages](absl::string_view stage) { absl::StrAppend(&stages, stage, " "); };
  const absl::StatusOr<TagResult> result = Tag(request);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->report.coverage(), 1);
  EXPECT_EQ(result->report.bytes_out, dir_.Read("out.onnx").size());
  EXPECT_EQ(stages, "hierarchy index graph match resolve judge inject write validate commit ");
}

TEST_F(Library, RefusesRequestsThatMeanNothing) {
  const TagRequest good = Request("naming_traps/torchscript", "out.onnx");
  TagRequest bad = good;
  bad.strategy = "guess";
  EXPECT_EQ(Refused(bad), "strategy \"guess\": there is none of this name");
  bad = good;
  bad.keys = {"winml", "x"};
  EXPECT_EQ(Refused(bad), "keys: there is no preset \"x\"");
  bad.keys = {};
  EXPECT_EQ(Refused(bad), "keys: no preset is given");
  bad = good;
  bad.hierarchy.clear();
  EXPECT_EQ(Refused(bad), "hierarchy: is empty");
  bad = good;
  bad.output.push_back('\0');
  EXPECT_EQ(Refused(bad), "output: has a zero byte");
  bad = good;
  bad.min_coverage = 1.5;
  EXPECT_EQ(Refused(bad), "min_coverage: is no number from 0 to 1");
}

// The tags of a file that Tag() wrote, read and validated by the smaller libraries.
TEST_F(Library, PartsGoTogether) {
  const TagRequest request = Request("bert_tiny/torchscript", "out.onnx");
  ASSERT_TRUE(Tag(request).ok());
  const absl::StatusOr<ModelFile> file = ModelFile::Open(request.output, NodeTagKeys());
  ASSERT_TRUE(file.ok()) << file.status();
  const GraphView& graph = file->graph();
  const std::vector<NodeId> found =
      FindNodes(graph, "/encoder/layer.0/attention/self/query/MatMul_output_0");
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(TagsOf(graph, found[0]).module, "encoder.layer.0.attention.self.query");
  EXPECT_TRUE(graph.consumers(ValueId()).empty());

  const auto tagged = OpenFile(request.output);
  ASSERT_TRUE(tagged.ok()) << tagged.status();
  ValidationRequest validation;
  validation.tagged = tagged->get();
  const absl::StatusOr<ValidationResult> result = Validate(validation);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->counts.tagged, graph.num_nodes());
}

TEST_F(Library, SaysWhyAModelFellShort) {
  TagRequest request = Request("naming_traps/dynamo", "out.onnx");
  request.hierarchy = "testdata/bert_tiny/hierarchy.json";
  const absl::StatusOr<TagResult> result = Tag(request);
  EXPECT_EQ(FaultOf(result.status()), Fault::kJudged);
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("does not describe this model"));
  EXPECT_EQ(dir_.Listing(), "");
}

// The example of docs/library.md.
TEST_F(Library, AnswersAboutModules) {
  const absl::StatusOr<OwnedModel> model =
      OwnModel({"testdata/bert_tiny/torchscript/model.onnx", "", {}}, StandardStrategies().front(),
               Stages());
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->source, kNamesHierarchy);
  const OwnedGraph owned = OwnedGraph::Of(*model);
  const ModuleRows rows(owned, Folding::kOn);
  const FiguresOfModel figures = FiguresOf(owned, rows);
  EXPECT_EQ(figures.rows[0].total.nodes, 148);
  EXPECT_EQ(figures.rows[0].total.parameters, 607690);
  const absl::StatusOr<std::vector<NodeId>> nodes =
      Pattern::Parse({"pooler.dense"})->Nodes(owned, Subtrees::kIncluded);
  ASSERT_TRUE(nodes.ok()) << nodes.status();
  ASSERT_EQ(nodes->size(), 1);
  const Boundary boundary = BoundaryOf(owned.graph, *nodes);
  EXPECT_EQ(ToText(owned.graph, boundary),
            "in: /pooler/Gather_output_0\n"
            "weights: pooler.dense.weight, pooler.dense.bias\n"
            "out: /pooler/dense/Gemm_output_0\n");
}

// Two models, one of them large enough that a call has a second thread of its own, a request that
// several calls share, and one output of several calls.
TEST_F(Library, CallsMayRunAtOnce) {
  const std::vector<std::string> fixtures = {"bert_tiny/torchscript", "naming_traps/dynamo"};
  constexpr int kCallsOfEach = 3;
  std::vector<std::string> expected;
  for (const std::string& fixture : fixtures) {
    ASSERT_TRUE(Tag(Request(fixture, "alone.onnx")).ok());
    expected.push_back(dir_.Read("alone.onnx"));
  }
  const TagRequest shared = Request(fixtures[1], "shared.onnx");
  std::vector<absl::Status> statuses(fixtures.size() * kCallsOfEach * 2);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < statuses.size(); ++i) {
    threads.emplace_back([&, i] {
      const bool shares = i % 2 == 0;
      const TagRequest own = Request(fixtures[i / 2 % 2], absl::StrCat(i, ".onnx"));
      statuses[i] = Tag(shares ? shared : own).status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) EXPECT_TRUE(status.ok()) << status;
  for (size_t i = 1; i < statuses.size(); i += 2) {
    EXPECT_TRUE(dir_.Read(absl::StrCat(i, ".onnx")) == expected[i / 2 % 2]) << i;
  }
  EXPECT_TRUE(dir_.Read("shared.onnx") == expected[1]);
}

}  // namespace
}  // namespace modelexport