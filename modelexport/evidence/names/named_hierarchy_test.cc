#include "modelexport/evidence/names/named_hierarchy.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

std::string Read(const ModelIndex& index) {
  const absl::StatusOr<Hierarchy> hierarchy = ReadHierarchyOfNames(index);
  return hierarchy.ok() ? ToText(*hierarchy) : std::string(hierarchy.status().message());
}

std::string Read(absl::string_view model) { return Read(TextGraph(model).index()); }

// The modules of a graph with nodes of these names, each of operator Op.
std::string ReadNodes(const std::vector<std::string>& names) {
  testing::MessageBytes graph;
  for (const std::string& name : names) {
    testing::MessageBytes node;
    node.Bytes(node_proto::kName, name);
    node.Bytes(node_proto::kOpType, "Op");
    graph.Bytes(graph_proto::kNode, node.Serialized());
  }
  testing::MessageBytes model;
  model.Bytes(model_proto::kGraph, graph.Serialized());
  const auto source = BytesInMemory(model.Serialized());
  const auto index = ModelIndex::Build(*source, {});
  return index.ok() ? Read(*index) : std::string(index.status().message());
}

// The segment of a module in a called container repeats that of the container.
TEST(NamedHierarchy, ScopesWithDoubledContainers) {
  EXPECT_EQ(Read(R"(main () => () {
    [/Add] a = Add ()
    [/encoder/layer.0/attn/MatMul] b = MatMul ()
    [/seq/seq.0/seq.0.1/conv/Conv] c = Conv ()
    [/encoder/layer.1/attn/MatMul] d = MatMul () })"),
            R"(module 0 ""
module 1 "encoder": parent 0
module 2 "encoder.layer": implied, parent 1
module 3 "encoder.layer.0": parent 2
module 4 "encoder.layer.0.attn": parent 3
module 5 "seq": parent 0
module 6 "seq.0": parent 5
module 7 "seq.0.1": parent 6
module 8 "seq.0.1.conv": parent 7
module 9 "encoder.layer.1": parent 2
module 10 "encoder.layer.1.attn": parent 9
)");
  EXPECT_EQ(Read("main () => () { [/0/Gemm] a = Gemm ()\n [/1/1.0/Relu] b = Relu () }"),
            "module 0 \"\"\n"
            "module 1 \"0\": parent 0\n"
            "module 2 \"1\": parent 0\n"
            "module 3 \"1.0\": parent 2\n");
}

// `layer` is called and has a list of its own that is also called `layer`.
TEST(NamedHierarchy, DottedNamesTellWhatOnlyLooksDoubled) {
  EXPECT_EQ(Read(R"(main () => () <float[1] layer.layer.0.bias = {1}> {
    [/layer/Add] a = Add ()
    [/layer/layer.0/Add] b = Add () })"),
            "module 0 \"\"\n"
            "module 1 \"layer\": parent 0\n"
            "module 2 \"layer.layer\": implied, parent 1\n"
            "module 3 \"layer.layer.0\": parent 2\n"
            "tensor 0 \"layer.layer.0.bias\":   [1], owner 3\n");
}

// A number is that of a repeated call where the name without it is there, unless there are scopes
// within, or tensors.
TEST(NamedHierarchy, RepeatedCalls) {
  EXPECT_EQ(Read(R"(main () => () <float[1] b.relu_1.slope = {1}> {
    [/a/relu/Relu] a = Relu ()
    [/a/relu_1/Relu] b = Relu ()
    [/a/relu_01/Relu] c = Relu ()
    [/a/conv_1/Conv] d = Conv ()
    [/b/relu/Relu] e = Relu ()
    [/b/relu_1/PRelu] f = PRelu (b.relu_1.slope)
    [/c/x/Add] g = Add ()
    [/c/x_1/act/Relu] h = Relu ()
    [/c/x_1_1/Add] i = Add () })"),
            R"(module 0 ""
module 1 "a": parent 0
module 2 "a.relu": parent 1
module 3 "a.relu_01": parent 1
module 4 "a.conv_1": parent 1
module 5 "b": parent 0
module 6 "b.relu": parent 5
module 7 "b.relu_1": parent 5
module 8 "c": parent 0
module 9 "c.x": parent 8
module 10 "c.x_1": parent 8
module 11 "c.x_1.act": parent 10
tensor 0 "b.relu_1.slope":   [1], owner 7
)");
}

// The exporter leaves the names of ModuleDicts out. What a scope reads tells, also through what
// tools insert, and also of the modules around.
TEST(NamedHierarchy, WhatTheExporterLeavesOut) {
  EXPECT_EQ(Read(R"(main (x) => () <float[1] d.a.lin.bias = {1}, float[1] e.b.bias = {1},
                                    float[1] e.b.bias_scale = {1}> {
    [/a/lin/MatMul] m = MatMul ()
    [/a/lin/Add] n = Add (m, d.a.lin.bias)
    [/a/Relu] o = Relu (n)
    q = DequantizeLinear (e.b.bias, e.b.bias_scale)
    [/b/Add] p = Add (o, q) })"),
            R"(module 0 ""
module 1 "d": implied, parent 0
module 2 "d.a": parent 1
module 3 "d.a.lin": parent 2
module 4 "e": implied, parent 0
module 5 "e.b": parent 4
tensor 0 "d.a.lin.bias":   [1], owner 3
tensor 1 "e.b.bias":   [1], owner 5
tensor 2 "e.b.bias_scale":   [1], owner 5
)");
}

// A module that is called from elsewhere. But equal tensors that a tool stores once say nothing.
TEST(NamedHierarchy, WhatIsReadElsewhere) {
  EXPECT_EQ(Read(R"(main () => () <float[1] enc.lin.bias = {1}, float[1] l.0.norm.bias = {1}> {
    [/dec/lin/Add] a = Add (enc.lin.bias)
    [/l.0/norm/Add] b = Add (l.0.norm.bias)
    [/l.1/norm/Add] c = Add (l.0.norm.bias) })"),
            R"(module 0 ""
module 1 "dec": parent 0
module 2 "enc": implied, parent 0
module 3 "enc.lin": parent 2
module 4 "l": implied, parent 0
module 5 "l.0": parent 4
module 6 "l.0.norm": parent 5
module 7 "l.1": parent 4
module 8 "l.1.norm": parent 7
tensor 0 "enc.lin.bias":   [1], owner 3
tensor 1 "l.0.norm.bias":   [1], owner 6
)");
}

// Of what tools make of names, no more is believed than what was a scope.
TEST(NamedHierarchy, NamesThatToolsMake) {
  EXPECT_EQ(Read(R"(main () => () {
    [/a/key/MatMul/MatMulAddFusion] a = Gemm ()
    [/a/key_1/MatMul] b = MatMul ()
    [/b/norm/Mul/LayerNormFusion/] c = LayerNormalization ()
    [/c/q/MatMul_quant] d = MatMulInteger ()
    [/x/MatMul_output_0_QuantizeLinear] e = QuantizeLinear ()
    [fused] /d/act/Relu_output_0 = FusedConv () })"),
            R"(module 0 ""
module 1 "a": parent 0
module 2 "a.key": parent 1
module 3 "b": parent 0
module 4 "b.norm": parent 3
module 5 "c": parent 0
module 6 "d": parent 0
module 7 "d.act": parent 6
)");
}

// Without scopes: what has only numbers for children is a list. Names with "/" or "::" are those of
// values. A list of parameters is no module of its own.
TEST(NamedHierarchy, DottedNamesAlone) {
  EXPECT_EQ(Read(R"(main () => () <float[1] enc.layer.0.q.weight = {1}, float[1] bias = {1},
    float[1] enc.layer.0.q.bias = {1}, float[1] enc.gains.3 = {1}, float[1] onnx::Mul_1.2 = {1},
    float[1] input.19 = {1}, float[1] enc.layer.1.q.weight = {1}, float[1] /a.b/c.d = {1}> {
    [node_linear] linear = Gemm (enc.layer.0.q.weight) })"),
            R"(module 0 ""
module 1 "enc": parent 0
module 2 "enc.layer": implied, parent 1
module 3 "enc.layer.0": parent 2
module 4 "enc.layer.0.q": parent 3
module 5 "enc.layer.1": parent 2
module 6 "enc.layer.1.q": parent 5
tensor 0 "enc.layer.0.q.weight":   [1], owner 4
tensor 1 "enc.layer.0.q.bias":   [1], owner 4
tensor 2 "enc.gains.3":   [1], owner 1
tensor 3 "enc.layer.1.q.weight":   [1], owner 6
)");
}

// A tied weight has the name of one of its modules. A weight that is read twice in one way is not.
TEST(NamedHierarchy, TensorsOfAnEmbeddingAndAProjection) {
  const std::string graph = R"(main (ids, h) => () <
    float[1] wte.weight = {1}, float[1] head.weight = {1}, float[1] wpe.weight = {1}> {
    [embedding] e = Gather (wte.weight, ids)
    [other] f = Gather (wte.weight, h)
    [position] p = Gather (wpe.weight, ids)
    [t] t = Transpose (%s)
    [index] g = Gather (h, wpe.weight) })";
  const std::string modules =
      "module 0 \"\"\nmodule 1 \"wte\": parent 0\nmodule 2 \"head\": parent 0\n"
      "module 3 \"wpe\": parent 0\n";
  const std::string wte = "tensor 0 \"wte.weight\":   [1], owner 1\n";
  EXPECT_EQ(Read(absl::StrReplaceAll(graph, {{"%s", "head.weight"}})),
            modules + wte + "tensor 1 \"head.weight\":   [1], owner 2\n");
  EXPECT_EQ(Read(absl::StrReplaceAll(graph, {{"%s", "wte.weight"}})),
            modules + "tensor 0 \"head.weight\":   [1], owner 2\n");
}

TEST(NamedHierarchy, BodiesCountToo) {
  EXPECT_EQ(Read(R"(main (c) => () {
    x = If <then_branch = t () => (y) <float[1] inner.bias = {1}> {
      [/branch/Relu] y = Relu () }> (c) })"),
            "module 0 \"\"\n"
            "module 1 \"branch\": parent 0\n"
            "module 2 \"inner\": parent 0\n"
            "tensor 0 \"inner.bias\":   [1], owner 2\n");
}

TEST(NamedHierarchy, NamesThatSayNothing) {
  const std::string nothing =
      "its names speak of no module: no node has a TorchScript scope, as \"/encoder/MatMul\", and "
      "no initializer the dotted name of a parameter, as \"encoder.weight\"";
  EXPECT_EQ(Read("main () => () {}"), nothing);
  EXPECT_EQ(Read("main () => () <float[1] bias = {1}> { [node_3] a = Add () }"), nothing);
  // A model without submodules.
  EXPECT_EQ(Read("main () => () { [/Add] a = Add () }"), "module 0 \"\"\n");
}

TEST(NamedHierarchy, HostileNames) {
  const std::string only_root = "module 0 \"\"\n";
  EXPECT_EQ(ReadNodes({"/a\n\"|\x01/Op"}), "module 0 \"\"\nmodule 1 \"a\n\"|\x01\": parent 0\n");
  EXPECT_EQ(ReadNodes({"/Op", "/\xFF/Op", "/\xC0\x80/Op", "/\xED\xA0\x80/Op"}), only_root);
  EXPECT_EQ(ReadNodes({"/Op", "/" + std::string(1 << 20, 'a') + "/Op"}), only_root);
  EXPECT_EQ(ReadNodes({"/Op", "//Op", "/a//b/Op", "/a//Op"}), only_root);
  // 256 segments, and one more.
  const std::string deep = absl::StrJoin(std::vector<std::string>(256, "a"), "/");
  EXPECT_EQ(ReadNodes({"/Op", "/" + deep + "/a/Op"}), only_root);
  EXPECT_NE(ReadNodes({"/Op", "/" + deep + "/Op"}).find("module 256 "), std::string::npos);
}

}  // namespace
}  // namespace modelexport
