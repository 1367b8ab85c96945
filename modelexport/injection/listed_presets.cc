#include "modelexport/injection/listed_presets.h"

#include "modelexport/tags/keys.h"

namespace modelexport {

absl::string_view ListedPresets(const wire::ModelIndex& index) {
  for (const wire::MetadataEntry& entry : index.model_metadata()) {
    if (!entry.loaded.valid() || index.text(entry.key) != kPresetsKey) continue;
    return index.text(entry.loaded);
  }
  return "";
}

PresetSet ForeignPresets(const wire::ModelIndex& index, wire::NodeId node) {
  for (const wire::MetadataEntry& entry : index.metadata(node)) {
    if (!entry.loaded.valid() || index.text(entry.key) != kForeignKey) continue;
    return PresetSet::Parse(index.text(entry.loaded)).borrowed();
  }
  return PresetSet();
}

}  // namespace modelexport
