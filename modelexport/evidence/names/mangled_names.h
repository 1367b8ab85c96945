// Names of nodes and values in which other characters than letters and digits were replaced, as
// runtimes do it that allow identifiers only: "_layer1_layer1_0_conv1_Conv" for
// "/layer1/layer1.0/conv1/Conv".
#ifndef MODELEXPORT_EVIDENCE_NAMES_MANGLED_NAMES_H_
#define MODELEXPORT_EVIDENCE_NAMES_MANGLED_NAMES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/evidence/names/scope_tree.h"

namespace modelexport {

class MangledNames {
 public:
  // `tree` must outlive the object.
  explicit MangledNames(const ScopeTree& tree);

  // The name as the TorchScript exporter wrote it (scope_name.h): that of a node of this operator,
  // or of its result; else of one that a tool made of others. Absent if no scope of the tree gives
  // such a name, or several do. A bounded number of ways to read a name is tried.
  absl::optional<std::string> Restore(absl::string_view name, absl::string_view op_type) const;

 private:
  class Reader;

  const ScopeTree& tree_;
  absl::flat_hash_map<std::string, std::vector<absl::string_view>> segments_;  // By mangled one.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_MANGLED_NAMES_H_
