#include "modelexport/graph/operator_facts.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

// The positions, of the first eight, whose operands only give a form.
std::string FormOperandsOf(absl::string_view op_type) {
  std::string positions;
  for (size_t i = 0; i < 8; ++i) {
    if (IsFormOperand(op_type, i)) absl::StrAppend(&positions, i);
  }
  return positions;
}

// The first and the last of the table, some between, and what would stand at its ends.
TEST(OperatorFacts, FormOperands) {
  std::string text;
  for (const char* op_type : {"", "Add", "AffineGrid", "Col2Im", "ConstantOfShape", "Loop", "Range",
                              "Reshape", "Resize", "STFT", "Slice", "Upsample", "Xor"}) {
    absl::StrAppend(&text, op_type, " ", FormOperandsOf(op_type), "\n");
  }
  EXPECT_EQ(text,
            " \n"
            "Add \n"
            "AffineGrid 1\n"
            "Col2Im 12\n"
            "ConstantOfShape 0\n"
            "Loop 0\n"
            "Range 012\n"
            "Reshape 1\n"
            "Resize 123\n"
            "STFT 123\n"
            "Slice 1234\n"
            "Upsample 1\n"
            "Xor \n");
}

// As "forms alone quantization linear", of those that hold.
TEST(OperatorFacts, WhatOperatorsDo) {
  std::string text;
  for (const char* op_type :
       {"Abs", "Cast", "Gemm", "Identity", "Reshape", "Transpose", "Where", "QuantizeLinear",
        "DequantizeLinear", "DynamicQuantizeLinear", "ReorderInput", "ReorderOutput"}) {
    absl::StrAppend(
        &text, op_type, ":", ComputesForms(op_type) ? " forms" : "",
        ChangesFormAlone(op_type) ? " alone" : "", IsQuantization(op_type) ? " quantization" : "",
        IsLinearQuantization(op_type) ? " linear" : "", IsReorder(op_type) ? " reorder" : "", "\n");
  }
  EXPECT_EQ(text,
            "Abs: forms\n"
            "Cast: forms alone\n"
            "Gemm:\n"
            "Identity: forms alone\n"
            "Reshape: forms alone\n"
            "Transpose: alone\n"
            "Where: forms\n"
            "QuantizeLinear: alone quantization linear\n"
            "DequantizeLinear: alone quantization linear\n"
            "DynamicQuantizeLinear: quantization\n"
            "ReorderInput: reorder\n"
            "ReorderOutput: reorder\n");
}

}  // namespace
}  // namespace modelexport
