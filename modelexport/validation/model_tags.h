// The program's own metadata on the model itself, as opposed to that on its nodes.
#ifndef MODELEXPORT_VALIDATION_MODEL_TAGS_H_
#define MODELEXPORT_VALIDATION_MODEL_TAGS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/preset_set.h"
#include "modelexport/validation/finding.h"

namespace modelexport {

// The values of the model's own entries. If a key repeats, its first value counts.
struct ModelTags {
  absl::optional<std::string> presets;
  absl::optional<std::string> hierarchy;

  // Takes in one entry whose key is the program's own. Adds a finding if this version does not know
  // the key, or if the key has occurred before.
  void Add(absl::string_view key, absl::string_view value, Findings* findings);
};

// The presets that the model lists. If it lists none, adds a finding and returns the default one.
PresetSet CheckPresets(const ModelTags& tags, Findings* findings);

// What is known from the fields of the ModelProto itself.
struct ModelOutline {
  absl::optional<PresetSet> presets;  // As the first list has them; absent if there is none.
  bool has_functions = false;
};

// Looks into no message but the metadata entries. Returns an error if `source` is malformed as far
// as it is looked at, or cannot be read.
absl::StatusOr<ModelOutline> ReadOutline(const ByteSource& source);

// The hierarchy that the model carries. Absent if the model carries none, if it cannot be read
// (which is a finding), or if its text is what `given` would be written as, so that it need not be
// read. It is also a finding if its modules differ from those of `given`, which may be null.
absl::optional<Hierarchy> CheckEmbedded(const ModelTags& tags, const Hierarchy* given,
                                        Findings* findings);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_MODEL_TAGS_H_
