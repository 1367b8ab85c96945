#include "modelexport/edits/outline_tags.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/edits/listed_presets.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/node_tags.h"

namespace modelexport {
namespace {

// The rule that the class paths of the model follow: the first node tells for which they differ.
NnModules RuleOf(const OwnedGraph& owned) {
  const ClassPaths hide(owned.hierarchy, NnModules::kHide);
  const ClassPaths show(owned.hierarchy, NnModules::kShow);
  for (size_t n = 0; n < owned.owners.size(); ++n) {
    const NodeTags tags = TagsOf(owned.graph, NodeId(n));
    if (tags.tag.empty()) continue;
    const ModuleId module = owned.owners[n].module;
    if (hide.shown(module) == show.shown(module)) continue;
    return tags.tag == show.Of(module) ? NnModules::kShow : NnModules::kHide;
  }
  return NnModules::kHide;
}

// Those that the model lists; the default one where nodes are tagged and it lists none.
PresetSet PresetsOf(const GraphView& graph) {
  const PresetSet listed = PresetSet::Parse(ListedPresets(graph.index()));
  if (!listed.empty()) return listed;
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    if (TagsOf(graph, NodeId(n)).module.has_value()) return PresetSet::Default();
  }
  return listed;
}

// How many of the first bytes two paths share, in whole segments.
size_t Shared(absl::string_view a, absl::string_view b) {
  size_t shared = 0, i = 0;
  for (; i < a.size() && i < b.size() && a[i] == b[i]; ++i) {
    if (a[i] == '.') shared = i;
  }
  const bool a_ends = i == a.size(), b_ends = i == b.size();
  if ((a_ends && (b_ends || b[i] == '.')) || (b_ends && a[i] == '.')) return i;
  return shared;
}

}  // namespace

OutlineTags::OutlineTags(const OwnedGraph& owned, const OutlinePlan& plan)
    : owned_(owned),
      plan_(plan),
      class_paths_(owned.hierarchy, RuleOf(owned)),
      presets_(PresetsOf(owned.graph)) {}

std::string OutlineTags::OfCall(const OutlineCall& call) const {
  const ModuleInstance& instance = plan_.candidates.instances[call.instance];
  TagFacts facts;
  facts.module = instance.module;
  facts.evidence = EvidenceOf(call);
  if (instance.call.valid() && owned_.hierarchy.module(instance.module).calls.value_or(0) > 1) {
    facts.call = owned_.hierarchy.call(instance.call).ordinal;
  }
  return Render(facts);
}

std::string OutlineTags::OfInnerCall(const OutlineFunction& function,
                                     const OutlineCall& call) const {
  TagFacts facts;
  facts.module = plan_.candidates.instances[call.instance].module;
  facts.evidence = EvidenceOf(call);
  const ModuleId base = ModuleOf(function);
  if (owned_.hierarchy.IsAncestorOrSelf(base, facts.module)) facts.base = base;
  return Render(facts);
}

std::string OutlineTags::OfNode(const OutlineFunction& function,
                                absl::Span<const NodeId> nodes) const {
  TagFacts facts;
  facts.evidence = owned_.owner(nodes[0]).evidence;
  facts.module = SharedByAll(function, nodes);
  if (facts.module.valid()) return Render(facts);
  facts.base = ModuleOf(function);
  facts.module = SharedBelow(function, nodes);
  return Render(facts);
}

std::string OutlineTags::OfConstant(const OutlineFunction& function) const {
  TagFacts facts;
  facts.module = facts.base = ModuleOf(function);
  facts.evidence = EvidenceKind::kInherited;
  return Render(facts);
}

std::string OutlineTags::Render(const TagFacts& facts) const {
  std::vector<TagEntry> entries;
  for (const Preset& preset : Presets()) {
    if (presets_.contains(preset)) preset.render({owned_.hierarchy, class_paths_}, facts, &entries);
  }
  std::string bytes;
  for (const TagEntry& entry : entries) {
    AppendStringEntry(node_proto::kMetadata, entry.key, entry.value, &bytes);
  }
  return bytes;
}

// The kind that is first in the list, of those of its nodes.
EvidenceKind OutlineTags::EvidenceOf(const OutlineCall& call) const {
  EvidenceKind evidence = EvidenceKind::kNone;
  for (NodeId node : plan_.block(call).nodes) {
    evidence = std::min(evidence, owned_.owner(node).evidence);
  }
  return evidence;
}

ModuleId OutlineTags::ModuleOf(const OutlineFunction& function) const {
  return plan_.candidates.instances[function.instance].module;
}

// Invalid if it is below the module of the function, or not one.
ModuleId OutlineTags::SharedByAll(const OutlineFunction& function,
                                  absl::Span<const NodeId> nodes) const {
  ModuleId shared;
  for (size_t r = 0; r < nodes.size(); ++r) {
    const OutlineRun& run = function.runs[r];
    const ModuleId module = owned_.owner(nodes[r]).module;
    if (shared.valid() && shared != module) return ModuleId();
    if (run.module.valid() && owned_.hierarchy.IsAncestorOrSelf(run.module, module)) {
      return ModuleId();
    }
    shared = module;
  }
  return shared;
}

ModuleId OutlineTags::SharedBelow(const OutlineFunction& function,
                                  absl::Span<const NodeId> nodes) const {
  const Hierarchy& hierarchy = owned_.hierarchy;
  absl::optional<absl::string_view> shared;
  for (size_t r = 0; r < nodes.size(); ++r) {
    const OutlineRun& run = function.runs[r];
    const ModuleId module = owned_.owner(nodes[r]).module;
    if (!run.module.valid()) continue;
    absl::string_view below;
    if (hierarchy.IsAncestorOrSelf(run.module, module)) {
      below = hierarchy.PathBelow(run.module, module);
    }
    shared = shared.has_value() ? below.substr(0, Shared(*shared, below)) : below;
  }
  const ModuleId base = ModuleOf(function);
  const ModuleId module = hierarchy.FindModule(hierarchy.PathAt(base, shared.value_or("")));
  return module.valid() ? module : base;
}

}  // namespace modelexport
