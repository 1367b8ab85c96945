#include "modelexport/commands/preset_flag.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/fault.h"

namespace modelexport {

std::string PresetNames() {
  std::vector<absl::string_view> names;
  for (const Preset& preset : Presets()) names.push_back(preset.name);
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<PresetSet> ChoosePresets(const std::string& keys) {
  PresetSet chosen;
  for (const absl::string_view name : absl::StrSplit(keys, ',')) {
    const Preset* const preset = FindPreset(name);
    if (preset == nullptr) {
      return WithFault(absl::InvalidArgumentError(absl::StrCat("--keys=", keys, ": \"", name,
                                                               "\" is none of ", PresetNames())),
                       Fault::kUsage);
    }
    chosen = chosen | PresetSet(*preset);
  }
  return chosen;
}

}  // namespace modelexport
