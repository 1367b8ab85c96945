// The module paths that PyTorch's dynamo exporter leaves on nodes.
#ifndef MODELEXPORT_HIERARCHY_READERS_NAME_SCOPES_H_
#define MODELEXPORT_HIERARCHY_READERS_NAME_SCOPES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace modelexport {

// The metadata key; IndexOptions must load it. Its value is a Python list of full module paths from
// the root inwards, then the operator (torch/onnx/_internal/exporter/_core.py).
inline constexpr absl::string_view kNameScopesKey = "pkg.torch.onnx.name_scopes";

// The modules that a value of that key names, outermost first. Empty for a value that is not a list
// of at least one module and an operator, or that says that torch knows of no module. "@1", which
// torch may append to the path of a repeated call, is removed.
std::vector<std::string> ParseNameScopes(absl::string_view value);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_NAME_SCOPES_H_
