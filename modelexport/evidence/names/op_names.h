// The operators of the run by their names in the exported program, which dynamo's exporter gives to
// the values that they make.
#ifndef MODELEXPORT_EVIDENCE_NAMES_OP_NAMES_H_
#define MODELEXPORT_EVIDENCE_NAMES_OP_NAMES_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "modelexport/evidence/match_context.h"

namespace modelexport {

class OpNames {
 public:
  // `hierarchy` must outlive the object. There are no names if its operators have none or are the
  // nodes of a tagged model. Names of another run than that of the file are hints (op_flow.h).
  explicit OpNames(const Hierarchy& hierarchy);

  bool empty() const { return ops_.empty(); }

  // The operator of this name, or that of the value that handed it on; invalid if there is none.
  OpId Find(absl::string_view name) const;

  // The same for a name to which tools may have appended: "add_output_quantized".
  OpId FindBeginning(absl::string_view name) const;

 private:
  void FindMakers();

  const Hierarchy& hierarchy_;
  absl::flat_hash_map<absl::string_view, OpId> ops_;
  std::vector<OpId> makers_;  // By operator: the one that made what it hands on, or itself.
};

// Those of context.hierarchy, shared by all who ask.
const OpNames& OpNamesOf(const MatchContext& context);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_OP_NAMES_H_
