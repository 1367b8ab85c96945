#include "modelexport/evidence/trace/operator_odds.h"

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/trace/operator_table.h"

namespace modelexport {
namespace {

constexpr absl::string_view kKinds[] = {"aten.linear.default", "aten.relu_.default",
                                        "aten.layer_norm.default", "aten.detach.default", "x.op1"};
constexpr absl::string_view kTypes[] = {"MatMul", "Gemm",       "Relu", "LayerNormalization",
                                        "Erf",    "FusedMatMul"};
constexpr uint32_t kKindCounts[] = {4, 4, 4, 4, 4};
constexpr uint32_t kTypeCounts[] = {4, 4, 4, 4, 4, 4};

OperatorOdds Odds() { return OperatorOdds(kKinds, kKindCounts, kTypes, kTypeCounts); }

TEST(OperatorTable, KnowsWhatExportersWrite) {
  const OperatorTable& table = OperatorTable::Get();
  EXPECT_NE(table.Find("layer_norm"), nullptr);
  EXPECT_EQ(table.Find("no_such_operator"), nullptr);
  EXPECT_GT(table.Information("Erf"), table.Information("Cast"));
  EXPECT_EQ(table.Information("NobodyWritesThis"), 1);
}

TEST(OperatorOdds, WhatExportersWriteIsLikelier) {
  const OperatorOdds odds = Odds();
  for (uint32_t other : {2u, 3u, 4u}) {
    EXPECT_GT(odds.of(0, 0), odds.of(0, other));
    EXPECT_GT(odds.of(0, 1), odds.of(0, other));
  }
  EXPECT_GT(odds.of(1, 2), odds.of(0, 2)) << "in place";
  EXPECT_GT(odds.of(2, 3), odds.of(0, 3)) << "by name";
  EXPECT_GT(odds.of(0, 5), odds.of(1, 5)) << "fused";
}

// The operators of a tagged model: their own kind comes first, then what tools make of it.
TEST(OperatorOdds, OperatorsOfOnnxBecomeThemselvesOrWhatToolsMakeOfThem) {
  constexpr absl::string_view kNodes[] = {"onnx.MatMul", "onnx.Relu", "onnx.Mystery"};
  constexpr absl::string_view kMade[] = {"MatMul", "FusedMatMul", "Mul", "Relu", "Mystery", "Exp"};
  constexpr uint32_t kNodeCounts[] = {4, 4, 4};
  const OperatorOdds odds(kNodes, kNodeCounts, kMade, kTypeCounts);
  for (uint32_t type : {0u, 1u}) {
    EXPECT_GT(odds.of(0, type), odds.of(0, 2)) << "it, and the scaling behind it";
    EXPECT_GT(odds.of(0, type), odds.of(1, type));
  }
  EXPECT_GT(odds.of(0, 2), odds.of(1, 2));
  EXPECT_GT(odds.of(1, 3), odds.of(0, 3));
  EXPECT_GT(odds.of(2, 4), odds.of(0, 4)) << "an operator of nobody's table";
}

TEST(OperatorOdds, LieWithinTheirBounds) {
  const OperatorOdds odds = Odds();
  for (uint32_t kind = 0; kind < 5; ++kind) {
    EXPECT_GE(odds.skip_cost(kind), 0);
    for (uint32_t type = 0; type < 6; ++type) {
      EXPECT_GE(odds.of(kind, type), OperatorOdds::kLeast);
      EXPECT_LE(odds.of(kind, type), OperatorOdds::kMost);
      EXPECT_EQ(odds.of(kind, type), odds.of_type(type)[kind]);
    }
  }
  EXPECT_GT(odds.skip_cost(2), odds.skip_cost(3)) << "detach leaves no node";
}

TEST(OperatorOdds, KnowWhatExportersWriteForAKind) {
  const OperatorOdds odds = Odds();
  EXPECT_TRUE(odds.Explains(0, 1)) << "linear, Gemm";
  EXPECT_FALSE(odds.Explains(0, 3)) << "linear, LayerNormalization";
  EXPECT_FALSE(odds.Explains(4, 3)) << "an operator of nobody's table";
}

// A line for each kind: its odds by type, and after the bar its skip cost.
std::string Table(const OperatorOdds& odds) {
  std::string text;
  for (uint32_t kind = 0; kind < 5; ++kind) {
    for (uint32_t type = 0; type < 6; ++type) {
      absl::StrAppendFormat(&text, "%6.3f ", odds.of(kind, type));
    }
    absl::StrAppendFormat(&text, "| %.3f\n", odds.skip_cost(kind));
  }
  return text;
}

// With every constant in it: whoever changes one on purpose scores the corpus (CONTRIBUTING.md).
TEST(OperatorOdds, AreTheseNumbers) {
  OperatorOdds odds = Odds();
  EXPECT_EQ(Table(odds),
            "-0.476 -0.399 -3.586 -3.586 -0.956 -0.476 | 0.266\n"
            "-1.290 -1.377  1.319 -3.586 -0.956 -1.290 | 1.151\n"
            "-1.290 -1.377 -3.586  1.309 -0.956 -1.290 | 1.151\n"
            "-3.337 -3.403 -4.000 -4.000 -3.069 -3.337 | 0.081\n"
            "-1.787 -1.787 -1.787 -1.787 -1.787 -1.787 | 0.458\n");
  std::vector<uint32_t> counts(30);
  counts[1 * 5 + 0] = 4;  // Four Gemm are images of linear, one is of layer_norm,
  counts[1 * 5 + 2] = 1;
  counts[3 * 5 + 2] = 3;
  counts[4 * 5 + 4] = 2;  // and two Erf of x.op1.
  odds.Learn(counts, {4, 0, 4, 0, 2});
  EXPECT_EQ(Table(odds),
            "-0.874  0.889 -3.842 -3.842 -1.349 -0.874 | 1.071\n"
            "-1.290 -1.377  1.319 -3.586 -0.956 -1.290 | 0.099\n"
            "-1.680 -0.405 -3.842  1.376 -1.349 -1.680 | 1.500\n"
            "-3.337 -3.403 -4.000 -4.000 -3.069 -3.337 | 0.015\n"
            "-2.428 -2.428 -2.428 -2.428  0.245 -2.428 | 0.367\n");
}

TEST(OperatorOdds, AnAlignmentTeachesWhatAnUnknownOperatorBecomes) {
  OperatorOdds odds = Odds();
  const float before = odds.of(4, 4);
  std::vector<uint32_t> counts(30);
  counts[4 * 5 + 4] = 20;  // Erf is an image of x.op1.
  odds.Learn(counts, {0, 0, 0, 0, 4});
  EXPECT_GT(odds.of(4, 4), before);
  EXPECT_GT(odds.of(4, 4), odds.of(4, 0));
}

}  // namespace
}  // namespace modelexport
