#include "modelexport/view/module_layers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace modelexport {
namespace {

std::vector<bool> OwnsNodes(const ViewData& data) {
  std::vector<bool> owns(data.modules.size());
  for (const ViewData::Node& node : data.nodes) {
    if (node.module != ViewData::kNone) owns[node.module] = true;
  }
  return owns;
}

// What a path has below that of its parent.
std::string NameBelow(const std::string& parent, const std::string& path) {
  return path.substr(parent.empty() ? 0 : parent.size() + 1);
}

}  // namespace

std::vector<std::vector<std::string>> LayersOf(const ViewData& data) {
  const std::vector<bool> owns = OwnsNodes(data);
  std::vector<std::vector<std::string>> layers(data.modules.size());
  std::vector<std::string> prefix(data.modules.size());  // Of the names of those below.
  for (size_t m = 1; m < data.modules.size(); ++m) {     // Parents come first.
    const ViewData::Module& module = data.modules[m];
    const std::string name = absl::StrCat(prefix[module.parent],
                                          NameBelow(data.modules[module.parent].path, module.path));
    layers[m] = layers[module.parent];
    if (module.called || owns[m]) {
      layers[m].push_back(name);
    } else {
      prefix[m] = absl::StrCat(name, ".");
    }
  }
  return layers;
}

std::string NamespaceOf(const std::vector<std::string>& layers) {
  return absl::StrJoin(layers, "/", [](std::string* out, const std::string& layer) {
    absl::StrAppend(out, absl::StrReplaceAll(layer, {{"/", "\\/"}, {";", ","}}));
  });
}

}  // namespace modelexport
