// The rules of operator_macs.h, one for each way in which shapes give a number.
#ifndef MODELEXPORT_COSTS_MAC_RULES_H_
#define MODELEXPORT_COSTS_MAC_RULES_H_

#include "modelexport/costs/operator_macs.h"

namespace modelexport {

// Each element of the output is a sum over one filter: the weights without their first dimension.
template <size_t kWeights>
Count ConvolutionMacs(const NodeShapes& node) {
  return node.output().Elements() * node.input(kWeights).ProductFrom(1);
}

// Each element of the input is multiplied by one filter.
inline Count TransposedConvolutionMacs(const NodeShapes& node) {
  return node.input(0).Elements() * node.input(1).ProductFrom(1);
}

// Each element of the output is a sum over the last dimension of the first input, which the second
// one has too.
template <size_t kSecond = 1>
Count MatMulMacs(const NodeShapes& node) {
  const Dims b = node.input(kSecond);
  const Count length = node.input(0).dim(-1);
  return node.output().Elements() *
         (length.is_known() ? length : b.dim(b.rank() == size_t{1} ? 0 : -2));
}

// The same, by the attributes of com.microsoft's FusedMatMul.
Count FusedMatMulMacs(const NodeShapes& node);

// Gemm and those like it: the attribute transA says which dimension is summed over.
Count GemmMacs(const NodeShapes& node);

// The weights are packed; the attribute N says how many results each row of the input has.
Count PackedMatMulMacs(const NodeShapes& node);

// Of two operands the product of all labels, but for those that one operand alone has and the
// output has not: they are summed up before anything is multiplied. 0 for one operand; unknown for
// more, as their order is not defined.
Count EinsumMacs(const NodeShapes& node);

// For each step and each sequence of the batch all weights and recurrent weights.
inline Count RecurrentMacs(const NodeShapes& node) {
  const Dims x = node.input(0);
  return x.dim(0) * x.dim(1) * (node.input(1).Elements() + node.input(2).Elements());
}

// ONNX's Attention: each key is multiplied by each query and each value by the result, masked or
// not.
Count AttentionMacs(const NodeShapes& node);

// com.microsoft's Attention and QAttention, which project their input to queries, keys and values
// first. Unknown where the past is in a buffer longer than what is used of it.
template <size_t kPast, size_t kPastLength>
Count ProjectedAttentionMacs(const NodeShapes& node) {
  const Dims x = node.input(0), weights = node.input(1);
  Count length = x.dim(1);
  if (node.has_input(kPast)) length = length + node.input(kPast).dim(3);
  if (node.has_input(kPastLength)) length = Count();
  const Count values = node.output().dim(-1);
  const Count queries = (weights.dim(1) - values) / Count(2);
  const Count rows = x.dim(0) * x.dim(1);
  return rows * weights.Elements() + rows * length * (queries + values);
}

// com.microsoft's MultiHeadAttention: queries, keys and values apart or packed.
Count MultiHeadAttentionMacs(const NodeShapes& node);

// com.microsoft's GroupQueryAttention. Unknown with a past, whose length is no shape.
Count GroupQueryAttentionMacs(const NodeShapes& node);

}  // namespace modelexport

#endif  // MODELEXPORT_COSTS_MAC_RULES_H_
