#include "modelexport/modules/module_instances.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "modelexport/modules/call_nodes.h"

namespace modelexport {
namespace {

constexpr uint32_t kNone = ModuleInstance::kNone;

class InstanceFinder {
 public:
  explicit InstanceFinder(const OwnedGraph& owned)
      : owned_(owned),
        hierarchy_(owned.hierarchy),
        of_module_(hierarchy_.modules().size()),
        home_(hierarchy_.modules().size(), kNone),
        unknown_(hierarchy_.modules().size()) {}

  std::vector<ModuleInstance> Run() {
    Add(Hierarchy::root(), CallId(), kNone);
    for (size_t c = 0; c < hierarchy_.calls().size(); ++c) of_call_.push_back(AddCall(CallId(c)));
    if (hierarchy_.calls().empty()) AddModules();
    const GraphRecord& main = owned_.graph.index().graphs()[0];
    for (size_t n = main.first_node; n < main.first_node + main.num_nodes; ++n) {
      instances_[InstanceOf(NodeId(n))].nodes.emplace_back(n);
    }
    for (size_t m = 0; m < unknown_.size(); ++m) NoteUnknown(ModuleId(m));
    return std::move(instances_);
  }

 private:
  uint32_t Add(ModuleId module, CallId call, uint32_t parent) {
    const auto id = static_cast<uint32_t>(instances_.size());
    ModuleInstance instance;
    instance.module = module;
    instance.call = call;
    instance.parent = parent;
    if (parent != kNone) {
      instance.depth = instances_[parent].depth + 1;
      instances_[parent].children.push_back(id);
    }
    instances_.push_back(std::move(instance));
    of_module_[module.index()].push_back(id);
    return id;
  }

  // A call of the root is the root, be it the only one or not.
  uint32_t AddCall(CallId id) {
    const Call& call = hierarchy_.call(id);
    if (call.module == Hierarchy::root()) return 0;
    const uint32_t around = call.parent.valid() ? of_call_[call.parent.index()] : 0;
    return Add(call.module, id, AddContainers(call.module, around));
  }

  // The modules between `around` and `module` by path that are never called. The innermost.
  uint32_t AddContainers(ModuleId module, uint32_t around) {
    const ModuleId top = instances_[around].module;
    if (!hierarchy_.IsAncestorOrSelf(top, module)) return around;
    std::vector<ModuleId> between;
    for (ModuleId m = hierarchy_.module(module).parent; m != top; m = hierarchy_.module(m).parent) {
      if (hierarchy_.module(m).calls.value_or(0) == 0) between.push_back(m);
    }
    for (size_t i = between.size(); i-- > 0;) around = Container(between[i], around);
    return around;
  }

  uint32_t Container(ModuleId module, uint32_t around) {
    const auto added = containers_.try_emplace(std::make_pair(module.index(), around), kNone);
    if (added.second) added.first->second = Add(module, CallId(), around);
    return added.first->second;
  }

  void AddModules() {
    for (size_t m = 1; m < hierarchy_.modules().size(); ++m) AddByPath(ModuleId(m));
  }

  // A parent has at least one instance when its children get theirs.
  uint32_t AddByPath(ModuleId module) {
    return Add(module, CallId(), OfModule(hierarchy_.module(module).parent));
  }

  // The innermost instance that surely has what ran in `module`.
  uint32_t OfModule(ModuleId module) {
    const std::vector<uint32_t>& all = of_module_[module.index()];
    if (all.empty()) return AddByPath(module);
    uint32_t around = all[0];
    for (uint32_t other : all) around = Common(around, other);
    return around;
  }

  uint32_t Common(uint32_t a, uint32_t b) const {
    while (a != b) {
      uint32_t& deeper = instances_[a].depth >= instances_[b].depth ? a : b;
      deeper = instances_[deeper].parent;
    }
    return a;
  }

  uint32_t InstanceOf(NodeId node) {
    if (!owned_.IsAttributed(node)) return 0;
    const Owner& owner = owned_.owner(node);
    if (owner.call.valid()) return of_call_[owner.call.index()];
    uint32_t& home = home_[owner.module.index()];
    if (home == kNone) home = OfModule(owner.module);
    ++unknown_[owner.module.index()];
    return home;
  }

  // Also where the hierarchy counts calls that it does not list.
  void NoteUnknown(ModuleId module) {
    const size_t count = unknown_[module.index()];
    if (count == 0) return;
    const std::vector<uint32_t>& all = of_module_[module.index()];
    const uint32_t home = home_[module.index()];
    if (all.size() == 1 && !instances_[home].call.valid() &&
        hierarchy_.module(module).calls.value_or(0) > 1) {
      instances_[home].unknown += count;
    }
    for (uint32_t id : all) {
      for (; id != home; id = instances_[id].parent) instances_[id].unknown += count;
    }
  }

  const OwnedGraph& owned_;
  const Hierarchy& hierarchy_;
  std::vector<ModuleInstance> instances_;
  std::vector<uint32_t> of_call_;
  std::vector<std::vector<uint32_t>> of_module_;
  std::vector<uint32_t> home_;   // By module: where its nodes without a call are.
  std::vector<size_t> unknown_;  // By module: their number.
  absl::flat_hash_map<std::pair<size_t, uint32_t>, uint32_t> containers_;
};

}  // namespace

std::vector<ModuleInstance> FindModuleInstances(const OwnedGraph& owned) {
  return InstanceFinder(owned).Run();
}

std::string NameOf(const Hierarchy& hierarchy, const ModuleInstance& instance) {
  std::string name = WrittenPath(hierarchy, instance.module);
  if (instance.call.valid() && hierarchy.module(instance.module).calls.value_or(0) > 1) {
    absl::StrAppend(&name, ", call ", hierarchy.call(instance.call).ordinal);
  }
  return name;
}

}  // namespace modelexport
