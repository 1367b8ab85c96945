#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/tensors/tensor_matchers.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// A line for each candidate, as `#1 -> encoder.q call 0 (by content reads "encoder.q.weight")`.
std::string Match(absl::string_view hierarchy_lines, absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const TextGraph graph(model);
  const MatchContext context(graph.view(), hierarchy);
  const FingerprintMatcher matcher;
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

constexpr absl::string_view kModules = R"(
  ""           my.Model
  encoder      my.Encoder
  encoder.q    torch.nn.modules.linear.Linear
  encoder.k    torch.nn.modules.linear.Linear
  tensor encoder.q.weight float32[2,2] = 1 2 3 4
  tensor encoder.q.bias float32[2] = 1 2
  tensor encoder.k.weight float32[2,2] = 5 6 7 8
  tensor encoder.k.bias float32[2] = 1 2
)";

TEST(FingerprintMatcher, ANodeBelongsToTheModuleWhoseTensorItReads) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[2,2] "onnx::MatMul_149" = {1, 3, 2, 4}> {
      y = MatMul (x, "onnx::MatMul_149")
      z = Relu (y)
    })"),
            "#0 -> encoder.q (by content reads \"encoder.q.weight\")\n");
}

TEST(FingerprintMatcher, SaysNothingWhereNamesDo) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[2,2] encoder.q.weight = {1, 2, 3, 4}> {
      y = MatMul (x, encoder.q.weight)
    })"),
            "");
}

TEST(FingerprintMatcher, WhatCarriesATensorBelongsWithIt) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[2,2] w = {1, 2, 3, 4}> {
      t = Transpose (w)
      y = MatMul (x, t)
    })"),
            R"(#0 -> encoder.q (by content reads "encoder.q.weight")
#1 -> encoder.q (by content reads "encoder.q.weight")
)");
}

TEST(FingerprintMatcher, EqualTensorsProposeAllThatReadThem) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[2] b = {1, 2}> { y = Add (x, b) })"),
            R"(#0 -> encoder.q (by content reads "encoder.q.bias" or "encoder.k.bias")
#0 -> encoder.k (by content reads "encoder.q.bias" or "encoder.k.bias")
)");
}

TEST(FingerprintMatcher, WhatElseANodeReadsTellsEqualTensorsApart) {
  constexpr absl::string_view kExpected =
      "#0 -> encoder.k (by content reads \"encoder.k.weight\", \"encoder.q.bias\" or "
      "\"encoder.k.bias\")\n";
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[2,2] w = {5, 6, 7, 8}, float[2] b = {1, 2}> { y = Gemm (x, w, b) })"),
            kExpected);
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[2,2] encoder.k.weight = {5, 6, 7, 8}, float[2] b = {1, 2}> {
      y = Gemm (x, encoder.k.weight, b)
    })"),
            kExpected);
}

// Who reads it settles it; the carrier would only take part in the guessing.
TEST(FingerprintMatcher, ACarrierOfWhatSeveralReadIsLeftToTheFlowOfData) {
  EXPECT_EQ(Match(R"(
    ""      my.Model 1
    shared  torch.nn.Linear 2
    tensor shared.weight float32[2,2] = 1 2 3 4
    call ""
      call shared
      call shared
  )",
                  R"(
    main (x) => (y) <float[2,2] w = {1, 2, 3, 4}> {
      t = Identity (w)
      y = MatMul (x, t)
    })"),
            R"(#1 -> shared call 0 (by content reads "shared.weight")
#1 -> shared call 1 (by content reads "shared.weight")
)");
}

TEST(FingerprintMatcher, PartsOfDifferentModulesRestrictTheNode) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[2,4] qk = {1, 3, 5, 7, 2, 4, 6, 8}> { y = MatMul (x, qk) })"),
            "#0 -> within encoder (by content reads \"encoder.q.weight\", \"encoder.k.weight\", of "
            "which no one module is known to be the reader)\n");
}

// Both directions of an LSTM.
TEST(FingerprintMatcher, PartsOfOneModuleAreItsOwn) {
  EXPECT_EQ(Match(R"(
    ""    my.Model
    lstm  torch.nn.modules.rnn.LSTM
    tensor lstm.weight_ih_l0 float32[4,1] = 1 2 3 4
    tensor lstm.weight_ih_l0_reverse float32[4,1] = 5 6 7 9
  )",
                  R"(
    main (x) => (y) <float[2,4,1] w = {1, 3, 4, 2, 5, 7, 9, 6}> { y = LSTM (x, w) })"),
            "#0 -> lstm (by content reads \"lstm.weight_ih_l0\", \"lstm.weight_ih_l0_reverse\")\n");
}

TEST(FingerprintMatcher, TensorsOfUnrelatedModulesSayNothing) {
  EXPECT_EQ(Match(R"(
    ""  my.Model
    a   my.A
    b   my.B
    tensor a.w float32[2] = 1 2
    tensor b.w float32[2] = 3 4
  )",
                  R"(
    main (x) => (y) <float[2] v = {1, 2}, float[2] w = {3, 4}> { y = Fused (x, v, w) })"),
            "");
}

// So many modules, each with a tensor of ones.
std::string EqualLayers(int count) {
  std::string modules = "\"\" my.Model\nlayers my.Layers\n";
  for (int i = 0; i < count; ++i) {
    absl::StrAppend(&modules, "layers.", i, " my.Norm\n", "tensor layers.", i,
                    ".weight float32[2] = 1 1\n");
  }
  return modules;
}

TEST(FingerprintMatcher, TooManyEqualTensorsAreNotNamed) {
  EXPECT_EQ(
      Match(EqualLayers(257), "main (x) => (y) <float[2] w = {1, 1}> { y = Mul (x, w) }"),
      "fingerprint: 1 stored values, or parts of one, are like more than 256 tensors, or have "
      "the size and minimum of more than 2048 others; none was named\n");
}

// Each value would be compared with each tensor.
TEST(FingerprintMatcher, AMinimumThatTooManyShareNamesNone) {
  const auto match = [](int count) {
    std::string modules = "\"\" my.Model\n";
    for (int i = 0; i < count; ++i) {
      absl::StrAppend(&modules, "layers.", i, " my.Norm\n", "tensor layers.", i,
                      ".weight float32[2] = 1 ", i + 2, "\n");
    }
    return Match(modules, "main (x) => (y) <float[2] w = {1, 7}> { y = Mul (x, w) }");
  };
  EXPECT_EQ(match(2048), "#0 -> layers.5 (by content reads \"layers.5.weight\")\n");
  EXPECT_EQ(
      match(2049),
      "fingerprint: 1 stored values, or parts of one, are like more than 256 tensors, or have "
      "the size and minimum of more than 2048 others; none was named\n");
}

TEST(FingerprintMatcher, ManyEqualTensorsRestrictTheNode) {
  EXPECT_EQ(
      Match(EqualLayers(65), "main (x) => (y) <float[2] w = {1, 1}> { y = Mul (x, w) }"),
      "#0 -> within layers (by content reads \"layers.0.weight\" or \"layers.1.weight\" or "
      "\"layers.2.weight\" or 62 others, of which no one module is known to be the reader)\n"
      "fingerprint: 1 nodes hold tensors that more than 64 modules read; the common ancestor was "
      "taken\n");
}

// A weight that was normalised from the start stays as it was until it is trained: the folded
// result looks like the tensor that only the parametrisation reads.
TEST(FingerprintMatcher, WhatAParametrisationReadsMayBeWhatItMakes) {
  EXPECT_EQ(
      Match(R"(
    ""                           my.Model 1
    wn                           torch.nn.utils.parametrize.ParametrizedLinear 1
    wn.parametrizations          torch.nn.modules.container.ModuleDict 0
    wn.parametrizations.weight   torch.nn.utils.parametrize.ParametrizationList 1
    wn.parametrizations.weight.0 torch.nn.utils.parametrizations._WeightNorm 1
    tensor wn.parametrizations.weight.0.original float32[2] = 3 4
  )",
            "main (x) => (y) <float[2] w = {3, 4}> { y = Mul (x, w) }"),
      "#0 -> within wn (by content reads \"wn.parametrizations.weight.0.original\", of which no "
      "one module is known to be the reader)\n");
}

TEST(FingerprintMatcher, NotesWhatItCannotRead) {
  EXPECT_EQ(Match(kModules, R"(
    main (x) => (y) <float[2,2] w = ["location": "w.bin"]> { y = MatMul (x, w) })"),
            "fingerprint: \"w\" cannot be compared by content: external data of a model that is no "
            "file\n");
}

// What stronger evidence has named needs no weights to be read: here such as cannot be.
TEST(FingerprintMatcher, ReadsNothingForNodesThatAreSettled) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    ""      my.Model 1
    once    torch.nn.Linear 1
    shared  torch.nn.Linear 2
    tensor once.weight float32[2,2] = 1 2 3 4
    call ""
      call once
      call shared
      call shared
  )");
  const TextGraph graph(R"(
    main (x) => (y) <float[2,2] w = ["location": "w.bin"]> {
      t = Transpose (w)
      y = MatMul (x, t)
    })");
  const ModuleId once = hierarchy.FindModule("once");
  const ModuleId shared = hierarchy.FindModule("shared");
  const struct {
    std::vector<Candidate> candidates;
    bool settled;
  } kCases[] = {
      {{}, false},
      {{{NodeId(1), once, CallId()}}, true},
      {{{NodeId(0), once, CallId()}}, false},
      {{{NodeId(1), once, CallId(), false}}, false},
      {{{NodeId(1), shared, CallId()}}, false},
      {{{NodeId(1), shared, CallId(2)}}, true},
      {{{NodeId(0), once, CallId()}, {NodeId(1), once, CallId()}}, true},
  };
  for (const auto& [candidates, settled] : kCases) {
    const MatchContext context = MatchContext(graph.view(), hierarchy).WithSettled(candidates);
    EXPECT_EQ(FingerprintMatcher().Match(context).notes.empty(), settled) << candidates.size();
  }
}

TEST(FingerprintMatcher, OffersWhatItFound) {
  const Hierarchy hierarchy = HierarchyOf(kModules);
  const TextGraph graph(R"(
    main (x) => (y) <float[2,2] w = {1, 2, 3, 4}, float[2,2] other = {0, ...}> {
      y = Fused (x, w, other)
    })");
  const MatchResult result = FingerprintMatcher().Match({graph.view(), hierarchy});
  EXPECT_EQ(result.offer.offered, 1u);
  EXPECT_EQ(result.offer.resolved, 1u);
}

}  // namespace
}  // namespace modelexport
