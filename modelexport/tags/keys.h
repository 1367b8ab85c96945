// Names of the metadata keys that the program writes (docs/tags.md).
#ifndef MODELEXPORT_TAGS_KEYS_H_
#define MODELEXPORT_TAGS_KEYS_H_

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// Of nodes.
inline constexpr absl::string_view kModuleKey = "modelexport.module";
inline constexpr absl::string_view kTagKey = "modelexport.tag";
inline constexpr absl::string_view kEvidenceKey = "modelexport.evidence";
inline constexpr absl::string_view kCallKey = "modelexport.call";
inline constexpr absl::string_view kAlsoKey = "modelexport.also";
inline constexpr absl::string_view kSubmoduleKey = "modelexport.submodule";
// Lists presets whose keys on this node are another program's.
inline constexpr absl::string_view kForeignKey = "modelexport.foreign";

// What a node or one of its outputs was called before `rename`; without a value: it had no name.
// The key of an output ends in its position.
inline constexpr absl::string_view kNameKey = "modelexport.name";
inline constexpr absl::string_view kOutputKeyPrefix = "modelexport.output.";

// Of nodes, for other programs to read (preset.h).
inline constexpr absl::string_view kWinmlTagKey = "winml.hierarchy.tag";
inline constexpr absl::string_view kWinmlDepthKey = "winml.hierarchy.depth";
inline constexpr absl::string_view kNamespaceKey = "namespace";
inline constexpr absl::string_view kLayerAnnKey = "layer_ann";

// Of the model.
inline constexpr absl::string_view kPresetsKey = "modelexport.presets";
inline constexpr absl::string_view kHierarchyKey = "modelexport.hierarchy";

// Says that nodes have kNameKey ("nodes") and outputs have their keys too ("nodes,values").
inline constexpr absl::string_view kRenamedKey = "modelexport.renamed";

// Whether a key keeps names for `rename --undo`. Tagging leaves these keys as they are.
inline bool KeepsNames(absl::string_view key) {
  return key == kNameKey || key == kRenamedKey || absl::StartsWith(key, kOutputKeyPrefix);
}

// Whether a key is one of the model's, or one of nodes, that this version knows.
inline bool IsModelKey(absl::string_view key) {
  return key == kPresetsKey || key == kHierarchyKey || key == kRenamedKey;
}
inline bool IsNodeKey(absl::string_view key) {
  for (const absl::string_view known :
       {kModuleKey, kTagKey, kEvidenceKey, kCallKey, kAlsoKey, kSubmoduleKey, kForeignKey}) {
    if (key == known) return true;
  }
  return key == kNameKey || absl::StartsWith(key, kOutputKeyPrefix);
}

// Whether a key is the program's own, whatever its version: on what it tags it owns them all.
inline bool IsOwnKey(absl::string_view key) { return absl::StartsWith(key, "modelexport."); }

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_KEYS_H_
