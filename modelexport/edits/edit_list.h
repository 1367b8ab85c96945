// The changes that tagging makes in a model: metadata entries written, replaced and removed.
#ifndef MODELEXPORT_EDITS_EDIT_LIST_H_
#define MODELEXPORT_EDITS_EDIT_LIST_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/string_arena.h"
#include "modelexport/edits/injection_options.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/resolution/also_modules.h"
#include "modelexport/resolution/owner.h"
#include "modelexport/tags/keys.h"
#include "modelexport/tags/preset.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {

// What became of one preset, as numbers of nodes.
struct PresetCounts {
  size_t foreign_kept = 0;      // Nodes on which other programs wrote its keys, which stay.
  size_t foreign_replaced = 0;  // The same, but options.replace_foreign was on.
  size_t unwritable = 0;        // Nodes on which it cannot be written (Preset::unwritable).
};

// The edits of one model. SplicePlan carries them out; this class makes no file. Immutable.
class EditList {
 public:
  // The metadata keys whose values the model's index must have loaded (IndexOptions).
  static std::vector<std::string> KeysToLoad() {
    return {std::string(kPresetsKey), std::string(kForeignKey)};
  }

  // `owners` holds one entry for each node of `index`, `also` the other modules of some. On nodes
  // that are tagged, and on the model, entries with keys that are ours are replaced in place;
  // repeated ones, and those that are not written now, are removed; new ones are added after all
  // other fields.
  //
  // The keys that are ours are the program's own and, on nodes, those of the presets that the model
  // lists. If a node has keys of a preset that the model does not list, they are foreign: they
  // stay, the preset writes nothing on that node, and modelexport.foreign notes the preset, so that
  // later runs know that the keys are foreign.
  //
  // It ends soon after `*cancelled` becomes true, with only some of the edits; null: never.
  EditList(const ModelIndex& index, const Hierarchy& hierarchy, absl::Span<const Owner> owners,
           const AlsoModules& also, PresetSet presets, const InjectionOptions& options,
           const std::atomic<bool>* cancelled = nullptr);

  absl::Span<const Edit> edits() const { return edits_; }

  const PresetCounts& counts(const Preset& preset) const {
    return counts_[&preset - Presets().data()];
  }

  // For people and tests: one line for each entry, as `#3 + modelexport.module = "encoder"`. "+" is
  // an entry added, "=" one replaced, and "-" one removed.
  std::string ToText(const GraphView& graph) const;

 private:
  class Writer;

  std::vector<Edit> edits_;
  std::vector<PresetCounts> counts_;  // By position in Presets().
  StringArena bytes_;                 // The bytes that the edits of nodes insert.
  std::deque<std::string> of_model_;  // The bytes that the edits of the model insert.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_EDIT_LIST_H_
