// What a model says about the presets that an earlier run wrote into it. The model's index must
// have loaded kPresetsKey and kForeignKey (EditList::KeysToLoad()).
#ifndef MODELEXPORT_EDITS_LISTED_PRESETS_H_
#define MODELEXPORT_EDITS_LISTED_PRESETS_H_

#include "absl/strings/string_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

// The value of the model's first modelexport.presets; "" if there is none.
absl::string_view ListedPresets(const ModelIndex& index);

// The presets whose keys on this node are another program's, according to its modelexport.foreign.
// The default preset is never one of them.
PresetSet ForeignPresets(const ModelIndex& index, NodeId node);

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_LISTED_PRESETS_H_
