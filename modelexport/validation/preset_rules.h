// The rules for the borrowed keys of one node, which are those of presets other than the default
// one.
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

// The entries of one node with keys of one preset, sorted, since their order does not matter.
using PresetEntries = std::vector<std::pair<std::string, std::string>>;

// As `namespace="a/b"`, separated by commas; "nothing" if there are none.
std::string ToText(const PresetEntries& entries);

class PresetRules {
 public:
  // Which of the two rules for torch.nn the entries follow.
  struct Verdict {
    bool hide = false, show = false;
    bool right() const { return hide || show; }
  };

  // All arguments must outlive the object.
  PresetRules(const Hierarchy& hierarchy, const ClassPaths& hide, const ClassPaths& show)
      : hierarchy_(hierarchy), paths_{&hide, &show} {}

  // Judges the entries of a node that `module` owns.
  Verdict Judge(const Preset& preset, ModuleId module, const PresetEntries& entries);

  // Judges the entries of a node whose owner is not known: they must be those of some module.
  Verdict Judge(const Preset& preset, const PresetEntries& entries);

  // The entries that a node of `module` must have if torch.nn is hidden.
  const PresetEntries& Expected(const Preset& preset, ModuleId module);

 private:
  using Both = std::array<PresetEntries, 2>;  // With torch.nn hidden, and shown.

  Both Render(const Preset& preset, ModuleId module) const;
  const Both& Remembered(const Preset& preset, ModuleId module);

  const Hierarchy& hierarchy_;
  const ClassPaths* const paths_[2];
  absl::flat_hash_map<std::pair<const Preset*, ModuleId>, Both> expected_;
  // The entries of all modules, made when first needed.
  absl::flat_hash_map<const Preset*, std::array<absl::flat_hash_set<PresetEntries>, 2>> all_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_PRESET_RULES_H_
