#include "modelexport/view/viewer_json.h"

#include <algorithm>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

// x -> Mul (encoder.layer.0, with a weight) -> If (of no module, with a body) -> y
ViewData SmallData() {
  ViewData data;
  data.model = "m.onnx";
  data.modules.resize(4);
  const char* const paths[] = {"", "encoder", "encoder.layer", "encoder.layer.0"};
  for (size_t m = 0; m < 4; ++m) {
    data.modules[m].path = paths[m];
    data.modules[m].parent = static_cast<int64_t>(m) - 1;
    data.modules[m].total.nodes = 1;
  }
  data.modules[2].called = false;
  data.modules[3].class_name = "my.Layer";
  data.modules[3].total.parameters.reset();
  data.operators = {"Mul", "If"};
  data.types = {"?", "float[2]"};
  data.values = {{"x", 1}, {"w", 1}, {"h", 0}, {"y", 0}, {"t", 0}};
  data.graphs.resize(2);
  data.graphs[0] = {"", 0, 2, ViewData::kNone, {0}, {3}};
  data.graphs[1] = {"/1:then_branch", 2, 1, 1, {}, {4}};
  data.nodes.resize(3);
  data.nodes[0].name = "mul";
  data.nodes[0].module = 3;
  data.nodes[0].evidence = EvidenceKind::kNodeName;
  data.nodes[0].inputs = {0, 1};
  data.nodes[0].outputs = {2};
  data.nodes[0].attributes = {{"alpha", "1"}};
  data.nodes[1].op = 1;
  data.nodes[1].inputs = {2, ViewData::kNone};
  data.nodes[1].outputs = {3};
  data.nodes[2].module = 1;
  data.nodes[2].inputs = {2};
  data.nodes[2].outputs = {4};
  data.metrics.push_back({"time_us", "time", "us", {12.5, absl::nullopt, absl::nullopt}});
  return data;
}

// Without spaces and line feeds.
std::string Compact(std::string json) {
  json.erase(std::remove_if(json.begin(), json.end(), [](char c) { return c == ' ' || c == '\n'; }),
             json.end());
  return json;
}

TEST(ViewerJson, ModelExplorer) {
  EXPECT_EQ(Compact(ToModelExplorer(SmallData())), Compact(R"({"label": "m.onnx", "graphs": [
    {"id": "main_graph", "nodes": [
      {"id": "[value] x", "label": "input", "namespace": "", "outputsMetadata": [
        {"id": "0", "attrs": [{"key": "tensor_name", "value": "x"},
                              {"key": "tensor_shape", "value": "float[2]"}]}]},
      {"id": "mul", "label": "Mul", "namespace": "encoder/layer.0",
       "attrs": [{"key": "alpha", "value": "1"},
                 {"key": "modelexport.module", "value": "encoder.layer.0"},
                 {"key": "modelexport.evidence", "value": "node_name"},
                 {"key": "time", "value": "12.5"}],
       "incomingEdges": [
         {"sourceNodeId": "[value] x", "sourceNodeOutputId": "0", "targetNodeInputId": "0"}],
       "inputsMetadata": [
         {"id": "0", "attrs": [{"key": "tensor_name", "value": "x"},
                               {"key": "tensor_shape", "value": "float[2]"}]},
         {"id": "1", "attrs": [{"key": "tensor_name", "value": "w"},
                               {"key": "tensor_shape", "value": "float[2]"}]}],
       "outputsMetadata": [
         {"id": "0", "attrs": [{"key": "tensor_name", "value": "h"},
                               {"key": "tensor_shape", "value": "?"}]}]},
      {"id": "#1", "label": "If", "namespace": "",
       "attrs": [{"key": "modelexport.evidence", "value": "none"}, {"key": "time", "value": "?"}],
       "incomingEdges": [
         {"sourceNodeId": "mul", "sourceNodeOutputId": "0", "targetNodeInputId": "0"}],
       "inputsMetadata": [
         {"id": "0", "attrs": [{"key": "tensor_name", "value": "h"},
                               {"key": "tensor_shape", "value": "?"}]}],
       "outputsMetadata": [
         {"id": "0", "attrs": [{"key": "tensor_name", "value": "y"},
                               {"key": "tensor_shape", "value": "?"}]}],
       "subgraphIds": ["/1:then_branch"]},
      {"id": "[output] y", "label": "output", "namespace": "",
       "incomingEdges": [
         {"sourceNodeId": "#1", "sourceNodeOutputId": "0", "targetNodeInputId": "0"}],
       "inputsMetadata": [
         {"id": "0", "attrs": [{"key": "tensor_name", "value": "y"},
                               {"key": "tensor_shape", "value": "?"}]}]}],
     "groupNodeAttributes": {
       "": {"module": "", "class": "", "nodes": "1", "parameters": "0", "bytes": "0"},
       "encoder": {"module": "encoder", "class": "", "nodes": "1", "parameters": "0",
                   "bytes": "0"},
       "encoder/layer.0": {"module": "encoder.layer.0", "class": "my.Layer", "nodes": "1",
                           "parameters": "?", "bytes": "0"}},
     "nodeLabelsToHide": ["Constant"]},
    {"id": "/1:then_branch", "nodes": [
      {"id": "/1:then_branch#0", "label": "Mul", "namespace": "encoder",
       "attrs": [{"key": "modelexport.module", "value": "encoder"},
                 {"key": "modelexport.evidence", "value": "none"}, {"key": "time", "value": "?"}],
       "incomingEdges": [],
       "inputsMetadata": [
         {"id": "0", "attrs": [{"key": "tensor_name", "value": "h"},
                               {"key": "tensor_shape", "value": "?"}]}],
       "outputsMetadata": [
         {"id": "0", "attrs": [{"key": "tensor_name", "value": "t"},
                               {"key": "tensor_shape", "value": "?"}]}]},
      {"id": "[output] t", "label": "output", "namespace": "",
       "incomingEdges": [
         {"sourceNodeId": "/1:then_branch#0", "sourceNodeOutputId": "0",
          "targetNodeInputId": "0"}],
       "inputsMetadata": [
         {"id": "0", "attrs": [{"key": "tensor_name", "value": "t"},
                               {"key": "tensor_shape", "value": "?"}]}]}],
     "groupNodeAttributes": {}, "nodeLabelsToHide": ["Constant"]}]})"));
}

TEST(ViewerJson, ModelExplorersSeparatorsWithinNames) {
  ViewData data = SmallData();
  data.modules[3].path = "encoder.layer.a/b;c";
  EXPECT_NE(Compact(ToModelExplorer(data)).find(R"("namespace":"encoder/layer.a\\/b,c")"),
            std::string::npos);
}

TEST(ViewerJson, NodeDataOfWhatIsKnown) {
  const ViewData data = SmallData();
  EXPECT_EQ(Compact(ToNodeData(data, data.metrics[0])), Compact(R"json({"main_graph": {
    "name": "time (us)", "results": {"mul": {"value": 12.5}},
    "gradient": [{"stop": 0, "bgColor": "#ffffff"}, {"stop": 1, "bgColor": "#e0655a"}]
}
})json"));
}

TEST(ViewerJson, Netron) {
  ViewData data = SmallData();
  data.nodes[1].name = data.nodes[2].name = "twice";
  EXPECT_EQ(Compact(ToNetron(data)), Compact(R"({"signature": "netron:attachment", "metadata": [
    {"kind": "node", "target": "mul", "name": "module", "value": "encoder.layer.0",
     "type": "attribute"},
    {"kind": "node", "target": "mul", "name": "class", "value": "my.Layer", "type": "attribute"},
    {"kind": "node", "target": "mul", "name": "evidence", "value": "node_name",
     "type": "attribute"}],
   "metrics": [{"kind": "node", "target": "mul", "name": "time_us", "value": 12.5}]})"));
}

}  // namespace
}  // namespace modelexport
