// The program's own metadata of a model, as against that of its nodes.
#ifndef MODELEXPORT_VALIDATION_MODEL_TAGS_H_
#define MODELEXPORT_VALIDATION_MODEL_TAGS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/preset_set.h"
#include "modelexport/validation/finding.h"
#include "modelexport/wire/byte_source.h"

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

// The presets that a model lists, none if it lists none or cannot be read.
PresetSet ReadPresets(const wire::ByteSource& source);

// The hierarchy that the model carries; absent if it carries none or, a finding, one that cannot be
// read. Also a finding: that it differs from `given`, where not null, in its modules.
absl::optional<Hierarchy> CheckEmbedded(const ModelTags& tags, const Hierarchy* given,
                                        Findings* findings);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_MODEL_TAGS_H_
