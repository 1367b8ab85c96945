#include "modelexport/onnx/declarations.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/recording_source.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

using testing::Hex;
using testing::MessageBytes;
using testing::Model;

absl::string_view Text(ValueRecord::Role role) {
  switch (role) {
    case ValueRecord::Role::kInput:
      return "input";
    case ValueRecord::Role::kOutput:
      return "output";
    case ValueRecord::Role::kValueInfo:
      break;
  }
  return "value_info";
}

// One line for each record. "-" is a name that the index does not have.
std::string Text(const ModelIndex& index, const Declarations& declared) {
  std::string out;
  for (size_t g = 0; g < index.graphs().size(); ++g) {
    absl::StrAppend(&out, "graph ", g, " imports");
    for (const OpsetImport& opset : declared.opset_imports(GraphId(g))) {
      absl::StrAppend(&out, " \"", opset.domain, "\":", opset.version);
    }
    out += "\n";
    for (const ValueRecord& value : declared.values(GraphId(g))) {
      const absl::StatusOr<ValueType> type = ReadValueType(index.source(), value);
      absl::StrAppend(&out, "  ", Text(value.role), " ",
                      value.name.valid() ? index.text(value.name) : "-", ": ",
                      type.ok() ? ToString(*type) : type.status().message(), "\n");
    }
    for (const InitializerRecord& initializer : declared.initializers(GraphId(g))) {
      absl::StrAppend(&out, "  initializer ", index.text(index.tensors()[initializer.tensor].name),
                      ": tensor ", initializer.tensor, "\n");
    }
  }
  return out;
}

std::string Declared(const std::string& bytes) {
  const auto source = BytesInMemory(bytes, "test");
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
  if (!index.ok()) return absl::StrCat("index: ", index.status().message());
  const absl::StatusOr<Declarations> declared = Declarations::Read(*index);
  return declared.ok() ? Text(*index, *declared) : std::string(declared.status().message());
}

constexpr absl::string_view kNested = R"(
  <ir_version: 10, opset_import: ["" : 20, "local" : 1]>
  main (float[N, 4] x, untyped, float[4] given = {1, ...}) => (float[N, ?] y)
      <float[N, 4] a, int64[2] w = {1, 2}, int64 nobody, sparse float[9] s = {1, 2} at {3, 4},
       int64[0] empty = {}> {
    a = Relu (x)
    c = Constant <value = float[1] {1}> ()
    y = If (a) <then_branch = yes () => (bool[] t) <float16[3] i, float[2] v = {1, 2}> {
      i = local.F (v)
      t = Loop (i) <body = deep (uint8[1] p) => (q) { q = G (p) }>
    }>
  }
  <domain: "local", opset_import: ["" : 18, "ai.onnx.ml" : 3]>
  F (p) => (q) { q = If (p) <then_branch = in_f (string z) => () { = H (z) }> })";

TEST(Declarations, OfEachGraph) {
  EXPECT_EQ(Declared(Model(kNested)),
            "graph 0 imports \"\":20 \"local\":1\n"
            "  input x: float[N, 4]\n"
            "  input untyped: ?\n"
            "  input given: float[4]\n"
            "  output y: float[N, ?]\n"
            "  value_info a: float[N, 4]\n"
            "  value_info -: int64\n"
            "  initializer given: tensor 1\n"
            "  initializer w: tensor 2\n"
            "  initializer empty: tensor 3\n"
            "  initializer s: tensor 4\n"
            "graph 1 imports \"\":18 \"ai.onnx.ml\":3\n"
            "graph 2 imports \"\":20 \"local\":1\n"
            "  output t: bool[]\n"
            "  value_info i: float16[3]\n"
            "  initializer v: tensor 6\n"
            "graph 3 imports \"\":18 \"ai.onnx.ml\":3\n"
            "  input z: string\n"
            "graph 4 imports \"\":20 \"local\":1\n"
            "  input p: uint8[1]\n"
            "  output q: ?\n");
}

TEST(Declarations, FunctionsMayHaveValueInfo) {
  onnx::ModelProto model;
  model.mutable_graph()->set_name("g");
  onnx::FunctionProto* function = model.add_functions();
  function->add_input("p");
  onnx::ValueInfoProto* value = function->add_value_info();
  value->set_name("p");
  value->mutable_type()->mutable_sequence_type()->mutable_elem_type()->mutable_tensor_type();
  EXPECT_EQ(Declared(model.SerializeAsString()),
            "graph 0 imports\n"
            "graph 1 imports\n"
            "  value_info p: seq(type0[])\n");
}

TEST(Declarations, RangesHoldTheFields) {
  const std::string bytes = Model(kNested);
  const auto source = BytesInMemory(bytes);
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok());
  const absl::StatusOr<Declarations> declared = Declarations::Read(*index);
  ASSERT_TRUE(declared.ok());
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(bytes));
  const auto whole = [&](Framed range) { return bytes.substr(range.begin, range.size); };
  const auto field = [](uint32_t number, const auto& message) {
    std::string field;
    AppendBytesField(number, message.SerializeAsString(), &field);
    return field;
  };
  const onnx::GraphProto& graph = model.graph();
  const auto values = declared->values(kMainGraph);
  EXPECT_EQ(whole(values[0].range), field(graph_proto::kInput, graph.input(0)));
  EXPECT_EQ(whole(values[3].range), field(graph_proto::kOutput, graph.output(0)));
  EXPECT_EQ(whole(values[4].range), field(graph_proto::kValueInfo, graph.value_info(0)));
  const auto initializers = declared->initializers(kMainGraph);
  EXPECT_EQ(whole(initializers[1].range), field(graph_proto::kInitializer, graph.initializer(1)));
  EXPECT_EQ(whole(initializers[3].range),
            field(graph_proto::kSparseInitializer, graph.sparse_initializer(0)));
  EXPECT_EQ(whole(declared->opset_imports(GraphId(4))[1].range),
            field(model_proto::kOpsetImport, model.opset_import(1)));
  EXPECT_EQ(whole(declared->opset_imports(GraphId(3))[0].range),
            field(function_proto::kOpsetImport, model.functions(0).opset_import(0)));
}

TEST(Declarations, OpsetVersions) {
  const auto version = [](absl::string_view imports, absl::string_view domain) {
    const auto source = BytesInMemory(
        Model(absl::StrCat("<ir_version: 10, opset_import: [", imports, "]> g () => () {}")));
    const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
    const auto found = Declarations::Read(*index)->opset_version(kMainGraph, domain);
    return found.has_value() ? absl::StrCat(*found) : "none";
  };
  EXPECT_EQ(version("\"\" : 20, \"ai.onnx.ml\" : 3", ""), "20");
  EXPECT_EQ(version("\"\" : 20, \"ai.onnx.ml\" : 3", "ai.onnx"), "20");
  EXPECT_EQ(version("\"\" : 20, \"ai.onnx.ml\" : 3", "ai.onnx.ml"), "3");
  EXPECT_EQ(version("\"ai.onnx\" : 20", ""), "20");
  EXPECT_EQ(version("\"\" : 20, \"ai.onnx\" : 21", ""), "21");
  EXPECT_EQ(version("\"ai.onnx.ml\" : 3", ""), "none");
}

std::string Within(uint32_t number, const std::string& content) {
  std::string bytes;
  AppendBytesField(number, content, &bytes);
  return bytes;
}

// A sparse initializer is in two messages; its parts may come in any order, or not at all.
TEST(Declarations, InitializersOfOddForms) {
  MessageBytes named;
  named.Bytes(tensor_proto::kName, "s");
  const std::string values = Within(sparse_tensor_proto::kValues, named.Serialized());
  const std::string indices = Within(sparse_tensor_proto::kIndices, "");
  const std::string graph =
      Within(graph_proto::kSparseInitializer, indices + values) +
      Within(graph_proto::kSparseInitializer, indices) + Within(graph_proto::kInitializer, "") +
      Within(graph_proto::kSparseInitializer, "") + Within(graph_proto::kSparseInitializer, values);
  EXPECT_EQ(Declared(Within(model_proto::kGraph, graph)),
            "graph 0 imports\n"
            "  initializer s: tensor 1\n"
            "  initializer : tensor 3\n"
            "  initializer s: tensor 4\n");
}

// As protobuf reads them: of a scalar that repeats, the last counts; messages are merged.
TEST(Declarations, FieldsThatRepeat) {
  const auto type = [](const std::string& tensor) {
    return Within(value_info_proto::kType, Within(type_proto::kTensor, tensor));
  };
  const std::string dim = Within(2, Within(1, Hex("08 02")));
  const std::string value = Within(value_info_proto::kName, "a") + type(Hex("08 01") + dim) +
                            Within(value_info_proto::kName, "x") + type(Hex("08 07") + dim);
  EXPECT_EQ(Declared(Within(model_proto::kOpsetImport,
                            Within(1, "a") + Hex("10 01") + Within(1, "b") + Hex("10 02")) +
                     Within(model_proto::kGraph, Within(graph_proto::kInput, value))),
            "graph 0 imports \"b\":2\n"
            "  input x: int64[2, 2]\n");
}

TEST(Declarations, AWrongWireTypeIsRefusedWithItsOffset) {
  const std::string fixed = Hex("01 00 00 00");
  const std::string graph = Within(model_proto::kGraph, "");
  EXPECT_EQ(Declared(graph + Hex("45") + fixed),
            "test: byte 2: ModelProto.opset_import has wire type 5, expected 2");
  EXPECT_EQ(Declared(graph + Within(model_proto::kOpsetImport, Hex("0d") + fixed)),
            "test: byte 4: OperatorSetIdProto.domain has wire type 5, expected 2");
  EXPECT_EQ(Declared(graph + Within(model_proto::kOpsetImport, Hex("15") + fixed)),
            "test: byte 4: OperatorSetIdProto.version has wire type 5, expected 0");
  EXPECT_EQ(Declared(Within(model_proto::kGraph, Hex("6d") + fixed)),
            "test: byte 2: GraphProto.value_info has wire type 5, expected 2");
  EXPECT_EQ(
      Declared(Within(model_proto::kGraph, Within(graph_proto::kValueInfo, Hex("0d") + fixed))),
      "test: byte 4: ValueInfoProto.name has wire type 5, expected 2");
  EXPECT_EQ(
      Declared(Within(model_proto::kGraph, Within(graph_proto::kValueInfo, Hex("15") + fixed))),
      "graph 0 imports\n"
      "  value_info : test: byte 4: a type has wire type 5, expected 2\n");
  EXPECT_EQ(Declared(graph + Within(model_proto::kFunctions, Hex("4d") + fixed)),
            "test: byte 5: FunctionProto.opset_import has wire type 5, expected 2");
  EXPECT_EQ(Declared(graph + Within(model_proto::kFunctions, Hex("65") + fixed)),
            "test: byte 5: FunctionProto.value_info has wire type 5, expected 2");
}

TEST(Declarations, EveryByteMayBeAnything) {
  const std::string bytes = Model(kNested);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string corrupt = bytes;
    for (const int value : {0x00, 0x01, 0x0A, 0x2A, 0x7F, 0x80, 0xFF}) {
      corrupt[i] = static_cast<char>(value);
      const std::string text = Declared(corrupt);
      EXPECT_TRUE(absl::StrContains(text, "test: byte ") ||
                  absl::StartsWith(text, "graph 0 imports"))
          << text;
    }
  }
}

TEST(Declarations, WeightsNodesAndDocStringsStayUnread) {
  constexpr size_t kLarge = 1 << 20;
  const std::string large(kLarge, 'w');
  onnx::ModelProto model;
  onnx::GraphProto* graph = model.mutable_graph();
  model.set_doc_string(large);
  graph->add_input()->set_name("x");
  graph->mutable_input(0)->set_doc_string(large);
  graph->add_node()->set_doc_string(large);
  graph->add_initializer()->set_raw_data(large);
  const testing::RecordingSource source(model.SerializeAsString());
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(source, {});
  ASSERT_TRUE(index.ok());
  const uint64_t before = source.BytesRead();
  ASSERT_TRUE(Declarations::Read(*index).ok());
  EXPECT_LT(source.BytesRead() - before, 16 * 4096);
}

TEST(Declarations, ReadErrorsArePassedOn) {
  testing::RecordingSource source(Model(kNested));
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(source, {});
  ASSERT_TRUE(index.ok());
  source.FailFrom(0);
  EXPECT_EQ(Declarations::Read(*index).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace modelexport
