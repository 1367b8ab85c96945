// Where in the source model's run a node ran, and what is around two such places.
#ifndef MODELEXPORT_RESOLUTION_CALL_TREE_H_
#define MODELEXPORT_RESOLUTION_CALL_TREE_H_

#include <vector>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// A module, in one of its calls if that is known. An invalid module is no place at all.
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

  // The place of `module` in `call`; an invalid call is replaced by the only one, if there is one.
  CallSite PlaceOf(ModuleId module, CallId call) const;

  // The innermost place that surely encloses both: of calls the innermost around both, of modules
  // the nearest called one at or above both by path. Two calls of one module that cannot be told
  // apart are enclosed by the module around it.
  CallSite Around(const CallSite& a, const CallSite& b) const;

  // Whether `a` lies within `b`, or is it.
  bool IsWithin(const CallSite& a, const CallSite& b) const;

 private:
  CallSite AroundModules(ModuleId a, ModuleId b) const;

  const Hierarchy& hierarchy_;
  std::vector<CallId> only_call_;  // By module; invalid if it has none or several.
};

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_CALL_TREE_H_
