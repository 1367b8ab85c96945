#include "modelexport/validation/preset_rules.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace modelexport {

std::string ToText(const PresetEntries& entries) {
  std::string text;
  for (const auto& entry : entries) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", entry.first, "=\"",
                    absl::CHexEscape(entry.second), "\"");
  }
  return text.empty() ? "nothing" : text;
}

PresetRules::Both PresetRules::Render(const Preset& preset, ModuleId module) const {
  TagFacts tag;
  tag.module = module;
  Both both;
  for (size_t i = 0; i < both.size(); ++i) {
    std::vector<TagEntry> entries;
    preset.render({hierarchy_, *paths_[i]}, tag, &entries);
    for (TagEntry& entry : entries) both[i].emplace_back(entry.key, std::move(entry.value));
    std::sort(both[i].begin(), both[i].end());
  }
  return both;
}

const PresetRules::Both& PresetRules::Remembered(const Preset& preset, ModuleId module) {
  const auto added = expected_.try_emplace({&preset, module});
  if (added.second) added.first->second = Render(preset, module);
  return added.first->second;
}

const PresetEntries& PresetRules::Expected(const Preset& preset, ModuleId module) {
  return Remembered(preset, module)[0];
}

PresetRules::Verdict PresetRules::Judge(const Preset& preset, ModuleId module,
                                        const PresetEntries& entries) {
  const Both& expected = Remembered(preset, module);
  return {entries == expected[0], entries == expected[1]};
}

PresetRules::Verdict PresetRules::Judge(const Preset& preset, const PresetEntries& entries) {
  const auto added = all_.try_emplace(&preset);
  auto& all = added.first->second;
  for (size_t m = 0; added.second && m < hierarchy_.modules().size(); ++m) {
    Both both = Render(preset, ModuleId(m));
    for (size_t i = 0; i < both.size(); ++i) all[i].insert(std::move(both[i]));
  }
  return {all[0].contains(entries), all[1].contains(entries)};
}

}  // namespace modelexport
