// What TensorRT's layers are made of.
#ifndef MODELEXPORT_PROFILES_TENSORRT_LAYERS_H_
#define MODELEXPORT_PROFILES_TENSORRT_LAYERS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace modelexport {

struct LayerParts {
  // Names of ONNX nodes, or of initializers, in their order; each once.
  std::vector<std::string> names;
  bool are_ends =
      false;  // They are the first and the last of the nodes; those between are unknown.
};

// From the member "Metadata" of --exportLayerInfo with --profilingVerbosity=detailed: entries
// "[ONNX Layer: NAME]", parted by U+001E or U+001F or nothing.
LayerParts PartsOfMetadata(absl::string_view metadata);

// From the name of a layer alone: "a + b", "PWN(a, PWN(b))", "Reformatting CopyNode for Input
// Tensor 0 to a + b", "{ForeignNode[a...b]}".
LayerParts PartsOfLayerName(absl::string_view name);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_TENSORRT_LAYERS_H_
