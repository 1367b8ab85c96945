#include "modelexport/onnx/model_index.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/index_text.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/recording_source.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

using testing::GroupBytes;
using testing::Hex;
using testing::MessageBytes;
using testing::Model;
using testing::ToText;

// The index of `bytes` as text, or the error.
std::string Indexed(const std::string& bytes, std::vector<std::string> load = {}) {
  const auto source = BytesInMemory(bytes, "test");
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {std::move(load)});
  return index.ok() ? ToText(*index) : std::string(index.status().message());
}

constexpr absl::string_view kNested = R"(
  main (x) => (y) {
    a = First (x)
    y = If (a) <
      then_branch = yes (i) => (t) {
        b = Inner (x)
        t = Loop (b) <body = deep () => () { = Deepest () }>
      },
      else_branch = no () => (e) <float[2] w = {1, 2}> { e = Other (w) }
    >
    = Switch <cases = [c0 () => () {}, c1 () => () { = C1 () }, c2 () => () { = C2 () = C2b () }]> ()
    = Last ()
  }
  <domain: "d"> f (p) => (q) { q = If (p) <then_branch = in_f () => () { = InF () }> }
)";

TEST(ModelIndex, GraphsAndNodesStandInTheOrderPromised) {
  EXPECT_EQ(Indexed(Model(kNested)),
            "model ir_version 10\n"
            "graph 0 main \"main\" (x) => (y): nodes 0-4\n"
            "graph 1 function \"d\" \"f\" (p) => (q): nodes 4-5\n"
            "graph 2 body \"then_branch\" of node 1, depth 1 \"yes\" (i) => (t): nodes 5-7\n"
            "graph 3 body \"else_branch\" of node 1, depth 1 \"no\" () => (e): nodes 7-8, "
            "tensors 0-1\n"
            "graph 4 body \"cases\":0 of node 2, depth 1 \"c0\" () => ()\n"
            "graph 5 body \"cases\":1 of node 2, depth 1 \"c1\" () => (): nodes 8-9\n"
            "graph 6 body \"cases\":2 of node 2, depth 1 \"c2\" () => (): nodes 9-11\n"
            "graph 7 body \"then_branch\" of node 4, depth 1 \"in_f\" () => (): nodes 11-12\n"
            "graph 8 body \"body\" of node 6, depth 2 \"deep\" () => (): nodes 12-13\n"
            "node 0 First (x) => (a)\n"
            "node 1 If (a) => (y)\n"
            "node 2 Switch () => ()\n"
            "node 3 Last () => ()\n"
            "node 4 If (p) => (q)\n"
            "node 5 Inner (x) => (b)\n"
            "node 6 Loop (b) => (t)\n"
            "node 7 Other (w) => (e)\n"
            "node 8 C1 () => ()\n"
            "node 9 C2 () => ()\n"
            "node 10 C2b () => ()\n"
            "node 11 InF () => ()\n"
            "node 12 Deepest () => ()\n"
            "tensor 0 initializer \"w\" 1[2] in graph 3\n");
}

TEST(ModelIndex, GraphsOfNodesAndNodesOfGraphs) {
  const auto source = BytesInMemory(Model(kNested));
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok());
  std::string graphs, bodies;
  for (size_t n = 0; n < index->nodes().size(); ++n) {
    absl::StrAppend(&graphs, index->graph_of(NodeId(n)).index(), " ");
    for (const GraphRecord& body : index->bodies(NodeId(n))) {
      absl::StrAppend(&bodies, n, ":", index->id_of(body).index(), " ");
    }
  }
  EXPECT_EQ(graphs, "0 0 0 0 1 2 2 3 5 6 6 7 8 ");
  EXPECT_EQ(bodies, "1:2 1:3 2:4 2:5 2:6 4:7 6:8 ");
}

// Each range must hold what protobuf finds there.
TEST(ModelIndex, RangesHoldTheMessages) {
  const std::string bytes = Model(kNested);
  const auto source = BytesInMemory(bytes);
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok());
  const auto content = [&bytes](Range range) { return bytes.substr(range.begin, range.size()); };
  for (const NodeRecord& record : index->nodes()) {
    onnx::NodeProto node;
    ASSERT_TRUE(node.ParseFromString(content(record.range.content())));
    EXPECT_EQ(node.op_type(), index->text(record.op_type));
  }
  for (const GraphRecord& record : index->graphs()) {
    if (record.kind == GraphRecord::Kind::kFunction) continue;
    onnx::GraphProto graph;
    ASSERT_TRUE(graph.ParseFromString(content(record.range.content())));
    EXPECT_EQ(graph.name(), index->text(record.name));
    if (record.kind == GraphRecord::Kind::kMain) continue;
    onnx::AttributeProto attribute;
    ASSERT_TRUE(attribute.ParseFromString(content(record.attribute.content())));
    EXPECT_EQ(attribute.name(), index->text(record.attribute_name));
    EXPECT_EQ((record.position < 0 ? attribute.g() : attribute.graphs(record.position)).name(),
              graph.name());
  }
  onnx::TensorProto tensor;
  ASSERT_TRUE(tensor.ParseFromString(content(index->tensors()[0].range)));
  EXPECT_EQ(tensor.name(), "w");
  EXPECT_EQ(content(index->ir_version()->range), Hex("08 0a"));
}

TEST(ModelIndex, NamesOperandsAndMetadata) {
  EXPECT_EQ(
      Indexed(Model(R"(
    <ir_version: 9, metadata_props: ["k": "m", "seen": "2"]>
    main (float[2] x, z) => (y, x) {
      ["same"] a, "", b = d.e.Op:over (x, "", x) {k: "v", other: "w", k: "", "": "x"}
      [same] y = Relu (a)
    }
    <domain: "d.e", overload: "over"> Op (p, q) => () {}
    <overload: "alone"> Op () => (r) {})"),
              {"k", "absent"}),
      "model ir_version 9, metadata \"k\"=\"m\" \"seen\"\n"
      "graph 0 main \"main\" (x, z) => (y, x): nodes 0-2\n"
      "graph 1 function \"d.e\" \"Op\" \"over\" (p, q) => ()\n"
      "graph 2 function \"\" \"Op\" \"alone\" () => (r)\n"
      "node 0 \"same\" d.e.Op:over (x, , x) => (a, , b) \"k\"=\"v\" \"other\" \"k\"=\"\" \"\"\n"
      "node 1 \"same\" Relu (a) => (y)\n");
}

TEST(ModelIndex, EntriesWithoutKeyOrValueAndTheirRanges) {
  const std::string bytes = Model("main () => () { = F () {k: \"value\", empty: \"\"} }");
  const auto source = BytesInMemory(bytes);
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok());
  const absl::Span<const MetadataEntry> entries = index->metadata(NodeId(0));
  ASSERT_EQ(entries.size(), 2);
  EXPECT_EQ(*source->ReadString(entries[0].range.whole()),
            Hex("4a 0a 0a 01") + "k" + Hex("12 05") + "value");
  EXPECT_EQ(entries[0].range.key_size, 1);
  EXPECT_EQ(entries[0].range.length_size, 1);
  EXPECT_FALSE(entries[0].loaded.valid());

  MessageBytes graph, node;
  node.Bytes(node_proto::kMetadata, "");
  node.Bytes(node_proto::kMetadata, Hex("0a 01") + "k");
  node.Bytes(node_proto::kMetadata, Hex("12 01") + "v");
  graph.Bytes(graph_proto::kNode, node.Serialized());
  MessageBytes model;
  model.Bytes(model_proto::kGraph, graph.Serialized());
  EXPECT_EQ(Indexed(model.Serialized(), {"k", ""}),
            "model\ngraph 0 main \"\" () => (): nodes 0-1\n"
            "node 0  () => () \"\"=\"\" \"k\"=\"\" \"\"=\"v\"\n");
}

TEST(ModelIndex, TensorsOfEveryKind) {
  EXPECT_EQ(Indexed(Model(R"(
    main (float[1] given = {1}) => () <
      float[2, 3] w = {0.5, ...},
      int64 scalar = data {7},
      sparse double[9] s = {1, 2} at {3, 4},
      float[8] far = ["offset": "4", "location": "w.bin", "length": "32"],
      string[1] text = {"t"}
    > {
      = F <one = float[1] {1}, list = [int64 {2}, int64[0] {}], sp = sparse bool[3] {1} at {2},
           far = uint8[5] ["location": "w.bin"]> ()
    })")),
            "model ir_version 10\n"
            "graph 0 main \"main\" (given) => (): nodes 0-1, tensors 0-13\n"
            "node 0 F () => ()\n"
            "tensor 0 attribute \"\" 1[1] in graph 0, node 0\n"
            "tensor 1 attribute \"\" 7[] in graph 0, node 0\n"
            "tensor 2 attribute \"\" 7[0] in graph 0, node 0\n"
            "tensor 3 attribute \"\" 9[1] in graph 0, node 0\n"
            "tensor 4 attribute \"\" 7[1] in graph 0, node 0\n"
            "tensor 5 attribute \"\" 2[5] in graph 0, node 0, external \"w.bin\"\n"
            "tensor 6 initializer \"given\" 1[1] in graph 0\n"
            "tensor 7 initializer \"w\" 1[2, 3] in graph 0\n"
            "tensor 8 initializer \"scalar\" 7[] in graph 0\n"
            "tensor 9 initializer \"far\" 1[8] in graph 0, external \"w.bin\"\n"
            "tensor 10 initializer \"text\" 8[1] in graph 0\n"
            "tensor 11 sparse \"s\" 11[2] in graph 0\n"
            "tensor 12 attribute \"\" 7[2] in graph 0\n");
}

// The location alone, or EXTERNAL alone, is a tensor that says one thing and means another.
TEST(ModelIndex, OnlyTensorsDeclaredExternalAre) {
  onnx::ModelProto model;
  onnx::TensorProto* tensor = model.mutable_graph()->add_initializer();
  tensor->add_external_data()->set_key("location");
  tensor->mutable_external_data(0)->set_value("w.bin");
  model.mutable_graph()->add_initializer()->set_data_location(onnx::TensorProto::EXTERNAL);
  *model.mutable_graph()->add_initializer() = *tensor;
  model.mutable_graph()->mutable_initializer(2)->set_data_location(onnx::TensorProto::DEFAULT);
  EXPECT_EQ(Indexed(model.SerializeAsString()),
            "model\ngraph 0 main \"\" () => (), tensors 0-3\n"
            "tensor 0 initializer \"\" 0[] in graph 0\n"
            "tensor 1 initializer \"\" 0[] in graph 0, external \"\"\n"
            "tensor 2 initializer \"\" 0[] in graph 0\n");
}

TEST(ModelIndex, DimsMayBePacked) {
  MessageBytes tensor, graph, model;
  tensor.Varint(tensor_proto::kDims, 2);
  tensor.Bytes(tensor_proto::kDims, Hex("03 96 01"));
  tensor.Varint(tensor_proto::kDims, 4);
  graph.Bytes(graph_proto::kInitializer, tensor.Serialized());
  model.Bytes(model_proto::kGraph, graph.Serialized());
  EXPECT_EQ(Indexed(model.Serialized()),
            "model\ngraph 0 main \"\" () => (), tensors 0-1\n"
            "tensor 0 initializer \"\" 0[2, 3, 150, 4] in graph 0\n");
}

// As protobuf reads them: of a scalar that repeats, the last counts.
TEST(ModelIndex, TheLastOfRepeatedScalarsWins) {
  MessageBytes node, graph, model;
  for (const absl::string_view text : {"first", "last"}) {
    for (const uint32_t number :
         {node_proto::kName, node_proto::kOpType, node_proto::kDomain, node_proto::kOverload}) {
      node.Bytes(number, absl::StrCat(text, number));
    }
    graph.Bytes(graph_proto::kName, text);
  }
  node.Bytes(node_proto::kMetadata,
             Hex("0a 01") + "j" + Hex("12 01") + "v" + Hex("0a 01") + "k" + Hex("12 01") + "w");
  graph.Bytes(graph_proto::kNode, node.Serialized());
  MessageBytes tensor;
  tensor.Varint(tensor_proto::kDataLocation, tensor_proto::kLocationExternal);
  tensor.Varint(tensor_proto::kDataLocation, 0);
  graph.Bytes(graph_proto::kInitializer, tensor.Serialized());
  model.Varint(model_proto::kIrVersion, 3);
  model.Varint(model_proto::kIrVersion, 8);
  model.Bytes(model_proto::kGraph, graph.Serialized());
  EXPECT_EQ(Indexed(model.Serialized(), {"k", "j"}),
            "model ir_version 8\n"
            "graph 0 main \"last\" () => (): nodes 0-1, tensors 0-1\n"
            "node 0 \"last3\" last7.last4:last8 () => () \"k\"=\"w\"\n"
            "tensor 0 initializer \"\" 0[] in graph 0\n");
}

TEST(ModelIndex, FieldsMayComeInAnyOrderAndBetweenEachOther) {
  const std::string node = Hex("0a 05 0a 01") + "x" + Hex("22 00");  // GraphProto.node
  const std::string named = Hex("12 01") + "g";                      // GraphProto.name
  std::string graph;
  AppendBytesField(model_proto::kGraph, node + named + node, &graph);
  const std::string metadata = Hex("72 03 0a 01") + "k";
  const std::string function = Hex("ca 01 07 0a 01") + "f" + Hex("3a 02 22 00");
  EXPECT_EQ(Indexed(metadata + function + graph + Hex("a2 01 00") + Hex("08 07") + metadata),
            "model ir_version 7, metadata \"k\" \"k\", training_info 1\n"
            "graph 0 main \"g\" () => (): nodes 0-2\n"
            "graph 1 function \"\" \"f\" () => (): nodes 2-3\n"
            "node 0  (x) => ()\n"
            "node 1  (x) => ()\n"
            "node 2  () => ()\n");
}

TEST(ModelIndex, InputsOutputsAndTheNameOfANodeMayComeInAnyOrder) {
  const std::string node = Hex("12 01 61 0a 01 78 1a 01 6e 12 01 62 0a 01 79");
  std::string nodes, model;
  AppendBytesField(graph_proto::kNode, node, &nodes);
  AppendBytesField(graph_proto::kNode, Hex("0a 01 61"), &nodes);
  AppendBytesField(model_proto::kGraph, nodes, &model);
  EXPECT_EQ(Indexed(model),
            "model\ngraph 0 main \"\" () => (): nodes 0-2\n"
            "node 0 \"n\"  (x, y) => (a, b)\n"
            "node 1  (a) => ()\n");
}

TEST(ModelIndex, BodiesAreReadUntilTheDepthLimit) {
  const auto nested = [](uint32_t depth) {
    std::string text = "main () => () {";
    for (uint32_t i = 0; i < depth; ++i) text += " = If () <then_branch = g () => () {";
    for (uint32_t i = 0; i < depth; ++i) text += "}>";
    return Model(text + "}");
  };
  EXPECT_NE(Indexed(nested(kMaxGraphDepth)).find("depth 32"), std::string::npos);
  const std::string error = Indexed(nested(kMaxGraphDepth + 1));
  EXPECT_NE(error.find(": graphs nested over 32 deep"), std::string::npos) << error;
}

// Weights, attribute values, types, doc strings and metadata that nobody asked for stay unread.
TEST(ModelIndex, WhatIsNotNeededIsNotRead) {
  constexpr size_t kLarge = 1 << 20;
  const std::string large(kLarge, 'w');
  onnx::ModelProto model;
  onnx::GraphProto* graph = model.mutable_graph();
  model.set_doc_string(large);
  graph->set_doc_string(large);
  graph->add_input()->set_name("x");
  graph->mutable_input(0)->set_doc_string(large);
  onnx::NodeProto* node = graph->add_node();
  node->add_input("w");
  node->set_doc_string(large);
  node->add_attribute()->set_s(large);
  node->add_attribute()->mutable_t()->set_raw_data(large);
  node->add_metadata_props()->set_key("stack");
  node->mutable_metadata_props(0)->set_value(large);
  graph->add_initializer()->set_name("w");
  graph->mutable_initializer(0)->set_raw_data(large);
  graph->add_initializer()->mutable_float_data()->Resize(kLarge / 4, 1);
  graph->add_initializer()->add_string_data(large);
  model.add_training_info()->mutable_algorithm()->set_doc_string(large);
  const testing::RecordingSource source(model.SerializeAsString());
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(source, {});
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_GT(source.size(), 11 * kLarge);
  EXPECT_LT(source.BytesRead(), 40 * 4096);
}

// Of `device_configurations` and whatever comes after it nothing is known.
TEST(ModelIndex, UnknownFieldsAndGroupsAnywhereAreCarriedAlong) {
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(Model(kNested)));
  const std::string before = Indexed(model.SerializeAsString());
  const std::string unknown =
      GroupBytes(99, GroupBytes(1, Hex("08 01 12 01 0c"))) + Hex("f8 07 05 fa 07 02 0a 05");
  onnx::GraphProto* graph = model.mutable_graph();
  onnx::AttributeProto* attribute = graph->mutable_node(1)->mutable_attribute(0);
  onnx::FunctionProto* function = model.mutable_functions(0);
  for (std::string* fields :
       {model.mutable_unknown_fields(), graph->mutable_unknown_fields(),
        graph->mutable_input(0)->mutable_unknown_fields(),
        graph->mutable_node(0)->mutable_unknown_fields(), attribute->mutable_unknown_fields(),
        attribute->mutable_g()->mutable_unknown_fields(),
        attribute->mutable_g()->mutable_node(0)->mutable_unknown_fields(),
        function->mutable_unknown_fields(), function->mutable_node(0)->mutable_unknown_fields()}) {
    *fields += unknown;
  }
  EXPECT_EQ(Indexed(model.SerializeAsString()), before);
}

}  // namespace
}  // namespace modelexport
