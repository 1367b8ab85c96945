#include "modelexport/evidence/names/scope_name.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

std::string Shown(const absl::optional<absl::string_view>& scope) {
  return scope.has_value() ? absl::StrCat("/", *scope) : "none";
}

TEST(ScopeName, OfNodes) {
  struct {
    absl::string_view name, scope;
  } const kRows[] = {
      {"/Add", "/"},
      {"/Constant_2", "/"},
      {"/layer.0/q/MatMul", "/layer.0/q"},
      {"/layer.0/q/MatMul_1", "/layer.0/q"},
      {"/relu_1/Relu", "/relu_1"},
      // Without a scope the exporter writes operator and number; dynamo "node_" and the value.
      {"Identity_4", "none"},
      {"Constant_81", "none"},
      {"node_linear_2", "none"},
      {"", "none"},
      // Names of others, that only look alike.
      {"layer.0/q/MatMul", "none"},
      {"/", "none"},
      {"/layer.0/", "none"},
  };
  for (const auto& row : kRows) EXPECT_EQ(Shown(ScopeOfNodeName(row.name)), row.scope) << row.name;
}

TEST(ScopeName, ANodeThatIsNamedAfterItsOperator) {
  EXPECT_TRUE(NamesOperator("/layer.0/q/MatMul", "MatMul"));
  EXPECT_TRUE(NamesOperator("/layer.0/q/MatMul_12", "MatMul"));
  EXPECT_TRUE(NamesOperator("MatMul", "MatMul"));
  EXPECT_FALSE(NamesOperator("/layer.0/q/MatMul", "Gemm"));
  EXPECT_FALSE(NamesOperator("/layer.0/q/MatMul_1_quant", "MatMul"));
  EXPECT_FALSE(NamesOperator("/layer.0/q/MatMul_", "MatMul"));
  EXPECT_FALSE(NamesOperator("/layer.0/q/MatMulInteger", "MatMul"));
  EXPECT_FALSE(NamesOperator("/layer.0/MatMul/", "MatMul"));
  EXPECT_FALSE(NamesOperator("", "MatMul"));
}

TEST(ScopeName, OfValues) {
  struct {
    absl::string_view name, scope;
  } const kRows[] = {
      {"/Add_output_0", "/"},
      {"/layer.0/q/MatMul_1_output_0", "/layer.0/q"},
      {"/split/Split_output_12", "/split"},
      // A module may have the mark in its name: the last one counts.
      {"/my_output_1/Add_output_0", "/my_output_1"},
      {"/my_output_1/Add", "none"},
      {"/layer.0/q/MatMul", "none"},
      {"/Add_output_", "none"},
      {"/Add_output_x", "none"},
      {"/_output_0", "none"},
      {"onnx::Gather_115", "none"},
      {"x.15", "none"},
      {"output_0", "none"},
      {"Add_output_0", "none"},
      {"", "none"},
  };
  for (const auto& row : kRows) EXPECT_EQ(Shown(ScopeOfValueName(row.name)), row.scope) << row.name;
}

TEST(ScopeName, AValueThatIsNamedAfterARemovedNode) {
  EXPECT_TRUE(IsNamedAfterRemoved("/norm/Cast_output_0", "Add"));
  EXPECT_TRUE(IsNamedAfterRemoved("/norm/Identity_1_output_0", "Gather"));
  EXPECT_FALSE(IsNamedAfterRemoved("/norm/Cast_output_0", "Cast"));
  // A fused node that is named after the last of the nodes that it replaces.
  EXPECT_FALSE(IsNamedAfterRemoved("/norm/Add_output_0", "Gemm"));
  EXPECT_FALSE(IsNamedAfterRemoved("/norm/CastLike_output_0", "Add"));
  EXPECT_FALSE(IsNamedAfterRemoved("/norm/Cast", "Add"));
  EXPECT_FALSE(IsNamedAfterRemoved("", "Add"));
}

TEST(ScopeName, NumbersOfRepeatedCalls) {
  struct {
    absl::string_view segment, base;
    uint32_t number;
  } const kRows[] = {
      {"relu_1", "relu", 1},
      {"relu_1_2", "relu_1", 2},
      {"layer.0_12", "layer.0", 12},
      {"a__3", "a_", 3},
      {"x_4294967295", "x", 0xFFFFFFFF},
      {"relu", "none", 0},
      {"relu_", "none", 0},
      {"relu_a1", "none", 0},
      // The exporter counts from 1 and pads nothing.
      {"relu_0", "none", 0},
      {"relu_01", "none", 0},
      {"_1", "none", 0},
      {"", "none", 0},
      {"1", "none", 0},
      {"layer.0", "none", 0},
      {"x_4294967296", "none", 0},
      {"x_+1", "none", 0},
      {"x_-1", "none", 0},
  };
  for (const auto& row : kRows) {
    const absl::optional<NumberedSegment> cut = CutNumber(row.segment);
    EXPECT_EQ(cut.has_value() ? cut->base : "none", row.base) << row.segment;
    EXPECT_EQ(cut.has_value() ? cut->number : 0, row.number) << row.segment;
  }
}

TEST(ScopeName, SegmentsOfPaths) {
  struct {
    absl::string_view path, segment;
  } const kRows[] = {
      {"encoder.layer.0", "layer.0"},
      {"seq.0.0", "seq.0.0"},
      {"layer.0.attn", "attn"},
      {"par.x.0", "x.0"},
      {"encoder", "encoder"},
      {"1.0", "1.0"},
      {"0", "0"},
      {"", ""},
      {"a.b.10.2", "b.10.2"},
      // Digits in an atom do not make it a number.
      {"a.layer1.0", "layer1.0"},
      {"a.1x", "1x"},
      {"a._1", "_1"},
  };
  for (const auto& row : kRows) EXPECT_EQ(SegmentOfPath(row.path), row.segment) << row.path;
}

}  // namespace
}  // namespace modelexport
