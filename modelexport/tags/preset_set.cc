#include "modelexport/tags/preset_set.h"

#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace modelexport {

PresetSet PresetSet::Parse(absl::string_view list) {
  PresetSet set;
  for (const absl::string_view name : absl::StrSplit(list, ',')) {
    const Preset* const preset = FindPreset(name);
    if (preset != nullptr) set = set | PresetSet(*preset);
  }
  return set;
}

std::string PresetSet::ToString() const {
  std::vector<absl::string_view> names;
  for (const Preset& preset : Presets()) {
    if (contains(preset)) names.push_back(preset.name);
  }
  return absl::StrJoin(names, ",");
}

}  // namespace modelexport
