#include "modelexport/testing/model_text.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/testing/dump_tags.h"
#include "modelexport/testing/proto_text.h"
#include "modelexport/testing/status_matchers.h"
#include "modelexport/testing/text_graph.h"
#include "onnx/onnx_pb.h"

namespace modelexport::testing {
namespace {

onnx::ModelProto Parsed(absl::string_view text) {
  onnx::ModelProto model;
  const std::string bytes = Model(text);
  EXPECT_TRUE(model.ParseFromString(bytes));
  EXPECT_EQ(model.SerializeAsString(), bytes) << "not as protobuf writes it";
  return model;
}

std::string NodeText(absl::string_view node) {
  const onnx::ModelProto model = Parsed(absl::StrCat("g () => () {", node, "}"));
  return ProtoText(model.graph().node(0));
}

std::string AttributeText(absl::string_view attribute) {
  const onnx::ModelProto model = Parsed(absl::StrCat("g () => () { = F <", attribute, "> () }"));
  return ProtoText(model.graph().node(0).attribute(0));
}

std::string InitializerText(absl::string_view value) {
  return ProtoText(Parsed(absl::StrCat("g () => () <", value, "> {}")).graph().initializer(0));
}

TEST(ModelText, TheExampleOfTheHeader) {
  const std::string bytes = Model(R"(
    main (float[1, 4] x) => (y) <float[4, 4] w = {0.5, ...}, float[4] b = {1, 2, 3, 4}> {
      [/encoder/MatMul] h = MatMul (x, w) {"pkg.torch.onnx.name_scopes": "['', 'encoder']"}
      h2 = Add (h, b)
      y = If (flag) <
        then_branch = yes () => (t) { t = Relu (h2) },
        else_branch = no () => (e) { e = local.Scale <alpha = 2.0> (h2) }
      >
    }
    <domain: "local">
    Scale <alpha> (a) => (c) { c = Mul <by: float = @alpha> (a) }
  )");
  EXPECT_EQ(DumpTags(bytes),
            "#0 MatMul pkg.torch.onnx.name_scopes=\"[\\'\\', \\'encoder\\']\"\n"
            "#1 Add\n"
            "#2 If\n"
            "/2:then_branch#0 Relu\n"
            "/2:else_branch#0 Scale\n"
            "function:local:Scale:#0 Mul\n");
}

TEST(ModelText, Nodes) {
  EXPECT_EQ(NodeText("y = Relu (x)"), R"(input: "x" output: "y" op_type: "Relu")");
  EXPECT_EQ(
      NodeText("[n] a, \"\", b = ai.onnx.ml.Op:v2 (x, \"\", onnx::Y_1) {k: \"1\", \"\": \"\"}"),
      R"(input: "x" input: "" input: "onnx::Y_1" output: "a" output: "" output: "b" )"
      R"(name: "n" op_type: "Op" domain: "ai.onnx.ml" overload: "v2" )"
      R"(metadata_props { key: "k" value: "1" } metadata_props { key: "" value: "" })");
  EXPECT_EQ(NodeText(R"(["a \"b\"\n"] "x-y" = F () # y = G ()
                       )"),
            R"(output: "x-y" name: "a \"b\"\n" op_type: "F")");
  EXPECT_EQ(NodeText("y = F (x) <i = 1>"),
            R"(input: "x" output: "y" op_type: "F" attribute { name: "i" i: 1 type: INT })");
}

TEST(ModelText, Attributes) {
  EXPECT_EQ(AttributeText("a = -3"), R"(name: "a" i: -3 type: INT)");
  EXPECT_EQ(AttributeText("a = 1.5e1"), R"(name: "a" f: 15 type: FLOAT)");
  EXPECT_EQ(AttributeText("a = -inf"), R"(name: "a" f: -inf type: FLOAT)");
  EXPECT_EQ(AttributeText("a: float = 2"), R"(name: "a" f: 2 type: FLOAT)");
  EXPECT_EQ(AttributeText("a = \"s\""), R"(name: "a" s: "s" type: STRING)");
  EXPECT_EQ(AttributeText("a = [1, 2]"), R"(name: "a" ints: 1 ints: 2 type: INTS)");
  EXPECT_EQ(AttributeText("a = [1.0, 2]"), R"(name: "a" floats: 1 floats: 2 type: FLOATS)");
  EXPECT_EQ(AttributeText("a = [\"s\"]"), R"(name: "a" strings: "s" type: STRINGS)");
  EXPECT_EQ(AttributeText("a: ints = []"), R"(name: "a" type: INTS)");
  EXPECT_EQ(AttributeText("a = int64[2] data {1, -2}"),
            R"(name: "a" t { dims: 2 data_type: 7 int64_data: 1 int64_data: -2 } type: TENSOR)");
  EXPECT_EQ(AttributeText("a = [float data {1}, float data {2}]"),
            R"(name: "a" tensors { data_type: 1 float_data: 1 } )"
            R"(tensors { data_type: 1 float_data: 2 } type: TENSORS)");
  EXPECT_EQ(AttributeText("a = g (x) => () {}"),
            R"(name: "a" g { name: "g" input { name: "x" } } type: GRAPH)");
  EXPECT_EQ(AttributeText("a = [g () => () {}, h () => () {}]"),
            R"(name: "a" graphs { name: "g" } graphs { name: "h" } type: GRAPHS)");
  EXPECT_EQ(AttributeText("a: ints = @b"), R"(name: "a" type: INTS ref_attr_name: "b")");
  EXPECT_EQ(AttributeText("a = sparse int8[9] data {1, 2} at {3, 7}"),
            R"(name: "a" type: SPARSE_TENSOR sparse_tensor { )"
            R"(values { dims: 2 data_type: 3 int32_data: 1 int32_data: 2 } )"
            R"(indices { dims: 2 data_type: 7 raw_data: "\003\000\000\000\000\000\000\000\007)"
            R"(\000\000\000\000\000\000\000" } dims: 9 })");
}

TEST(ModelText, Initializers) {
  EXPECT_EQ(InitializerText("int16[2] w = {1, -1}"),
            R"(dims: 2 data_type: 5 name: "w" raw_data: "\001\000\377\377")");
  EXPECT_EQ(InitializerText("uint8[2, 2] w = {1, 7, ...}"),
            R"(dims: 2 dims: 2 data_type: 2 name: "w" raw_data: "\001\007\007\007")");
  EXPECT_EQ(InitializerText("bool w = {...}"), R"(data_type: 9 name: "w" raw_data: "\000")");
  EXPECT_EQ(InitializerText("double[2] w = data {0.25, ...}"),
            R"(dims: 2 data_type: 11 name: "w" double_data: 0.25 double_data: 0.25)");
  EXPECT_EQ(InitializerText("int8[1] w = data {-1}"),
            R"(dims: 1 data_type: 3 int32_data: -1 name: "w")");
  EXPECT_EQ(InitializerText("uint32[1] w = data {7}"),
            R"(dims: 1 data_type: 12 name: "w" uint64_data: 7)");
  EXPECT_EQ(InitializerText("string[1] w = {\"s\"}"),
            R"(dims: 1 data_type: 8 string_data: "s" name: "w")");
  EXPECT_EQ(InitializerText("float[8] w = [\"location\": \"w.bin\", \"offset\": \"4\"]"),
            R"(dims: 8 data_type: 1 name: "w" )"
            R"(external_data { key: "location" value: "w.bin" } )"
            R"(external_data { key: "offset" value: "4" } data_location: EXTERNAL)");
}

TEST(ModelText, GraphsAndTheirValues) {
  EXPECT_EQ(
      ProtoText(Parsed(R"(
    g (float[2, N, ?] a, int64 b, c, uint8[1] d = {5}) => (float[] y)
      <float[3] inner, sparse uint8[4] s = {6} at {2}> {})")
                    .graph()),
      R"(name: "g" initializer { dims: 1 data_type: 2 name: "d" raw_data: "\005" } )"
      R"(input { name: "a" type { tensor_type { elem_type: 1 shape { )"
      R"(dim { dim_value: 2 } dim { dim_param: "N" } dim { } } } } } )"
      R"(input { name: "b" type { tensor_type { elem_type: 7 shape { } } } } )"
      R"(input { name: "c" } )"
      R"(input { name: "d" type { tensor_type { elem_type: 2 shape { dim { dim_value: 1 } } } } } )"
      R"(output { name: "y" type { tensor_type { elem_type: 1 } } } )"
      R"(value_info { name: "inner" type { tensor_type { elem_type: 1 shape { dim { dim_value: 3 } } } } } )"
      R"(sparse_initializer { values { dims: 1 data_type: 2 name: "s" raw_data: "\006" } )"
      R"(indices { dims: 1 data_type: 7 raw_data: "\002\000\000\000\000\000\000\000" } dims: 4 })");
}

TEST(ModelText, ModelsAndFunctions) {
  EXPECT_EQ(ProtoText(Parsed("g () => () {}")),
            R"(ir_version: 10 graph { name: "g" } opset_import { domain: "" version: 20 })");
  EXPECT_EQ(
      ProtoText(Parsed(R"(
    <metadata_props: ["k": "v"], ir_version: 8, producer_name: "p", producer_version: "1",
     domain: "d", model_version: 3, doc_string: "doc", opset_import: ["" : 18, "local" : 1]>
    g () => () {}
    <domain: "local", overload: "o", opset_import: ["" : 18], doc_string: "f's">
    f <a, b = 2> (x, y) => (z) { z = Add (x, y) }
    f () => () {})")),
      R"(ir_version: 8 producer_name: "p" producer_version: "1" domain: "d" model_version: 3 )"
      R"(doc_string: "doc" graph { name: "g" } )"
      R"(opset_import { domain: "" version: 18 } opset_import { domain: "local" version: 1 } )"
      R"(metadata_props { key: "k" value: "v" } )"
      R"(functions { name: "f" input: "x" input: "y" output: "z" attribute: "a" )"
      R"(node { input: "x" input: "y" output: "z" op_type: "Add" } doc_string: "f\'s" )"
      R"(opset_import { domain: "" version: 18 } domain: "local" )"
      R"(attribute_proto { name: "b" i: 2 type: INT } overload: "o" } )"
      R"(functions { name: "f" })");
}

TEST(ModelText, ErrorsNameTheLineAndWhatStandsThere) {
  const struct {
    absl::string_view text, error;
  } kCases[] = {
      {"", "line 1: expected a name, found the end"},
      {"g (x) => (y) {\n  y = Relu x\n}", "line 2: expected `(`, found `x`"},
      {"g () => ()\n# comment\n{ y Relu () }", "line 3: expected `,`, found `Relu () }`"},
      {"g () => () {", "expected a name, found the end"},
      {"g () => () {} {", "expected a name, found `{`"},
      {"g () => () { y = F <a = []> () }", "an empty list needs a type"},
      {"g () => () { y = F <a = @b> () }", "needs a type"},
      {"g () => () { y = F <a: thing = 1> () }", "no attribute has the type `thing`"},
      {"g () => () { y = F <a = [1, 2.5]> () }", "expected an integer"},
      {"g () => () { y = F () {\"a\": b} }", "expected a string in quotes, found `b} }`"},
      {"g () => () { y = F () {\"a\": \"b} }", "closing quote"},
      {"g () => () { y = F () {\"a\": \"\\q\"} }", "valid escapes"},
      {"g () => () <float[2] w = {1, 2, 3}> {}", "expected 2 values, not 3"},
      {"g () => () <float[2] w = {1}> {}", "expected 2 values, not 1"},
      {"g () => () <float[N] w = {1}> {}", "dimensions are numbers"},
      {"g () => () <w = {1}> {}", "expected a type"},
      {"g () => () <float[1] w = {x}> {}", "expected a number, found `x}> {}`"},
      {"<ir: 3> g () => () {}", "a model has no `ir`"},
      {"<ir_version: \"3\"> g () => () {}", "expected an integer"},
      {"g () => () {} <ir_version: 3> f () => () {}", "a function has no `ir_version`"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_THAT(ParseModelText(text), StatusIs(absl::StatusCode::kInvalidArgument, error)) << text;
  }
}

// A parser that goes on after an error could loop or read past the end.
TEST(ModelText, EveryPrefixOfAModelEndsWithAnAnswer) {
  const absl::string_view text = R"(<ir_version: 8, metadata_props: ["k": "v"]>
    g (float[2, N] a, uint8[1] d = {5, ...}) => (y) <sparse uint8[4] s = {6} at {2}> {
      ["n"] y, "" = d.F:o <a = 1.5, b = [h () => () {}], c: ints = @d> (x, "") {k: "v"} }
    <domain: "d"> f <a, b = 2> (x) => (z) { z = Add (x, x) })";
  EXPECT_THAT(ParseModelText(text), IsOk());
  for (size_t size = 0; size + 1 < text.size(); ++size) {
    ParseModelText(text.substr(0, size)).IgnoreError();
  }
}

TEST(DumpTags, KeysAreFilteredAndBodiesInListsAreNumbered) {
  const std::string bytes = Model(R"(
    <metadata_props: ["modelexport.version": "1", "other": "2"]>
    main () => () {
      = F () {other: "3", modelexport.module: "a\"\n"}
      = Branch <bodies = [one () => () { = G () }, two () => () { = H () = I () }]> ()
    })");
  EXPECT_EQ(DumpTags(bytes, "modelexport."),
            "model modelexport.version=\"1\"\n"
            "#0 F modelexport.module=\"a\\\"\\n\"\n"
            "#1 Branch\n"
            "/1:bodies:0#0 G\n"
            "/1:bodies:1#0 H\n"
            "/1:bodies:1#1 I\n");
}

TEST(TextGraph, HasIndexAndView) {
  const TextGraph graph("main (x) => (y) { y = Relu (x) {k: \"v\"} }", {"k"});
  EXPECT_EQ(graph.view().op_type(NodeId(0)), "Relu");
  EXPECT_EQ(graph.index().text(graph.index().metadata(NodeId(0))[0].loaded), "v");
}

}  // namespace
}  // namespace modelexport::testing
