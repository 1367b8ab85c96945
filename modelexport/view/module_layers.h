// The modules around a node as viewers of layers name them.
#ifndef MODELEXPORT_VIEW_MODULE_LAYERS_H_
#define MODELEXPORT_VIEW_MODULE_LAYERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/view/view_data.h"

namespace modelexport {

// For each module the names of those around it, from below the root, and its own: {"encoder",
// "layer.0"}. A module that is never called and owns no node is no layer, but a part of the names
// of those in it, and has the layers of its parent; the root has none.
std::vector<std::vector<std::string>> LayersOf(const ViewData& data);

// The layers of a module as Model Explorer writes them: "encoder/layer.0", with a backslash before
// a slash that is part of a name. A semicolon, of which it has no other way to write, becomes a
// comma.
std::string NamespaceOf(const std::vector<std::string>& layers);

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_MODULE_LAYERS_H_
