#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/tensors/tensor_matchers.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// A line for each candidate, as `#1 -> encoder.q call 0 (reads "encoder.q.weight")`.
std::string Match(const Hierarchy& hierarchy, absl::string_view model) {
  const TextGraph graph(model);
  const MatchContext context{graph.view(), hierarchy};
  const ParameterMatcher matcher;
  const MatchResult result = matcher.Match(context);
  std::string text;
  for (const Candidate& candidate : result.candidates) {
    const absl::string_view path = hierarchy.module(candidate.module).path;
    absl::StrAppend(&text, graph.view().Place(candidate.node), " -> ",
                    candidate.exact ? "" : "within ", path.empty() ? "." : path);
    if (candidate.call.valid()) {
      absl::StrAppend(&text, " call ", hierarchy.call(candidate.call).ordinal);
    }
    absl::StrAppend(&text, " (", matcher.Reason(context, candidate), ")\n");
  }
  for (const std::string& note : result.notes) absl::StrAppend(&text, note, "\n");
  return text;
}

std::string Match(absl::string_view hierarchy_lines, absl::string_view model) {
  return Match(HierarchyOf(hierarchy_lines), model);
}

constexpr absl::string_view kModules = R"(
  ""           my.Model
  encoder      my.Encoder
  encoder.q    torch.nn.modules.linear.Linear
  encoder.k    torch.nn.modules.linear.Linear
  tensor encoder.q.weight float32[4,4]
  tensor encoder.q.bias float32[4]
  tensor encoder.k.weight float32[4,4]
)";

TEST(ParameterMatcher, ASparseInitializerIsATensorLikeOthers) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <sparse float[16] encoder.q.weight = {1, 2} at {3, 7},
                     sparse float[4] other = {1} at {1}> {
      y = MatMul (x, encoder.q.weight)
      z = Add (y, other)
    })"),
            "#0 -> encoder.q (reads \"encoder.q.weight\")\n");
}

TEST(ParameterMatcher, ANodeBelongsToTheModuleWhoseTensorItReads) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (z) <float[4,4] encoder.q.weight = {1, ...}, float[4] encoder.q.bias = {1, ...}> {
      y = MatMul (x, encoder.q.weight)
      a = Add (y, encoder.q.bias)
      z = Relu (a)
    })"),
            R"(#0 -> encoder.q (reads "encoder.q.weight")
#1 -> encoder.q (reads "encoder.q.bias")
)");
}

TEST(ParameterMatcher, ATensorMayBeAnInputOfTheModel) {
  EXPECT_EQ(Match(kModules, R"(
    main (x, float[4,4] net.encoder.q.weight) => (y) <float[4] net.encoder.q.bias = {1, ...}> {
      t = Transpose (net.encoder.q.weight)
      y = Gemm (x, t, net.encoder.q.bias)
    })"),
            R"(#0 -> encoder.q (reads "encoder.q.weight")
#1 -> encoder.q (reads "encoder.q.weight" "encoder.q.bias")
parameter: the file's names begin with "net", a wrapper that the hierarchy does not have
)");
}

TEST(ParameterMatcher, WithoutTensorsNamesBeginWithModules) {
  EXPECT_EQ(Match(R"(
    ""           my.Model
    encoder      my.Encoder
    encoder.q    torch.nn.modules.linear.Linear
    encoder.k    torch.nn.modules.linear.Linear
    list         torch.nn.modules.container.ModuleList
  )",
                  R"(
    main (x, float[4] list.scale) => (z) <float[4,4] encoder.q.weight_quantized = {1, ...},
                     float[4] encoder.k.bias = {1, ...}, float[4] other.bias = {1, ...}> {
      t = Transpose (encoder.q.weight_quantized)
      y = Gemm (x, t)
      a = Gemm (y, t, encoder.k.bias)
      b = Add (a, list.scale)
      z = Add (b, other.bias)
    })"),
            R"(#0 -> encoder.q (reads "encoder.q.weight_quantized")
#1 -> encoder.q (reads "encoder.q.weight_quantized")
#2 -> within encoder (reads parameters of different modules: "encoder.q.weight_quantized" "encoder.k.bias")
#3 -> . (reads "list.scale")
)");
}

// Exporters transpose a linear layer's weight, which then has another name.
TEST(ParameterMatcher, WithoutTensorsAMatrixIsThatOfTheBiasAddedNext) {
  constexpr absl::string_view kLinear = R"(
    ""  my.Model
    q   torch.nn.modules.linear.Linear
    k   torch.nn.modules.linear.Linear
  )";
  EXPECT_EQ(Match(kLinear, R"(
    main (x) => (z) <float[4,4] val_1 = {1, ...}, float[4,4] val_2 = {1, ...},
                     float[4] q.bias = {1, ...}, float[4] k.bias = {1, ...},
                     float[4,4] k.weight = {1, ...}> {
      a = MatMul (x, val_1)
      b = Add (a, q.bias)
      c = MatMul (b, val_2)
      d = Add (c, k.bias)
      z = MatMul (d, k.weight)
    })"),
            R"(#0 -> q (its result gets the bias "q.bias")
#1 -> q (reads "q.bias")
#3 -> k (reads "k.bias")
#4 -> k (reads "k.weight")
)");
}

TEST(ParameterMatcher, SaysNothingAboutTensorsThatItDoesNotKnow) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[4,4] "onnx::MatMul_149" = {1, ...}> {
      y = MatMul (x, "onnx::MatMul_149")
    })"),
            "");
}

TEST(ParameterMatcher, FollowsWhatOnlyCarriesATensorOn) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[4,4] encoder.q.weight = {1, ...}> {
      t = Transpose (encoder.q.weight)
      q = QuantizeLinear (t, s)
      d = DequantizeLinear (q, s)
      y = MatMul (x, d)
    })"),
            R"(#0 -> encoder.q (reads "encoder.q.weight")
#1 -> encoder.q (reads "encoder.q.weight")
#2 -> encoder.q (reads "encoder.q.weight")
#3 -> encoder.q (reads "encoder.q.weight")
)");
}

// The TorchScript exporter keeps one of several equal tensors, and an Identity with the name of
// each other one.
TEST(ParameterMatcher, AnIdentityBearsTheNameOfTheTensorThatItReplaces) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (z) <float[4,4] encoder.q.weight = {1, ...}> {
      encoder.k.weight = Identity (encoder.q.weight)
      y = MatMul (x, encoder.q.weight)
      z = MatMul (y, encoder.k.weight)
    })"),
            R"(#0 -> encoder.k (reads "encoder.k.weight")
#1 -> encoder.q (reads "encoder.q.weight")
#2 -> encoder.k (reads "encoder.k.weight")
)");
}

TEST(ParameterMatcher, ATensorOfAModuleThatIsNeverCalledBelongsToTheOneAround) {
  EXPECT_EQ(Match(R"(
    ""             my.Model 1
    attn           torch.nn.MultiheadAttention 1
    attn.out_proj  torch.nn.Linear 0
    tensor attn.out_proj.weight float32[4,4]
    call ""
      call attn
  )",
                  R"(
    main (x) => (y) <float[4,4] attn.out_proj.weight = {1, ...}> {
      y = MatMul (x, attn.out_proj.weight)
    })"),
            "#0 -> attn call 0 (reads \"attn.out_proj.weight\")\n");
}

TEST(ParameterMatcher, EveryCallOfASharedModuleMayHaveReadItsTensor) {
  EXPECT_EQ(Match(R"(
    ""      my.Model 1
    shared  torch.nn.Linear 2
    tensor shared.weight float32[4,4]
    call ""
      call shared
      call shared
  )",
                  R"(
    main (x) => (z) <float[4,4] shared.weight = {1, ...}> {
      y = MatMul (x, shared.weight)
      z = MatMul (y, shared.weight)
    })"),
            R"(#0 -> shared call 0 (reads "shared.weight")
#0 -> shared call 1 (reads "shared.weight")
#1 -> shared call 0 (reads "shared.weight")
#1 -> shared call 1 (reads "shared.weight")
)");
}

// `ops` says that the head, not the owner alone, reads the tied weight.
TEST(ParameterMatcher, TheOperatorsOfTheRunTellWhoReadATiedTensor) {
  const auto hierarchy = ParseSidecar(R"({
    "schema": "modelexport.hierarchy", "version": 1,
    "modules": [{"path": "", "calls": 1}, {"path": "embed", "calls": 1},
                {"path": "head", "calls": 1}],
    "tensors": [{"name": "embed.weight", "aliases": ["head.weight"]}],
    "calls": [{"module": ""}, {"module": "embed", "parent": 0}, {"module": "head", "parent": 0}],
    "ops_source": "dispatch",
    "ops": [{"op": "aten.embedding.default", "call": 1, "reads": ["embed.weight", null]},
            {"op": "aten.mm.default", "call": 2, "reads": [0, "embed.weight"]}]})");
  ASSERT_TRUE(hierarchy.ok()) << hierarchy.status();
  EXPECT_EQ(Match(*hierarchy, R"(
    main (x) => (y) <float[4,4] head.weight = {1, ...}> { y = Gather (head.weight, x) })"),
            R"(#0 -> embed call 0 (reads "embed.weight")
#0 -> head call 0 (reads "embed.weight")
)");
}

TEST(ParameterMatcher, TensorsOfDifferentModulesRestrictTheNode) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[4,4] encoder.q.weight = {1, ...}, float[4,4] encoder.k.weight = {1, ...}>
    {
      y = Fused (x, encoder.q.weight, encoder.k.weight)
    })"),
            "#0 -> within encoder (reads tensors of different modules: \"encoder.q.weight\" "
            "\"encoder.k.weight\")\n");
}

TEST(ParameterMatcher, TensorsOfUnrelatedModulesSayNothing) {
  EXPECT_EQ(Match(R"(
    ""  my.Model
    a   my.A
    b   my.B
    tensor a.w float32[4]
    tensor b.w float32[4]
  )",
                  R"(
    main (x) => (y) <float[4] a.w = {1, ...}, float[4] b.w = {1, ...}> { y = Fused (x, a.w, b.w) })"),
            "");
}

// An optimiser has removed the Identity nodes: two norms read the tensor of the first, which alone
// would not read it twice.
TEST(ParameterMatcher, ATensorThatTooManyReadStandsForItsEquals) {
  const auto hierarchy = ParseSidecar(R"({
    "schema": "modelexport.hierarchy", "version": 1,
    "modules": [{"path": ""}, {"path": "a"}, {"path": "b"}, {"path": "c"}],
    "tensors": [
      {"name": "a.scale", "shape": [4], "stats": {"min": 1, "max": 1, "mean": 1, "l2": 2}},
      {"name": "b.scale", "shape": [4], "stats": {"min": 1, "max": 1, "mean": 1, "l2": 2}},
      {"name": "c.scale", "shape": [4], "stats": {"min": 1, "max": 2, "mean": 1.5, "l2": 3}}]})");
  ASSERT_TRUE(hierarchy.ok()) << hierarchy.status();
  EXPECT_EQ(Match(*hierarchy, R"(
    main (x) => (z) <float[4] a.scale = {1, ...}> { y = Mul (x, a.scale) z = Mul (y, a.scale) })"),
            R"(#0 -> a (reads "a.scale")
#0 -> b (reads "a.scale")
#1 -> a (reads "a.scale")
#1 -> b (reads "a.scale")
)");
  EXPECT_EQ(Match(*hierarchy, R"(
    main (x) => (y) <float[4] a.scale = {1, ...}> { y = Mul (x, a.scale) })"),
            "#0 -> a (reads \"a.scale\")\n");
}

TEST(ParameterMatcher, AlignsOneWrapper) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[4,4] model.encoder.q.weight = {1, ...}> {
      y = MatMul (x, model.encoder.q.weight)
    })"),
            R"(#0 -> encoder.q (reads "encoder.q.weight")
parameter: the file's names begin with "model", a wrapper that the hierarchy does not have
)");
}

TEST(ParameterMatcher, BodiesReadTensorsOfTheGraphAround) {
  EXPECT_EQ(Match(kModules, R"(
    main (c, x) => (y) <float[4,4] encoder.q.weight = {1, ...}> {
      y = If (c) <
        then_branch = yes () => (t) { t = MatMul (x, encoder.q.weight) },
        else_branch = no () => (e) { e = Relu (x) }
      >
    })"),
            "/0:then_branch#0 -> encoder.q (reads \"encoder.q.weight\")\n");
}

}  // namespace
}  // namespace modelexport
