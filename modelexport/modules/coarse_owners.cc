#include "modelexport/modules/coarse_owners.h"

namespace modelexport {
namespace {

// By module: itself, or what is above it at `depth`.
std::vector<ModuleId> ModulesAtDepth(const Hierarchy& hierarchy, uint32_t depth) {
  std::vector<ModuleId> coarse;
  std::vector<uint32_t> depths;
  coarse.reserve(hierarchy.modules().size());
  depths.reserve(hierarchy.modules().size());
  // A parent comes before its children.
  for (size_t m = 0; m < hierarchy.modules().size(); ++m) {
    const ModuleId parent = hierarchy.modules()[m].parent;
    depths.push_back(parent.valid() ? depths[parent.index()] + 1 : 0);
    coarse.push_back(depths.back() <= depth ? ModuleId(m) : coarse[parent.index()]);
  }
  return coarse;
}

}  // namespace

std::vector<Owner> OwnersAtDepth(const Hierarchy& hierarchy, absl::Span<const Owner> owners,
                                 uint32_t depth) {
  const std::vector<ModuleId> at_depth = ModulesAtDepth(hierarchy, depth);
  std::vector<Owner> coarse(owners.begin(), owners.end());
  for (Owner& owner : coarse) {
    const ModuleId module = at_depth[owner.module.index()];
    if (module != owner.module) owner.call = CallId();
    owner.module = module;
    if (owner.base.valid()) owner.base = at_depth[owner.base.index()];
  }
  return coarse;
}

}  // namespace modelexport
