// What taking our tags out of a model changes in it.
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

// What is taken out of a model.
struct StripScope {
  // Presets whose keys go where they are ours: not from nodes that note them as another program's
  // (modelexport.foreign), nor from functions that nothing calls, which tagging leaves alone. Keys
  // of the default preset are always ours.
  PresetSet ours;
  // Presets whose keys go whoever wrote them, wherever they are.
  PresetSet all;
  // Presets that are left: the model goes on listing them.
  PresetSet left;

  // Whether nothing is left, and so the notes about presets and the hierarchy go too.
  bool everything() const { return left.empty(); }

  // `wanted` absent: all that the model lists, and modelexport.* in any case. Else the keys of
  // these presets, listed or not.
  static StripScope Of(PresetSet listed, const absl::optional<PresetSet>& wanted);
};

struct StripCounts {
  size_t entries = 0;          // Removed from nodes and the model.
  size_t nodes = 0;            // That lost entries.
  size_t foreign_removed = 0;  // Entries removed from nodes that another program wrote.
  size_t foreign_kept = 0;     // Nodes with keys of listed presets that stay: another program's.
};

// Immutable once made.
class StripList {
 public:
  // The index of `graph` must have loaded EditList::KeysToLoad().
  StripList(const GraphView& graph, const absl::optional<PresetSet>& wanted);

  absl::Span<const Edit> edits() const { return edits_; }
  const StripScope& scope() const { return scope_; }
  const StripCounts& counts() const { return counts_; }

  // Names that the model lists and this version does not know: their keys stay.
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
  StringTable bytes_;  // What the edits insert.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_STRIP_LIST_H_
