// What operators read of each other, in the graph and in the run.
#ifndef MODELEXPORT_EVIDENCE_NAMES_OP_READS_H_
#define MODELEXPORT_EVIDENCE_NAMES_OP_READS_H_

#include <cstddef>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/inlined_vector.h"
#include "modelexport/evidence/match_context.h"

namespace modelexport {

// By node, the operator that its name speaks of, or an invalid id; nodes beyond the end have none.
using NamedOps = std::vector<OpId>;

// The operators whose results something reads, each once; `open` if there are more than fit.
struct OpSet {
  static constexpr size_t kMost = 8;

  void Add(OpId op) {
    if (absl::c_linear_search(ops, op)) return;
    if (ops.size() < kMost) {
      ops.push_back(op);
    } else {
      open = true;
    }
  }
  void Add(const OpSet& other) {
    for (OpId op : other.ops) Add(op);
    open = open || other.open;
  }
  bool HasAllOf(const OpSet& other) const {
    return absl::c_all_of(other.ops, [this](OpId op) { return absl::c_linear_search(ops, op); });
  }

  absl::InlinedVector<OpId, 2> ops;
  bool open = false;
};

// By operator, what its nodes read of other operators: what a node reads is followed to the nearest
// nodes with an operator. Nodes should be sorted topologically; in unsorted graphs less is found.
std::vector<OpSet> ReadInGraph(const MatchContext& context, const NamedOps& named);

// By operator, which operators with a node it reads: what it reads is followed to the nearest of
// them. `has_node` is by operator.
std::vector<OpSet> ReadInRun(const Hierarchy& hierarchy, const std::vector<bool>& has_node);

// By operator, whether some node has its name.
std::vector<bool> HasNode(const Hierarchy& hierarchy, const NamedOps& named);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_OP_READS_H_
