// Call sites: where in the run of the source model a node ran, and what encloses two such sites.
#ifndef MODELEXPORT_HIERARCHY_CALL_TREE_H_
#define MODELEXPORT_HIERARCHY_CALL_TREE_H_

#include <vector>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// A module, in one of its calls if that is known. If the module is invalid, there is no call site.
struct CallSite {
  ModuleId module;
  CallId call;

  bool valid() const { return module.valid(); }
  friend bool operator==(const CallSite& a, const CallSite& b) {
    return a.module == b.module && a.call == b.call;
  }
};

// Whether `call` is `outer` or ran within it.
bool IsCallWithin(const Hierarchy& hierarchy, CallId call, CallId outer);

class CallTree {
 public:
  // `hierarchy` must outlive the object.
  explicit CallTree(const Hierarchy& hierarchy);

  // The call site of `module` in `call`. An invalid `call` is replaced by the module's only call,
  // if it has exactly one.
  CallSite PlaceOf(ModuleId module, CallId call) const;

  // The innermost call site that surely encloses both. If both calls are known, it is the innermost
  // call around both; otherwise the nearest module at or above both, by path, that is called. If
  // that module has several calls, which cannot be told apart here, it is the nearest module around
  // it that has not.
  CallSite Around(const CallSite& a, const CallSite& b) const;

  // Whether `a` is `b` or within it.
  bool IsWithin(const CallSite& a, const CallSite& b) const;

 private:
  CallSite AroundModules(ModuleId a, ModuleId b) const;

  const Hierarchy& hierarchy_;
  std::vector<CallId> only_call_;  // By module; invalid if it has none or several.
};

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_CALL_TREE_H_
