// What the borrowed keys of one node must say: those of presets other than the default one.
#ifndef MODELEXPORT_VALIDATION_PRESET_RULES_H_
#define MODELEXPORT_VALIDATION_PRESET_RULES_H_

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/class_path.h"
#include "modelexport/tags/preset.h"

namespace modelexport {

// Entries of one node with keys of one preset, sorted: their order does not matter.
using PresetEntries = std::vector<std::pair<std::string, std::string>>;

// As `namespace="a/b"`, separated by commas; "nothing".
std::string ToText(const PresetEntries& entries);

class PresetRules {
 public:
  // Which of the rules for torch.nn the entries follow.
  struct Verdict {
    bool hide = false, show = false;
    bool right() const { return hide || show; }
  };

  // All must outlive the object.
  PresetRules(const Hierarchy& hierarchy, const ClassPaths& hide, const ClassPaths& show)
      : hierarchy_(hierarchy), paths_{&hide, &show} {}

  // Entries of a node that `module` owns.
  Verdict Judge(const Preset& preset, ModuleId module, const PresetEntries& entries);

  // Entries of a node whose owner is not known: what any module would have.
  Verdict Judge(const Preset& preset, const PresetEntries& entries);

  // What a node of `module` must have, torch.nn hidden.
  const PresetEntries& Expected(const Preset& preset, ModuleId module);

 private:
  using Both = std::array<PresetEntries, 2>;  // Torch.nn hidden, shown.

  Both Render(const Preset& preset, ModuleId module) const;
  const Both& Remembered(const Preset& preset, ModuleId module);

  const Hierarchy& hierarchy_;
  const ClassPaths* const paths_[2];
  absl::flat_hash_map<std::pair<const Preset*, ModuleId>, Both> expected_;
  // Of all modules, made when first needed.
  absl::flat_hash_map<const Preset*, std::array<absl::flat_hash_set<PresetEntries>, 2>> all_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_PRESET_RULES_H_
