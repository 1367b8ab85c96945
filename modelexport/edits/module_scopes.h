// The scopes of modules as the TorchScript exporter writes them into names.
#ifndef MODELEXPORT_EDITS_MODULE_SCOPES_H_
#define MODELEXPORT_EDITS_MODULE_SCOPES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The scope of a path alone: its segments with "/" before each, where a number belongs to the
// segment before it: "/encoder/layer.0/attention" of "encoder.layer.0.attention", "" of "".
std::string ScopeOfPath(absl::string_view path);

class ModuleScopes {
 public:
  // `hierarchy`, which must outlive the object, may be null: then all is ScopeOfPath().
  explicit ModuleScopes(const Hierarchy* hierarchy);

  // Modules that may have been called have a segment each, others have none unless they are the
  // module itself: "/layer1/layer1.0/conv1" of "layer1.0.conv1" if layer1 is called, as a
  // Sequential is. ScopeOfPath() where the hierarchy does not know the module, and for scopes of
  // more than Hierarchy::kMaxNameSize bytes.
  std::string Of(absl::string_view path) const;

 private:
  const Hierarchy* const hierarchy_;
  std::vector<std::string> scopes_;  // By module: with its own segment only if it may be called.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_MODULE_SCOPES_H_
