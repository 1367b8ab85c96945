// The operators of which nodes have another run's names.
#ifndef MODELEXPORT_EVIDENCE_NAMES_OP_RENUMBERING_H_
#define MODELEXPORT_EVIDENCE_NAMES_OP_RENUMBERING_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/names/op_kinds.h"
#include "modelexport/evidence/names/op_reads.h"

namespace modelexport {

// Which operator of the run those are that have false names: the one of the kind that reads what
// the nodes read, if there is one alone.
class Renumbering {
 public:
  // `is_false` is by kind. Both it and `kinds` must outlive the object.
  Renumbering(const MatchContext& context, const OpKinds& kinds, const std::vector<bool>& is_false,
              const NamedOps& named);

  // Invalid if it is not known.
  OpId of(OpId op) const { return new_[op.index()]; }

 private:
  using Key = std::pair<size_t, std::vector<uint32_t>>;  // The kind, and what is read, rising.

  Key KeyOf(OpId op, const OpSet& reads) const;
  void Assign(const NamedOps& named, const std::vector<OpSet>& in_graph);

  const OpKinds& kinds_;
  const std::vector<bool>& is_false_;
  std::vector<OpId> new_;                    // By operator that names speak of.
  absl::flat_hash_map<Key, OpId> by_reads_;  // Invalid: several.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_OP_RENUMBERING_H_
