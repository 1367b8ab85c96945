// Qualified names of a file beside those of a hierarchy, where one side wraps the other.
#ifndef MODELEXPORT_EVIDENCE_NAMES_WRAPPER_PREFIX_H_
#define MODELEXPORT_EVIDENCE_NAMES_WRAPPER_PREFIX_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// One level that only one side has: the export of a wrapper around the described model, or the
// export of the only child of the described one.
class PathAlignment {
 public:
  // Chooses what lets `known` accept most of `names`: no change if nothing is better. Looks at no
  // more than some thousand of them. Empty names are left out.
  static PathAlignment Choose(const Hierarchy& hierarchy,
                              const std::vector<absl::string_view>& names,
                              absl::FunctionRef<bool(absl::string_view)> known);

  // A name of the file as the hierarchy would have it.
  std::string Apply(absl::string_view name) const;

  // For people: "the file's names begin with ..."; empty if nothing is changed.
  std::string Describe() const;

 private:
  std::string drop_;     // First atom of the file's names.
  std::string prepend_;  // Path of the hierarchy's module that the file calls its root.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_WRAPPER_PREFIX_H_
