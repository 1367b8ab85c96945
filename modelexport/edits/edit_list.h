// What tagging a model changes in it: metadata entries written, replaced and removed.
#ifndef MODELEXPORT_EDITS_EDIT_LIST_H_
#define MODELEXPORT_EDITS_EDIT_LIST_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/edits/injection_options.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/proto/string_table.h"
#include "modelexport/resolution/owner.h"
#include "modelexport/tags/keys.h"
#include "modelexport/tags/preset.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

// What became of one preset, in nodes.
struct PresetCounts {
  size_t foreign_kept = 0;      // Other programs wrote its keys there, which stay.
  size_t foreign_replaced = 0;  // They did, and options.replace_foreign was on.
  size_t unwritable = 0;        // Preset::unwritable.
};

// Edits of one model. Makes no file: SplicePlan carries them out. Immutable once made.
class EditList {
 public:
  // The keys whose values the index of a model must have loaded (IndexOptions).
  static std::vector<std::string> KeysToLoad() {
    return {std::string(kPresetsKey), std::string(kForeignKey)};
  }

  // `owners` holds one entry for each node of `graph`. On nodes that are tagged, and on the model,
  // keys that are ours are replaced in place, further ones of the same key and those not written
  // now are removed, and new ones stand behind all other fields.
  //
  // Ours are the program's own keys and, on nodes, those of the presets that the model lists. Where
  // a node has keys of a preset that it does not list, they are foreign: they stay, the preset
  // writes nothing there, and modelexport.foreign notes it, so that they are known as foreign ever
  // after.
  //
  // Ends soon after `*cancelled` becomes true, with only some of the edits; null: never.
  EditList(const GraphView& graph, const Hierarchy& hierarchy, absl::Span<const Owner> owners,
           PresetSet presets, const InjectionOptions& options,
           const std::atomic<bool>* cancelled = nullptr);

  absl::Span<const Edit> edits() const { return edits_; }

  const PresetCounts& counts(const Preset& preset) const {
    return counts_[&preset - Presets().data()];
  }

  // For people and tests, a line for each entry, as `#3 + modelexport.module = "encoder"`; "=" for
  // an entry replaced, "-" for one removed.
  std::string ToText(const GraphView& graph) const;

 private:
  class Writer;

  std::vector<Edit> edits_;
  std::vector<PresetCounts> counts_;  // By position in Presets().
  StringTable bytes_;                 // What the edits of nodes insert,
  std::deque<std::string> of_model_;  // and those of the model.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_EDIT_LIST_H_
