// The value of modelexport.also: paths of modules as a JSON array, as ["layer.0.bn","act"].
#ifndef MODELEXPORT_TAGS_ALSO_VALUE_H_
#define MODELEXPORT_TAGS_ALSO_VALUE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The paths in the order given, without spaces. They must be UTF-8, as those of sidecars are.
std::string RenderAlso(const Hierarchy& hierarchy, absl::Span<const ModuleId> modules);

// The paths, in order. Errors are those of ReadJson().
absl::StatusOr<std::vector<std::string>> ParseAlso(absl::string_view value);

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_ALSO_VALUE_H_
