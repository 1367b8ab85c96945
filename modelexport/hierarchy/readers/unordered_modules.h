// Hierarchies of files that list modules in any order, with the root anywhere or not at all.
//
//   UnorderedModules modules;
//   modules.list.push_back({"encoder", "BertEncoder", "/BertModel/BertEncoder"});
//   return BuildHierarchy(modules, [](const SidecarLocation& place) { return ...; });
#ifndef MODELEXPORT_HIERARCHY_READERS_UNORDERED_MODULES_H_
#define MODELEXPORT_HIERARCHY_READERS_UNORDERED_MODULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/hierarchy/hierarchy_builder.h"

namespace modelexport {

struct UnorderedModule {
  std::string path;
  std::string class_name = "";
  std::string traced_tag = "";
  absl::optional<int64_t> calls = absl::nullopt;
};

struct UnorderedModules {
  std::vector<UnorderedModule> list;
  std::vector<std::string> parameters;  // Full names.
};

// The modules in their order, but with the root first. If no root is listed, one of unknown class
// is added. Its tag is the first segment of the tags of all others, if they have that in common and
// each has more than that.
//
// Errors and warnings: those of HierarchyBuilder. `name_place` gets indices of the two lists above.
absl::StatusOr<Hierarchy> BuildHierarchy(const UnorderedModules& modules,
                                         const HierarchyBuilder::LocationNamer& name_place);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_UNORDERED_MODULES_H_
