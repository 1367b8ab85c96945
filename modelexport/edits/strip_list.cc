#include "modelexport/edits/strip_list.h"

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/edits/listed_presets.h"
#include "modelexport/graph/called_graphs.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/keys.h"
#include "modelexport/tags/preset.h"

namespace modelexport {

StripScope StripScope::Of(PresetSet listed, const absl::optional<PresetSet>& wanted) {
  StripScope scope;
  scope.ours = wanted.value_or(listed | PresetSet::Default());
  if (wanted.has_value()) {
    scope.all = *wanted;
    scope.left = listed - *wanted;
  }
  return scope;
}

StripList::StripList(const GraphView& graph, const absl::optional<PresetSet>& wanted)
    : listed_(PresetSet::Parse(ListedPresets(graph.index()))),
      scope_(StripScope::Of(listed_, wanted)) {
  const std::vector<int> chains = CountCallChains(graph);
  for (size_t i = 0; i < graph.index().graphs().size(); ++i) {
    const GraphRecord& record = graph.index().graphs()[i];
    for (uint32_t n = 0; n < record.num_nodes; ++n) {
      StripNode(graph, NodeId(record.first_node + n), chains[i] > 0);
    }
  }
  StripModel(graph.index());
}

void StripList::StripNode(const GraphView& graph, NodeId node, bool called) {
  const ModelIndex& index = graph.index();
  const PresetSet noted = ForeignPresets(index, node);
  const PresetSet ours = called ? scope_.ours - noted : scope_.ours & PresetSet::Default();
  const PresetSet written_by_us = called ? listed_ - noted : PresetSet();
  const PresetSet removed = ours | scope_.all;
  const size_t before = counts_.entries;
  for (const MetadataEntry& entry : index.metadata(node)) {
    const absl::string_view key = index.text(entry.key);
    if (key == kForeignKey) {
      const PresetSet left = noted & scope_.left;
      if (left.empty()) Remove(MessageRef::Of(node), entry);
      if (!left.empty() && left != noted)
        Replace(MessageRef::Of(node), entry, kForeignKey, left.ToString());
    } else if (removed.OwnsKey(key)) {
      Remove(MessageRef::Of(node), entry);
      counts_.foreign_removed += !IsOwnKey(key) && !written_by_us.OwnsKey(key);
    }
  }
  counts_.nodes += counts_.entries > before;
  counts_.foreign_kept += !((noted & scope_.ours) - removed).empty();
}

void StripList::StripModel(const ModelIndex& index) {
  std::vector<absl::string_view> left;
  for (const absl::string_view name : absl::StrSplit(ListedPresets(index), ',')) {
    const Preset* const preset = FindPreset(name);
    if (preset == nullptr && !name.empty()) unknown_presets_.emplace_back(name);
    if (preset == nullptr || scope_.left.contains(*preset)) left.push_back(name);
  }
  for (const MetadataEntry& entry : index.model_metadata()) {
    const absl::string_view key = index.text(entry.key);
    if (!IsOwnKey(key)) continue;
    const bool is_note = key == kPresetsKey || key == kHierarchyKey;
    if (is_note ? scope_.everything() : scope_.ours.OwnsKey(key)) {
      Remove(MessageRef::Model(), entry);
    } else if (key == kPresetsKey && scope_.left != listed_) {
      Replace(MessageRef::Model(), entry, kPresetsKey, absl::StrJoin(left, ","));
    }
  }
}

void StripList::Remove(MessageRef message, const MetadataEntry& entry) {
  edits_.push_back({message, {entry.range.whole(), ""}});
  ++counts_.entries;
}

void StripList::Replace(MessageRef message, const MetadataEntry& entry, absl::string_view key,
                        absl::string_view value) {
  const uint32_t field =
      message.is_model() ? uint32_t{model_proto::kMetadata} : uint32_t{node_proto::kMetadata};
  std::string bytes;
  AppendStringEntry(field, key, value, &bytes);
  edits_.push_back({message, {entry.range.whole(), bytes_[bytes_.Add(bytes)]}});
}

}  // namespace modelexport
