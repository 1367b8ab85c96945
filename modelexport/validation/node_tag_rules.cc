#include "modelexport/validation/node_tag_rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/quoted.h"
#include "modelexport/tags/also_value.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

constexpr absl::string_view kKeys[CheckedTags::kNumKeys] = {
    kModuleKey, kTagKey, kEvidenceKey, kCallKey, kAlsoKey, kSubmoduleKey, kForeignKey};

// Digits without a leading zero.
bool ParseOrdinal(absl::string_view text, uint64_t* ordinal) {
  return absl::SimpleAtoi(text, ordinal) && text == absl::StrCat(*ordinal);
}

}  // namespace

absl::string_view CheckedTags::NameOf(Key key) { return kKeys[key]; }

void CheckedTags::Clear() {
  for (Entry& entry : entries_) {
    entry.times = 0;
    entry.value.clear();
  }
  unknown_keys_.clear();
  misplaced_keys_.clear();
  keeps_names_ = false;
  borrowed_.clear();
}

void CheckedTags::Add(absl::string_view key, absl::string_view value) {
  for (int i = 0; i < kNumKeys; ++i) {
    if (kKeys[i] != key) continue;
    if (++entries_[i].times == 1) entries_[i].value.assign(value.data(), value.size());
    return;
  }
  if (IsModelKey(key)) {
    misplaced_keys_.emplace_back(key);
  } else if (KeepsNames(key)) {
    keeps_names_ = true;
  } else if (IsOwnKey(key)) {
    unknown_keys_.emplace_back(key);
  } else {
    borrowed_.emplace_back(key, value);
  }
}

PresetEntries CheckedTags::Borrowed(const Preset& preset) const {
  PresetEntries entries;
  for (const auto& entry : borrowed_) {
    if (FindPresetOfKey(entry.first) == &preset) entries.push_back(entry);
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

NodeTagRules::NodeTagRules(const Hierarchy* hierarchy, PresetSet presets, Findings* findings)
    : hierarchy_(hierarchy), presets_(presets), findings_(findings) {
  counts_.presets = presets;
  if (hierarchy == nullptr) return;
  hide_.emplace(*hierarchy, NnModules::kHide);
  show_.emplace(*hierarchy, NnModules::kShow);
  preset_rules_.emplace(*hierarchy, *hide_, *show_);
}

NodeTagRules::Verdict NodeTagRules::Judge(const CheckedTags& tags, bool in_function, Place place) {
  verdict_ = Verdict();
  JudgeKeys(tags, place);
  tags.has(CheckedTags::kSubmodule) ? JudgeSubmodule(tags, in_function, place)
                                    : JudgeModule(tags, place);
  if (tags.has(CheckedTags::kAlso)) JudgeAlso(tags, place);
  JudgeEvidence(tags, place);
  if (tags.has(CheckedTags::kForeign)) JudgeForeign(tags, place);
  const PresetSet foreign = PresetSet::Parse(tags[CheckedTags::kForeign]);
  for (const Preset& preset : Presets()) {
    if (!(presets_.borrowed() - foreign).contains(preset)) continue;
    JudgePreset(preset, tags, in_function, place);
  }
  const bool owned = tags.has(CheckedTags::kModule) || tags.has(CheckedTags::kSubmodule);
  verdict_.tagged = owned && tags.has(CheckedTags::kEvidence);
  JudgeAlike(verdict_, place);
  return verdict_;
}

void NodeTagRules::JudgeAlike(const Verdict& verdict, Place place) {
  ++counts_.nodes;
  NoteRule(verdict.hide_only, place, &hide_only_);
  NoteRule(verdict.show_only, place, &show_only_);
  if (!verdict.tagged) return;
  ++counts_.tagged;
  ++(verdict.evidence.has_value() ? counts_.by_evidence[static_cast<int>(*verdict.evidence)]
                                  : counts_.unknown_evidence);
}

void NodeTagRules::PassUncalled() {
  ++counts_.nodes;
  ++counts_.uncalled;
}

void NodeTagRules::NoteRule(int uses, Place place, RuleUse* rule) {
  if (uses > 0 && rule->nodes == 0) rule->first_place = place();
  rule->nodes += uses;
}

// Whether a finding of the node being judged is wanted with its text.
bool NodeTagRules::Find(absl::string_view code) {
  verdict_.clean = false;
  return findings_->Count(code);
}

void NodeTagRules::JudgeKeys(const CheckedTags& tags, Place place) {
  if (!presets_.contains(Presets()[0])) JudgeUnlisted(tags, place);
  absl::string_view missing[CheckedTags::kNumKeys];
  size_t num_missing = 0;
  const bool relative = tags.has(CheckedTags::kSubmodule);
  for (const CheckedTags::Key key :
       {CheckedTags::kModule, CheckedTags::kTag, CheckedTags::kEvidence}) {
    if (!presets_.contains(Presets()[0])) break;
    if (tags.has(key) || (relative && key != CheckedTags::kEvidence)) continue;
    missing[num_missing++] = CheckedTags::NameOf(key);
  }
  if (num_missing > 0 && Find("tag.missing")) {
    findings_->Keep("tag.missing", place(),
                    absl::StrCat("no ", absl::StrJoin(missing, missing + num_missing, ", ")));
  }
  for (int i = 0; i < CheckedTags::kNumKeys; ++i) {
    const auto key = static_cast<CheckedTags::Key>(i);
    if (tags.times(key) < 2 || !Find("tag.duplicate_key")) continue;
    findings_->Keep(
        "tag.duplicate_key", place(),
        absl::StrCat(CheckedTags::NameOf(key), " is there ", tags.times(key), " times"));
  }
  for (const std::string& key : tags.unknown_keys()) {
    if (!Find("tag.unknown_key")) continue;
    findings_->Keep("tag.unknown_key", place(), absl::StrCat("key ", Quoted(key)));
  }
  for (const std::string& key : tags.misplaced_keys()) {
    if (!Find("tag.misplaced")) continue;
    findings_->Keep("tag.misplaced", place(), absl::StrCat("key ", Quoted(key)));
  }
}

// Without the default preset a node has only what notes the keys of other programs.
void NodeTagRules::JudgeUnlisted(const CheckedTags& tags, Place place) {
  std::vector<absl::string_view> keys;
  for (int i = 0; i < CheckedTags::kNumKeys; ++i) {
    const auto key = static_cast<CheckedTags::Key>(i);
    if (key != CheckedTags::kForeign && tags.has(key)) keys.push_back(CheckedTags::NameOf(key));
  }
  if (keys.empty() || !Find("tag.unlisted")) return;
  findings_->Keep("tag.unlisted", place(), absl::StrJoin(keys, ", "));
}

void NodeTagRules::JudgeSubmodule(const CheckedTags& tags, bool in_function, Place place) {
  std::string problem;
  if (!in_function) {
    problem = "modelexport.submodule outside a function";
  } else if (tags.has(CheckedTags::kModule) || tags.has(CheckedTags::kTag) ||
             tags.has(CheckedTags::kCall) || tags.has(CheckedTags::kAlso)) {
    problem = "modelexport.submodule beside modelexport.module, .tag, .call or .also";
  }
  if (!problem.empty() && Find("tag.submodule")) {
    findings_->Keep("tag.submodule", place(), std::move(problem));
  }
}

void NodeTagRules::JudgeModule(const CheckedTags& tags, Place place) {
  if (hierarchy_ == nullptr || !tags.has(CheckedTags::kModule)) return;
  const ModuleId module = hierarchy_->FindByPath(tags[CheckedTags::kModule]);
  if (module.valid()) {
    if (tags.has(CheckedTags::kTag)) JudgeClassPath(tags, module, place);
    if (tags.has(CheckedTags::kCall)) JudgeCall(tags, module, place);
    return;
  }
  if (!Find("tag.unknown_module")) return;
  const ModuleId aliased = hierarchy_->FindModule(tags[CheckedTags::kModule]);
  findings_->Keep("tag.unknown_module", place(),
                  absl::StrCat(Quoted(tags[CheckedTags::kModule]),
                               aliased.valid() ? " is an alias of " : " is no module",
                               aliased.valid() ? Quoted(hierarchy_->module(aliased).path) : ""));
}

void NodeTagRules::JudgeClassPath(const CheckedTags& tags, ModuleId module, Place place) {
  const std::string hidden = hide_->Of(module);
  const bool hide = tags[CheckedTags::kTag] == hidden;
  const bool show = tags[CheckedTags::kTag] == show_->Of(module);
  if (hide || show) return Follow(hide, show);
  if (!Find("tag.class_path")) return;
  findings_->Keep("tag.class_path", place(),
                  absl::StrCat(Quoted(tags[CheckedTags::kTag]), " where module ",
                               Quoted(tags[CheckedTags::kModule]), " reads ", Quoted(hidden)));
}

void NodeTagRules::JudgeCall(const CheckedTags& tags, ModuleId module, Place place) {
  const absl::optional<int64_t> calls = hierarchy_->module(module).calls;
  uint64_t ordinal = 0;
  const bool is_number = ParseOrdinal(tags[CheckedTags::kCall], &ordinal);
  const bool needs_none = calls == 1;  // Absent calls are not known, so that any number is fine.
  const bool is_call = !calls.has_value() || ordinal < static_cast<uint64_t>(*calls);
  if (is_number && is_call && !needs_none) return;
  if (!Find("tag.call")) return;
  findings_->Keep("tag.call", place(),
                  is_number
                      ? absl::StrCat("call ", ordinal, " of module ",
                                     Quoted(tags[CheckedTags::kModule]), ", which has ", *calls)
                      : absl::StrCat(Quoted(tags[CheckedTags::kCall]), " is no number"));
}

// Where nothing speaks for a node, it has the root, in whatever call.
void NodeTagRules::JudgeNone(const CheckedTags& tags, Place place) {
  const absl::string_view module = tags[CheckedTags::kModule];
  if (module.empty() && !tags.has(CheckedTags::kCall)) return;
  if (!Find("tag.none")) return;
  findings_->Keep(
      "tag.none", place(),
      absl::StrCat("evidence \"none\", but ",
                   module.empty() ? "a call" : absl::StrCat("module ", Quoted(module))));
}

void NodeTagRules::JudgeAlso(const CheckedTags& tags, Place place) {
  std::string problem = WrongInAlso(tags);
  if (problem.empty() || !Find("tag.also")) return;
  findings_->Keep("tag.also", place(), std::move(problem));
}

// "" if it is right, as far as that can be told.
std::string NodeTagRules::WrongInAlso(const CheckedTags& tags) const {
  const absl::string_view value = tags[CheckedTags::kAlso];
  const absl::StatusOr<std::vector<std::string>> paths = ParseAlso(value);
  if (!paths.ok()) return absl::StrCat("is no array of paths: ", paths.status().message());
  if (paths->empty()) return "is empty";
  ModuleId last;
  for (const std::string& path : *paths) {
    if (path == tags[CheckedTags::kModule]) return absl::StrCat("has the owner, ", Quoted(path));
    if (hierarchy_ == nullptr) continue;
    const ModuleId module = hierarchy_->FindByPath(path);
    if (!module.valid()) return absl::StrCat(Quoted(path), " is no path of a module");
    if (last.valid() && !(last < module)) {
      return absl::StrCat(Quoted(path), " is not in the order of modules");
    }
    last = module;
  }
  return "";
}

void NodeTagRules::JudgeEvidence(const CheckedTags& tags, Place place) {
  const absl::string_view evidence = tags[CheckedTags::kEvidence];
  if (evidence == NameOf(EvidenceKind::kNone)) JudgeNone(tags, place);
  verdict_.evidence = EvidenceKindOf(evidence);
  if (!tags.has(CheckedTags::kEvidence) || verdict_.evidence.has_value()) return;
  if (!Find("tag.evidence")) return;
  findings_->Keep("tag.evidence", place(), absl::StrCat("unknown value ", Quoted(evidence)));
}

void NodeTagRules::Follow(bool hide, bool show) {
  verdict_.hide_only += hide && !show;
  verdict_.show_only += show && !hide;
}

// Each name must be that of a borrowed preset that the model lists, once, with keys on the node.
void NodeTagRules::JudgeForeign(const CheckedTags& tags, Place place) {
  PresetSet seen;
  for (const absl::string_view name : absl::StrSplit(tags[CheckedTags::kForeign], ',')) {
    const Preset* const preset = FindPreset(name);
    absl::string_view problem;
    if (preset == nullptr || !presets_.borrowed().contains(*preset)) {
      problem = " is no preset that the model lists";
    } else if (seen.contains(*preset)) {
      problem = " is there again";
    } else {
      seen = seen | PresetSet(*preset);
      if (tags.Borrowed(*preset).empty()) problem = " has no key here";
    }
    if (problem.empty() || !Find("tag.foreign")) continue;
    findings_->Keep("tag.foreign", place(), absl::StrCat(Quoted(name), problem));
  }
}

void NodeTagRules::JudgePreset(const Preset& preset, const CheckedTags& tags, bool in_function,
                               Place place) {
  const PresetEntries entries = tags.Borrowed(preset);
  const bool relative = tags.has(CheckedTags::kSubmodule);
  if (entries.empty() && (relative || (in_function && !tags.has(CheckedTags::kModule)))) return;
  if (!preset_rules_.has_value()) return;
  ModuleId module;
  if (tags.has(CheckedTags::kModule)) {
    module = hierarchy_->FindByPath(tags[CheckedTags::kModule]);
    if (!module.valid()) return;  // Which is a finding of its own.
  }
  PresetRules::Verdict verdict;
  if (!relative) {
    verdict = module.valid() ? preset_rules_->Judge(preset, module, entries)
                             : preset_rules_->Judge(preset, entries);
  }
  if (verdict.right()) return Follow(verdict.hide, verdict.show);
  if (!Find("tag.preset")) return;
  const std::string expected =
      module.valid() ? absl::StrCat("where module ", Quoted(tags[CheckedTags::kModule]), " has ",
                                    ToText(preset_rules_->Expected(preset, module)))
      : relative     ? "where several chains of calls lead"
                     : "as no module has it";
  findings_->Keep("tag.preset", place(),
                  absl::StrCat(preset.name, ": ", ToText(entries), " ", expected));
}

void NodeTagRules::Finish() {
  const bool mostly_hide = hide_only_.nodes >= show_only_.nodes;
  const RuleUse& fewer = mostly_hide ? show_only_ : hide_only_;
  if (fewer.nodes == 0) return;
  findings_->Add(
      "tag.class_path", fewer.first_place,
      absl::StrCat("modules of torch.nn are ", mostly_hide ? "shown" : "hidden", " here and on ",
                   fewer.nodes - 1, " nodes after it, ", mostly_hide ? "hidden" : "shown", " on ",
                   (mostly_hide ? hide_only_ : show_only_).nodes, " others"));
}

}  // namespace modelexport
