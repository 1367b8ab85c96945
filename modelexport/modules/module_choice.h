// The modules that a user names.
#ifndef MODELEXPORT_MODULES_MODULE_CHOICE_H_
#define MODELEXPORT_MODULES_MODULE_CHOICE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

// Modules, each of which stands for all below it. `text` is, and the first of these that fits
// counts:
//   encoder.layer.0     a path or alias; "." is the root
//   encoder.layer.0..3  the modules encoder.layer.0 to encoder.layer.3, all of which must exist
//   a Pattern           of which those modules count that are below no other
//
// At least one, in the hierarchy's order. Errors are those of Pattern, and kNotFound with
// Fault::kJudged for a module of a range.
absl::StatusOr<std::vector<ModuleId>> ChooseModules(const OwnedGraph& owned,
                                                    const std::string& text);

// The modules that `text` itself names, by module: as above, but a Pattern means all modules that
// match, and none because it is below one of them. Errors are the same.
absl::StatusOr<std::vector<bool>> MatchModules(const OwnedGraph& owned, const std::string& text);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_MODULE_CHOICE_H_
