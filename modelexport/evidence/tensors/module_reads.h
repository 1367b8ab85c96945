// Whose parameters nodes read, by names alone, for hierarchies without tensors.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_MODULE_READS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_MODULE_READS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/tensors/module_names.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

class ModuleReads {
 public:
  explicit ModuleReads(const MatchContext& context);

  // Whether any value has the name of a parameter. If not, nothing below finds one.
  bool names_any() const { return names_any_; }

  // The values with the names of parameters that a node reads, itself or through operators that
  // only change a form, each once; of such an operator the one that it carries.
  std::vector<ValueId> of(NodeId node) const;

  // The bias, one of such values, that the one reader of a node's result adds to it, where the node
  // multiplies by a stored matrix whose name says nothing, and no matrix in the file has the name
  // of a parameter of the bias's module: the matrix is then that module's. Else invalid.
  ValueId BiasAfter(NodeId node) const;

  // The module that has the parameter of one of these.
  ModuleId module(ValueId parameter) const { return modules_[parameter.index()]; }

  // How the names differ from the hierarchy's, for people, or "".
  const std::string& note() const { return note_; }

 private:
  bool IsMatrix(ValueId stored) const;
  bool MultipliesByUnknown(NodeId node) const;

  const GraphView& graph_;
  std::vector<ModuleId> modules_;  // By value, of those that have the name of a parameter.
  std::vector<ValueId> held_;      // By value: the one of these whose content it has.
  absl::flat_hash_set<ModuleId> has_matrix_;  // Modules of whose parameters one is a matrix.
  bool names_any_ = false;
  std::string note_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_MODULE_READS_H_
