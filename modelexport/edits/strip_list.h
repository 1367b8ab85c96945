// The changes that removing our tags makes in a model.
#ifndef MODELEXPORT_EDITS_STRIP_LIST_H_
#define MODELEXPORT_EDITS_STRIP_LIST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/proto/string_table.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

// What is removed from a model.
struct StripScope {
  // Presets whose keys are removed where they are ours. They are not ours on nodes that note them
  // as another program's (modelexport.foreign), nor in functions that nothing calls, which tagging
  // leaves alone. Keys of the default preset are always ours.
  PresetSet ours;
  // Presets whose keys are removed everywhere, whoever wrote them.
  PresetSet all;
  // Presets that are left, which the model still lists.
  PresetSet left;

  // Whether no preset is left, so that the notes about presets and the hierarchy are removed too.
  bool everything() const { return left.empty(); }

  // Removes the keys of the presets `wanted`, whether the model lists them or not. If `wanted` is
  // absent, removes those of all presets that the model lists, and of the default one in any case.
  static StripScope Of(PresetSet listed, const absl::optional<PresetSet>& wanted);
};

struct StripCounts {
  size_t entries = 0;          // Entries removed from nodes and the model.
  size_t nodes = 0;            // Nodes that lost entries.
  size_t foreign_removed = 0;  // Entries of other programs that were removed from nodes.
  size_t foreign_kept = 0;     // Nodes that keep another program's keys of these presets.
};

// Immutable once made.
class StripList {
 public:
  // The index of `graph` must have loaded EditList::KeysToLoad().
  StripList(const GraphView& graph, const absl::optional<PresetSet>& wanted);

  absl::Span<const Edit> edits() const { return edits_; }
  const StripScope& scope() const { return scope_; }
  const StripCounts& counts() const { return counts_; }

  // The presets that the model lists and this version does not know. Their keys stay.
  const std::vector<std::string>& unknown_presets() const { return unknown_presets_; }

 private:
  void StripNode(const GraphView& graph, NodeId node, bool called);
  void StripModel(const ModelIndex& index);
  void Remove(MessageRef message, const MetadataEntry& entry);
  void Replace(MessageRef message, const MetadataEntry& entry, absl::string_view key,
               absl::string_view value);

  PresetSet listed_;
  StripScope scope_;
  StripCounts counts_;
  std::vector<std::string> unknown_presets_;
  std::vector<Edit> edits_;
  StringTable bytes_;  // The bytes that the edits insert.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_STRIP_LIST_H_
