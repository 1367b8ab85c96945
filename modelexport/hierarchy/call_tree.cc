#include "modelexport/hierarchy/call_tree.h"

#include <algorithm>

namespace modelexport {

// Calls are in the order entered: what encloses a call stands before it.
bool IsCallWithin(const Hierarchy& hierarchy, CallId call, CallId outer) {
  while (call.valid() && outer < call) call = hierarchy.call(call).parent;
  return call == outer;
}

CallTree::CallTree(const Hierarchy& hierarchy)
    : hierarchy_(hierarchy), only_call_(hierarchy.modules().size()) {
  for (size_t i = 0; i < hierarchy.calls().size(); ++i) {
    const Call& call = hierarchy.calls()[i];
    only_call_[call.module.index()] = call.ordinal == 0 ? CallId(i) : CallId();
  }
}

CallSite CallTree::PlaceOf(ModuleId module, CallId call) const {
  return {module, call.valid() ? call : only_call_[module.index()]};
}

CallSite CallTree::Around(const CallSite& a, const CallSite& b) const {
  if (!a.call.valid() || !b.call.valid()) return AroundModules(a.module, b.module);
  CallId x = a.call;
  CallId y = b.call;
  // Calls are in the order entered: the later one cannot be around the earlier one.
  while (x != y) {
    CallId& later = x < y ? y : x;
    later = hierarchy_.call(later).parent;
    if (!later.valid()) return {Hierarchy::root(), CallId()};
  }
  return {hierarchy_.call(x).module, x};
}

CallSite CallTree::AroundModules(ModuleId a, ModuleId b) const {
  ModuleId module = hierarchy_.CommonAncestor(a, b);
  while (module != Hierarchy::root() && hierarchy_.module(module).calls.value_or(1) > 1) {
    module = hierarchy_.module(module).parent;
  }
  return PlaceOf(hierarchy_.NearestCalled(module), CallId());
}

bool CallTree::IsWithin(const CallSite& a, const CallSite& b) const {
  if (!a.call.valid() || !b.call.valid()) return hierarchy_.IsAncestorOrSelf(b.module, a.module);
  return IsCallWithin(hierarchy_, a.call, b.call);
}

}  // namespace modelexport
