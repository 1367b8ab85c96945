// What tagging a model changes in it: metadata entries written, replaced and removed.
#ifndef MODELEXPORT_INJECTION_EDIT_LIST_H_
#define MODELEXPORT_INJECTION_EDIT_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/resolution/owner.h"
#include "modelexport/tags/class_path.h"
#include "modelexport/tags/preset.h"
#include "modelexport/wire/splice_plan.h"
#include "modelexport/wire/string_table.h"

namespace modelexport {

struct InjectionOptions {
  std::vector<const Preset*>
      presets;  // Each once, in the order in which their entries are written.
  NnModules nn_modules = NnModules::kHide;
  bool embed_hierarchy = true;    // Write modelexport.hierarchy into the model's metadata.
  bool raise_ir_version = false;  // To 10, the first version whose nodes have metadata.
};

// Edits of one model. Makes no file: wire::SplicePlan carries them out. Immutable once made.
class EditList {
 public:
  // `owners` holds one entry for each node of `graph`. On nodes that are tagged, and on the model,
  // the program's own keys are replaced in place, further ones of the same key and those not
  // written now are removed, and new ones stand behind all other fields.
  EditList(const GraphView& graph, const Hierarchy& hierarchy, absl::Span<const Owner> owners,
           const InjectionOptions& options);

  absl::Span<const wire::Edit> edits() const { return edits_; }

  // For people and tests, a line for each entry, as `#3 + modelexport.module = "encoder"`; "=" for
  // an entry replaced, "-" for one removed.
  std::string ToText(const GraphView& graph) const;

 private:
  class Writer;

  std::vector<wire::Edit> edits_;
  wire::StringTable bytes_;  // What the edits insert.
};

}  // namespace modelexport

#endif  // MODELEXPORT_INJECTION_EDIT_LIST_H_
