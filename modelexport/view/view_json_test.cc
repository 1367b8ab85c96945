#include "modelexport/view/view_json.h"

#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"
#include "modelexport/view/read_view_data.h"

namespace modelexport {
namespace {

// The JSON for a model whose nodes are of the modules that their names say, those of "a" also of
// "b"; of none without a name.
std::string JsonOf(const std::string& text, const std::string& lines,
                   const std::vector<ValueType>& types = {}) {
  const testing::TextGraph graph(text);
  const Hierarchy hierarchy = testing::HierarchyOf(lines);
  std::vector<Owner> owners(graph.view().num_nodes());
  AlsoModules also;
  for (size_t n = 0; n < owners.size(); ++n) {
    const absl::string_view module = graph.view().name(NodeId(n));
    owners[n].module = Hierarchy::root();
    if (module.empty()) continue;
    if (module != "root") owners[n].module = hierarchy.FindModule(module);
    owners[n].evidence = EvidenceKind::kNodeName;
    if (module == "a") also.Add(NodeId(n), {{hierarchy.FindModule("b"), AlsoReason::kName}});
    for (size_t c = 0; c < hierarchy.calls().size(); ++c) {
      if (hierarchy.calls()[c].module == owners[n].module) owners[n].call = CallId(c);
    }
  }
  absl::StatusOr<ViewData> data = ReadViewData({graph.view(), hierarchy, owners, &also}, types);
  EXPECT_TRUE(data.ok()) << data.status();
  data->model = "m.onnx";
  data->source = "tags";
  return ToJson(*data);
}

constexpr char kEvidence[] =
    "[\"carried\",\"scope_metadata\",\"node_name\",\"value_name\",\"fx_name\",\"parameter\","
    "\"fingerprint\",\"trace\",\"dataflow\",\"inherited\",\"none\"]";

TEST(ViewJson, OfASmallModel) {
  ValueType floats;
  floats.kind = ValueType::Kind::kTensor;
  floats.data_type = 1;
  floats.shape = {{2, ""}};
  EXPECT_EQ(JsonOf(R"(main (x, c) => (y) <float[2] w = {1, 2}> {
                        [a] h = Mul <alpha = 0.5> (x, w)
                        [b] i = my.Gelu (h, "")
                        y = If (c) < then_branch = yes () => (t) { [root] t = Neg (i) } >
                      })",
                   R"("" my.Net 1
                      a  my.A   1
                      b  my.B   1
                      call ""
                        call a
                        call b)",
                   {floats}),
            std::string(R"({
"v":2,
"model":"m.onnx",
"source":"tags",
"notes":[],
"evidence":)") + kEvidence +
                R"(,
"modules":{
"path":["","a","b"],
"class":["my.Net","my.A","my.B"],
"class_path":["/Net","/Net/A","/Net/B"],
"parent":[-1,0,0],
"calls":[1,1,1],
"called":[1,1,1],
"own_parameters":[0,2,0],
"parameters":[2,2,0],
"own_bytes":[0,8,0],
"bytes":[8,8,0],
"shares":[0,0,0]},
"unattributed":{
"nodes":1,
"parameters":0,
"bytes":0},
"all":{
"nodes":4,
"parameters":2,
"bytes":8},
"calls":{
"module":[0,1,2],
"parent":[-1,0,0]},
"graphs":{
"place":["","/2:then_branch"],
"first":[0,3],
"count":[3,1],
"parent":[-1,2],
"in":[[0,1],[]],
"out":[[5],[6]]},
"operators":["Mul","my.Gelu","If","Neg"],
"nodes":{
"name":["a","b","","root"],
"op":[0,1,2,3],
"module":[1,2,-1,0],
"call":[1,2,-1,0],
"evidence":[2,2,10,2],
"constant":[0,0,0,0],
"in":[[0,2],[3,-1],[1],[4]],
"out":[[3],[4],[5],[6]],
"attributes":[["alpha","0.5"],[],["then_branch","graph"],[]],
"reason":["","","",""]},
"also":{
"node":[0],
"module":[2],
"reason":["a name of the node speaks of it"]},
"types":["float[2]","?"],
"values":{
"name":["x","c","w","h","i","y","t"],
"type":[0,1,1,1,1,1,1]},
"weights":{
"value":[2],
"elements":[2],
"bytes":[8]},
"metrics":[],
"marks":[]
}
)");
}

TEST(ViewJson, NamesMayHoldAnything) {
  ViewData data;
  data.model = "</script>\"\\\n\x01";
  data.modules.emplace_back().path = "\xff\xed\xa0\x80";  // No UTF-8; half of a surrogate pair.
  const std::string json = ToJson(data);
  EXPECT_NE(json.find(R"("model":"</script>\"\\\n\u0001")"), std::string::npos) << json;
  EXPECT_NE(json.find("\"path\":[\"\xef\xbf\xbd"), std::string::npos) << json;
  EXPECT_EQ(json.find('\xff'), std::string::npos);
}

TEST(ViewJson, UnknownIsNull) {
  ViewData data;
  data.modules.emplace_back().total.parameters.reset();
  data.metrics.push_back({"macs", "MACs", "", {1.5, absl::nullopt}});
  data.marks.push_back({"k", "t", {"a", "b"}, {1, 0}});
  const std::string json = ToJson(data);
  EXPECT_NE(json.find("\n\"marks\":[{\"key\":\"k\",\"of_nodes\":[1,0],\"title\":\"t\",\"words\":["
                      "\"a\",\"b\"]}]"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find("\n\"calls\":[null],"), std::string::npos) << json;
  EXPECT_NE(json.find("\n\"parameters\":[null],"), std::string::npos) << json;
  EXPECT_NE(
      json.find("{\"key\":\"macs\",\"of_nodes\":[1.5,null],\"title\":\"MACs\",\"unit\":\"\"}"),
      std::string::npos)
      << json;
}

}  // namespace
}  // namespace modelexport
