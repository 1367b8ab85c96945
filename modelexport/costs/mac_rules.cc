#include "modelexport/costs/mac_rules.h"

namespace modelexport {

Count FusedMatMulMacs(const NodeShapes& node) {
  const Dims a = node.input(0);
  if (node.attributes().Int("transA", 0) == 0) return node.output().Elements() * a.dim(-1);
  // With transBatchA the batch is in the middle, so what is summed over is in front.
  const bool batch = node.attributes().Int("transBatchA", 0) != 0;
  return node.output().Elements() * a.dim(batch ? 0 : -2);
}

Count GemmMacs(const NodeShapes& node) {
  const bool transposed = node.attributes().Int("transA", 0) != 0;
  return node.output().Elements() * node.input(0).dim(transposed ? 0 : 1);
}

Count PackedMatMulMacs(const NodeShapes& node) {
  const int64_t columns = node.attributes().Int("N", -1);
  return columns < 0 ? Count() : node.input(0).Elements() * Count(columns);
}

Count AttentionMacs(const NodeShapes& node) {
  Count length = node.input(1).dim(-2);  // Of (batch, [heads,] length, size).
  if (node.has_input(4)) length = length + node.input(4).dim(-2);
  return length * (node.input(0).Elements() + node.output().Elements());
}

Count MultiHeadAttentionMacs(const NodeShapes& node) {
  const Dims query = node.input(0), key = node.input(1);
  const bool all_packed = !node.has_input(1);  // (batch, length, heads, 3, size)
  if (all_packed && query.rank() != size_t{5}) return Count();
  const bool keys_packed = key.rank() == size_t{5};  // (batch, length, heads, 2, size)
  Count length = all_packed ? query.dim(1) : keys_packed ? key.dim(1) : key.dim(-2);
  if (node.has_input(6)) length = length + node.input(6).dim(-2);
  if (node.has_input(8)) length = Count();  // The past is in a longer buffer.
  const Count queries = all_packed ? query.Elements() / Count(3) : query.Elements();
  return length * (queries + node.output().Elements());
}

Count GroupQueryAttentionMacs(const NodeShapes& node) {
  if (node.has_input(3)) return Count();
  // The keys have heads of the queries' size, so queries take as much as the result, packed or not.
  return Count(2) * node.input(0).dim(1) * node.output().Elements();
}

}  // namespace modelexport
