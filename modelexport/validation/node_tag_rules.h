// The rules for the tags of one node (docs/tags.md), independent of how a file is walked.
#ifndef MODELEXPORT_VALIDATION_NODE_TAG_RULES_H_
#define MODELEXPORT_VALIDATION_NODE_TAG_RULES_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/class_path.h"
#include "modelexport/tags/evidence_kind.h"
#include "modelexport/tags/preset_set.h"
#include "modelexport/validation/finding.h"
#include "modelexport/validation/preset_rules.h"
#include "modelexport/validation/tag_counts.h"

namespace modelexport {

// The metadata entries of one node that have the program's own keys or borrowed ones.
class CheckedTags {
 public:
  enum Key { kModule, kTag, kEvidence, kCall, kAlso, kSubmodule, kForeign, kNumKeys };
  static absl::string_view NameOf(Key key);

  void Clear();
  void Add(absl::string_view key, absl::string_view value);

  uint32_t times(Key key) const { return entries_[key].times; }
  bool has(Key key) const { return times(key) > 0; }
  // The value of the first entry with the key; "" if there is none.
  absl::string_view operator[](Key key) const { return entries_[key].value; }
  const std::vector<std::string>& unknown_keys() const { return unknown_keys_; }
  // Keys that only the model has.
  const std::vector<std::string>& misplaced_keys() const { return misplaced_keys_; }
  // Whether there are entries that keep old names, which differ from node to node.
  bool keeps_names() const { return keeps_names_; }
  // The entries with keys of `preset`, which is not the default one.
  PresetEntries Borrowed(const Preset& preset) const;

 private:
  struct Entry {
    uint32_t times = 0;
    std::string value;
  };
  std::array<Entry, kNumKeys> entries_;
  std::vector<std::string> unknown_keys_, misplaced_keys_;
  bool keeps_names_ = false;
  PresetEntries borrowed_;
};

// Judges the tags of a file's nodes one after the other.
class NodeTagRules {
 public:
  // Names the place of a node. Called only if there is a finding.
  using Place = absl::FunctionRef<std::string()>;

  // `hierarchy`, which may be null, and `findings` must outlive the object. `presets` are those
  // that the model lists.
  NodeTagRules(const Hierarchy* hierarchy, PresetSet presets, Findings* findings);
  NodeTagRules(const NodeTagRules&) = delete;
  NodeTagRules& operator=(const NodeTagRules&) = delete;

  // The verdict on a node outside functions that nothing calls.
  struct Verdict {
    bool clean = true;  // No findings.
    bool tagged = false;
    absl::optional<EvidenceKind> evidence;  // Absent if it is unknown.
    int hide_only = 0, show_only = 0;       // Class paths that follow only this rule.
  };

  // Counts a node and judges it.
  Verdict Judge(const CheckedTags& tags, bool in_function, Place place);

  // Does the same for a node that has the same tags as one whose verdict was clean. Both nodes must
  // be in functions, or neither.
  void JudgeAlike(const Verdict& verdict, Place place);

  // Counts a node in a function that nothing calls.
  void PassUncalled();

  // Adds the findings that need all nodes. To be called once, last.
  void Finish();

  const TagCounts& counts() const { return counts_; }

 private:
  // The nodes whose class paths follow one rule and not the other.
  struct RuleUse {
    uint64_t nodes = 0;
    std::string first_place;
  };

  bool Find(absl::string_view code);
  void JudgeKeys(const CheckedTags& tags, Place place);
  void JudgeUnlisted(const CheckedTags& tags, Place place);
  void JudgeSubmodule(const CheckedTags& tags, bool in_function, Place place);
  void JudgeModule(const CheckedTags& tags, Place place);
  void JudgeClassPath(const CheckedTags& tags, ModuleId module, Place place);
  void JudgeCall(const CheckedTags& tags, ModuleId module, Place place);
  void JudgeAlso(const CheckedTags& tags, Place place);
  std::string WrongInAlso(const CheckedTags& tags) const;
  void JudgeNone(const CheckedTags& tags, Place place);
  void JudgeEvidence(const CheckedTags& tags, Place place);
  void JudgeForeign(const CheckedTags& tags, Place place);
  void JudgePreset(const Preset& preset, const CheckedTags& tags, bool in_function, Place place);
  void Follow(bool hide, bool show);
  void NoteRule(int uses, Place place, RuleUse* rule);

  const Hierarchy* const hierarchy_;
  const PresetSet presets_;
  Findings* const findings_;
  absl::optional<ClassPaths> hide_, show_;
  absl::optional<PresetRules> preset_rules_;
  Verdict verdict_;  // On the node being judged.
  RuleUse hide_only_, show_only_;
  TagCounts counts_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_NODE_TAG_RULES_H_
