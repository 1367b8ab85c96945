// From the name of a stored value to the module whose parameter it names, for hierarchies without
// tensors.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_MODULE_NAMES_H_
#define MODELEXPORT_EVIDENCE_TENSORS_MODULE_NAMES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/evidence/wrapper_prefix.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Names may lack a wrapper or have one (wrapper_prefix.h); tools may have put a prefix before all
// of them (name_prefix.h).
class ModuleNames {
 public:
  // Whether a name may be that of a parameter below the root, and no scope: "encoder.q.weight".
  static bool IsQualified(absl::string_view name);

  // Whether quantizers named it after a parameter: "encoder.q.weight_scale".
  static bool ServesQuantization(absl::string_view name);

  // Learns from `names`, those of the stored values of a file, how they are written. Only qualified
  // ones that serve no quantization count. `hierarchy` must outlive the object.
  ModuleNames(const Hierarchy& hierarchy, const std::vector<absl::string_view>& names);

  // The module whose path is the name without its last segment, with which a tool may have said
  // more than the parameter's name; invalid if there is none, or the name does not count.
  ModuleId Find(absl::string_view name) const;

  // The name as the hierarchy would have it.
  std::string NameOf(absl::string_view name) const;

  // For people: in which way the names differ, or "".
  const std::string& note() const { return note_; }

 private:
  const Hierarchy& hierarchy_;
  WrapperPrefix wrapper_;
  std::string prefix_;
  std::string note_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_MODULE_NAMES_H_
