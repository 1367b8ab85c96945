#include "modelexport/graph/operator_facts.h"

#include <algorithm>
#include <iterator>

namespace modelexport {
namespace {

struct FormOperands {
  absl::string_view op_type;
  size_t first, last;
};

constexpr bool operator<(const FormOperands& a, const FormOperands& b) {
  return a.op_type < b.op_type;
}

// Whether each element comes after the one before it, as a binary search needs.
template <typename T, size_t kSize>
constexpr bool IsSorted(const T (&table)[kSize]) {
  for (size_t i = 1; i < kSize; ++i) {
    if (!(table[i - 1] < table[i])) return false;
  }
  return true;
}

constexpr FormOperands kFormOperands[] = {
    {"AffineGrid", 1, 1},
    {"BlackmanWindow", 0, 0},
    {"CenterCropPad", 1, 1},
    {"Col2Im", 1, 2},
    {"ConstantOfShape", 0, 0},
    {"CumSum", 1, 1},
    {"DFT", 1, 2},
    {"Expand", 1, 1},
    {"HammingWindow", 0, 0},
    {"HannWindow", 0, 0},
    {"Loop", 0, 0},
    {"MaxUnpool", 2, 2},
    {"OneHot", 1, 1},
    {"Pad", 1, 1},
    {"Range", 0, 2},
    {"ReduceL1", 1, 1},
    {"ReduceL2", 1, 1},
    {"ReduceLogSum", 1, 1},
    {"ReduceLogSumExp", 1, 1},
    {"ReduceMax", 1, 1},
    {"ReduceMean", 1, 1},
    {"ReduceMin", 1, 1},
    {"ReduceProd", 1, 1},
    {"ReduceSum", 1, 1},
    {"ReduceSumSquare", 1, 1},
    {"Reshape", 1, 1},
    {"Resize", 1, 3},
    {"STFT", 1, 3},
    {"Slice", 1, 4},
    {"Split", 1, 1},
    {"SplitToSequence", 1, 1},
    {"Squeeze", 1, 1},
    {"Tile", 1, 1},
    {"TopK", 1, 1},
    {"Trilu", 1, 1},
    {"Unsqueeze", 1, 1},
    {"Upsample", 1, 1},
};

static_assert(IsSorted(kFormOperands));

constexpr absl::string_view kComputesForms[] = {
    "Abs",   "Add",    "And",     "Cast",     "Ceil", "Concat",     "Div",     "Equal",
    "Floor", "Gather", "Greater", "Identity", "Less", "Max",        "Min",     "Mod",
    "Mul",   "Neg",    "Not",     "Or",       "Pow",  "ReduceProd", "Reshape", "Round",
    "Slice", "Split",  "Sqrt",    "Squeeze",  "Sub",  "Unsqueeze",  "Where",
};

static_assert(IsSorted(kComputesForms));

constexpr absl::string_view kChangesFormAlone[] = {
    "Cast",    "DequantizeLinear", "Flatten",   "Identity",  "QuantizeLinear",
    "Reshape", "Squeeze",          "Transpose", "Unsqueeze",
};

static_assert(IsSorted(kChangesFormAlone));

}  // namespace

bool IsFormOperand(absl::string_view op_type, size_t position) {
  const auto* const found = std::lower_bound(
      std::begin(kFormOperands), std::end(kFormOperands), op_type,
      [](const FormOperands& row, absl::string_view name) { return row.op_type < name; });
  return found != std::end(kFormOperands) && found->op_type == op_type &&
         found->first <= position && position <= found->last;
}

bool ComputesForms(absl::string_view op_type) {
  return std::binary_search(std::begin(kComputesForms), std::end(kComputesForms), op_type);
}

bool ChangesFormAlone(absl::string_view op_type) {
  return std::binary_search(std::begin(kChangesFormAlone), std::end(kChangesFormAlone), op_type);
}

bool IsQuantization(absl::string_view op_type) {
  return IsLinearQuantization(op_type) || op_type == "DynamicQuantizeLinear";
}

bool IsLinearQuantization(absl::string_view op_type) {
  return op_type == "QuantizeLinear" || op_type == "DequantizeLinear";
}

bool IsReorder(absl::string_view op_type) {
  return op_type == "ReorderInput" || op_type == "ReorderOutput";
}

}  // namespace modelexport
