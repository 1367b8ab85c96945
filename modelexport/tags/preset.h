// Presets: which metadata keys a node gets for its owner, one preset for each kind of reader.
#ifndef MODELEXPORT_TAGS_PRESET_H_
#define MODELEXPORT_TAGS_PRESET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/class_path.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

// What is known of one node.
struct TagFacts {
  ModuleId module;
  // Valid for nodes of function bodies with several call chains: then only the path of `module`
  // below `base` holds, for every caller.
  ModuleId base;
  EvidenceKind evidence = EvidenceKind::kNone;
  absl::optional<uint32_t> call;  // From 0; only for modules called more than once.
  // The other modules whose work the node does, in the hierarchy's order. Not of nodes with a
  // `base`.
  absl::Span<const ModuleId> also;
};

struct TagEntry {
  absl::string_view key;  // Lives as long as the program.
  std::string value;
};

struct TagContext {
  const Hierarchy& hierarchy;
  const ClassPaths& class_paths;
};

struct Preset {
  absl::string_view name;
  // The keys of nodes that it owns; of the default preset the known ones, it owns all of
  // IsOwnKey(). Those of other presets are borrowed: other programs write them too.
  absl::Span<const absl::string_view> keys;
  // Appends the entries for one tag, in the order in which they are written; none where the preset
  // has nothing to say. False where it should say what its readers would misunderstand.
  bool (*render)(const TagContext& context, const TagFacts& tag, std::vector<TagEntry>* entries);
  absl::string_view unwritable;  // When that is, as "the module's path has a comma".
};

// All presets, the default one first.
absl::Span<const Preset> Presets();

// The preset with this name, or null.
const Preset* FindPreset(absl::string_view name);

// The preset that owns this key of nodes, or null. Bookkeeping such as modelexport.foreign is the
// default preset's; keys that keep names (KeepsNames()) are nobody's.
const Preset* FindPresetOfKey(absl::string_view key);

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_PRESET_H_
