// From the name of a stored value to the tensor of the source model that it names.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_TENSOR_NAMES_H_
#define MODELEXPORT_EVIDENCE_TENSORS_TENSOR_NAMES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/evidence/wrapper_prefix.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Names may lack a wrapper or have one (wrapper_prefix.h); tools may have put a prefix before all
// of them (name_prefix.h) or replaced characters (mangle.h).
class TensorNames {
 public:
  // Learns from `names`, those of the stored values of a file, how they are written. `hierarchy`
  // must outlive the object.
  TensorNames(const Hierarchy& hierarchy, const std::vector<absl::string_view>& names);

  // Also of the name of a quantized form; invalid if there is none.
  TensorId Find(absl::string_view name) const;

  // For people: in which way the names differ, or "".
  const std::string& note() const { return note_; }

 private:
  void TryMangled(const std::vector<absl::string_view>& names);

  const Hierarchy& hierarchy_;
  absl::optional<WrapperPrefix> wrapper_;
  std::string prefix_;
  absl::flat_hash_map<std::string, TensorId> mangled_;  // Invalid: several have that name.
  std::string note_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_TENSOR_NAMES_H_
