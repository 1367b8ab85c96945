#include "modelexport/hierarchy/readers/unordered_modules.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "absl/strings/string_view.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {
namespace {

using List = std::vector<UnorderedModule>;

// "/BertModel" of "/BertModel/BertEncoder"; "" of what has no more than one segment.
absl::string_view TagOfRoot(absl::string_view tag) {
  const size_t end = tag.find('/', 1);
  return end == absl::string_view::npos || end + 1 == tag.size() ? "" : tag.substr(0, end);
}

// What the tags say of a root that is not listed; "" if they do not agree.
absl::string_view SharedRootTag(const List& modules) {
  if (modules.empty()) return "";
  const absl::string_view root = TagOfRoot(modules[0].traced_tag);
  const bool shared = std::all_of(
      modules.begin(), modules.end(),
      [root](const UnorderedModule& module) { return TagOfRoot(module.traced_tag) == root; });
  return shared && root.size() <= Hierarchy::kMaxNameSize ? root : "";
}

absl::Status Add(const UnorderedModule& module, HierarchyBuilder* builder) {
  return builder->AddModule({module.path, module.class_name, module.calls, {}, module.traced_tag});
}

}  // namespace

absl::StatusOr<Hierarchy> BuildHierarchy(const UnorderedModules& modules,
                                         const HierarchyBuilder::LocationNamer& name_place) {
  const List& list = modules.list;
  const size_t root = std::find_if(list.begin(), list.end(),
                                   [](const UnorderedModule& m) { return m.path.empty(); }) -
                      list.begin();
  // The builder has the root, wherever it was, before all that stood before it.
  HierarchyBuilder builder([&name_place, root](SidecarLocation place) {
    if (std::strcmp(place.list, "modules") == 0 && place.index <= root) {
      place.index = place.index == 0 ? root : place.index - 1;
    }
    return name_place(place);
  });
  builder.ReserveModules(list.size() + 1);
  const UnorderedModule implied = {"", "", std::string(SharedRootTag(list))};
  MX_RETURN_IF_ERROR(Add(root == list.size() ? implied : list[root], &builder));
  for (size_t i = 0; i < list.size(); ++i) {
    if (i != root) MX_RETURN_IF_ERROR(Add(list[i], &builder));
  }
  for (const std::string& name : modules.parameters) {
    MX_RETURN_IF_ERROR(builder.AddTensor({name, "parameter"}));
  }
  return std::move(builder).Build();
}

}  // namespace modelexport
