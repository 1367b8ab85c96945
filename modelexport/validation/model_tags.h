// The program's own metadata of a model, as against that of its nodes.
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

// What a model's own entries say: the first value of each key.
struct ModelTags {
  absl::optional<std::string> presets;
  absl::optional<std::string> hierarchy;

  // Takes in one entry whose key is the program's own. Adds a finding if the key is one of another
  // version, or stands there already.
  void Add(absl::string_view key, absl::string_view value, Findings* findings);
};

// The presets that the model lists; the default one if it lists none, which is a finding.
PresetSet CheckPresets(const ModelTags& tags, Findings* findings);

// What the fields of the ModelProto itself say.
struct ModelOutline {
  absl::optional<PresetSet> presets;  // Those of the first list; absent if there is none.
  bool has_functions = false;
};

// Reads no further than into the metadata. An error if `source` is malformed there, or cannot be
// read.
absl::StatusOr<ModelOutline> ReadOutline(const ByteSource& source);

// The hierarchy that the model carries; absent if it carries none or, a finding, one that cannot be
// read, and where it is that of `given`, as it would be written, and so needs no reading. Also a
// finding: that it differs from `given`, where not null, in its modules.
absl::optional<Hierarchy> CheckEmbedded(const ModelTags& tags, const Hierarchy* given,
                                        Findings* findings);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_MODEL_TAGS_H_
