#include "modelexport/edits/listed_presets.h"

#include "modelexport/tags/keys.h"

namespace modelexport {

absl::string_view ListedPresets(const ModelIndex& index) {
  for (const MetadataEntry& entry : index.model_metadata()) {
    if (!entry.loaded.valid() || index.text(entry.key) != kPresetsKey) continue;
    return index.text(entry.loaded);
  }
  return "";
}

PresetSet ForeignPresets(const ModelIndex& index, NodeId node) {
  for (const MetadataEntry& entry : index.metadata(node)) {
    if (!entry.loaded.valid() || index.text(entry.key) != kForeignKey) continue;
    return PresetSet::Parse(index.text(entry.loaded)).borrowed();
  }
  return PresetSet();
}

}  // namespace modelexport
