#include "modelexport/injection/edit_list.h"

#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/hierarchy/sidecar_json.h"
#include "modelexport/tags/keys.h"
#include "modelexport/wire/cursor.h"
#include "modelexport/wire/encode.h"
#include "modelexport/wire/onnx_fields.h"

namespace modelexport {
namespace {

using wire::MetadataEntry;
using wire::Range;

// The first IR version whose nodes have metadata_props (onnx/onnx.proto, IR_VERSION_2024_3_25).
constexpr int64_t kFirstIrVersionWithNodeMetadata = 10;

Range RangeOf(const MetadataEntry& entry) { return {entry.range.begin, entry.range.end}; }

}  // namespace

class EditList::Writer {
 public:
  Writer(const GraphView& graph, const Hierarchy& hierarchy, const InjectionOptions& options,
         EditList* list)
      : graph_(graph),
        hierarchy_(hierarchy),
        options_(options),
        class_paths_(hierarchy, options.nn_modules),
        list_(list) {}

  void TagNode(NodeId node, const Owner& owner) {
    const Tag tag = TagOf(owner);
    const wire::ModelIndex& index = graph_.index();
    for (const MetadataEntry& entry : index.metadata(node)) {
      if (!IsOwnKey(index.text(entry.key))) continue;
      ReplaceEntries(node, index.metadata(node), Render(tag), wire::node_proto::kMetadata,
                     index.node(node).range.end);
      return;
    }
    const uint64_t end = index.node(node).range.end;
    list_->edits_.push_back({node, {{end, end}, Encoded(tag)}});
  }

  void TagModel() {
    std::vector<TagEntry> entries;
    const auto name_of = [](std::string* out, const Preset* preset) {
      absl::StrAppend(out, preset->name);
    };
    entries.push_back({kPresetsKey, absl::StrJoin(options_.presets, ",", name_of)});
    if (options_.embed_hierarchy) entries.push_back({kHierarchyKey, RenderEmbedded(hierarchy_)});
    const wire::ModelIndex& index = graph_.index();
    ReplaceEntries(NodeId(), index.model_metadata(), entries, wire::model_proto::kMetadata,
                   index.source().size());
  }

  void RaiseIrVersion() {
    const auto& version = graph_.index().ir_version();
    if (version.has_value() && version->value >= kFirstIrVersionWithNodeMetadata) return;
    std::string field;
    wire::AppendVarintField(wire::model_proto::kIrVersion, kFirstIrVersionWithNodeMetadata, &field);
    const uint64_t end = graph_.index().source().size();
    AddEdit(NodeId(), version.has_value() ? version->range : Range{end, end}, field);
  }

 private:
  Tag TagOf(const Owner& owner) const {
    Tag tag;
    tag.module = owner.module;
    tag.base = owner.base;
    tag.evidence = owner.evidence;
    if (owner.call.valid() && hierarchy_.module(owner.module).calls.value_or(0) > 1) {
      tag.call = hierarchy_.call(owner.call).ordinal;
    }
    return tag;
  }

  std::vector<TagEntry> Render(const Tag& tag) const {
    std::vector<TagEntry> entries;
    for (const Preset* preset : options_.presets) {
      preset->render({hierarchy_, class_paths_}, tag, &entries);
    }
    return entries;
  }

  // The entries of a tag as bytes, made once for each distinct tag.
  absl::string_view Encoded(const Tag& tag) {
    const auto added = encoded_.try_emplace(
        std::make_tuple(tag.module, tag.base, tag.evidence, tag.call.value_or(kNoCall)));
    if (added.second) {
      std::string bytes;
      for (const TagEntry& entry : Render(tag)) {
        wire::AppendStringEntry(wire::node_proto::kMetadata, entry.key, entry.value, &bytes);
      }
      added.first->second = Keep(bytes);
    }
    return added.first->second;
  }

  // Edits the metadata `old` of one message: entries with keys of `wanted` are replaced, other own
  // ones removed, what is left of `wanted` is inserted at `end`.
  void ReplaceEntries(NodeId node, absl::Span<const MetadataEntry> old,
                      const std::vector<TagEntry>& wanted, uint32_t field, uint64_t end) {
    std::vector<bool> written(wanted.size());
    for (const MetadataEntry& entry : old) {
      const absl::string_view key = graph_.index().text(entry.key);
      if (!IsOwnKey(key)) continue;
      std::string bytes;
      for (size_t i = 0; i < wanted.size(); ++i) {
        if (written[i] || wanted[i].key != key) continue;
        wire::AppendStringEntry(field, wanted[i].key, wanted[i].value, &bytes);
        written[i] = true;
        break;
      }
      AddEdit(node, RangeOf(entry), bytes);
    }
    std::string rest;
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (!written[i]) wire::AppendStringEntry(field, wanted[i].key, wanted[i].value, &rest);
    }
    if (!rest.empty()) AddEdit(node, {end, end}, rest);
  }

  void AddEdit(NodeId node, Range erase, absl::string_view bytes) {
    list_->edits_.push_back({node, {erase, Keep(bytes)}});
  }

  absl::string_view Keep(absl::string_view bytes) {
    return list_->bytes_[list_->bytes_.Add(bytes)];
  }

  static constexpr uint32_t kNoCall = 0xFFFFFFFF;
  using TagKey = std::tuple<ModuleId, ModuleId, EvidenceKind, uint32_t>;

  const GraphView& graph_;
  const Hierarchy& hierarchy_;
  const InjectionOptions& options_;
  const ClassPaths class_paths_;
  EditList* const list_;
  absl::flat_hash_map<TagKey, absl::string_view> encoded_;
};

EditList::EditList(const GraphView& graph, const Hierarchy& hierarchy,
                   absl::Span<const Owner> owners, const InjectionOptions& options) {
  Writer writer(graph, hierarchy, options, this);
  edits_.reserve(owners.size() + 2);
  for (size_t i = 0; i < owners.size(); ++i) {
    if (owners[i].tagged) writer.TagNode(NodeId(i), owners[i]);
  }
  writer.TagModel();
  if (options.raise_ir_version) writer.RaiseIrVersion();
}

namespace {

// The key of the metadata entry of `node` (invalid: of the model) that begins at `offset`.
absl::string_view KeyAt(const wire::ModelIndex& index, NodeId node, uint64_t offset) {
  for (const MetadataEntry& entry : node.valid() ? index.metadata(node) : index.model_metadata()) {
    if (entry.range.begin == offset) return index.text(entry.key);
  }
  return "";
}

void AppendEntryText(absl::string_view place, char sign, const wire::ByteSource& bytes,
                     std::string* text) {
  wire::Cursor cursor(bytes);
  wire::Field entry;
  while (cursor.Next(&entry)) {
    absl::StrAppend(text, place, " ", std::string(1, sign));
    if (entry.type != wire::WireType::kBytes) {
      absl::StrAppend(text, " field ", entry.number, " = ", entry.value, "\n");
      continue;
    }
    const wire::Cursor::Message message(cursor, entry);
    wire::Field field;
    while (cursor.Next(&field)) {
      const bool is_key = field.number == wire::string_entry_proto::kKey;
      absl::StrAppend(text, is_key ? " " : " = \"", cursor.Bytes(field), is_key ? "" : "\"\n");
    }
  }
}

}  // namespace

std::string EditList::ToText(const GraphView& graph) const {
  std::string text;
  for (const wire::Edit& edit : edits_) {
    const std::string place = edit.node.valid() ? graph.Place(edit.node) : "model";
    const Range erase = edit.splice.erase;
    if (edit.splice.bytes.empty()) {
      absl::StrAppend(&text, place, " - ", KeyAt(graph.index(), edit.node, erase.begin), "\n");
      continue;
    }
    AppendEntryText(place, erase.size() > 0 ? '=' : '+',
                    *wire::BytesInMemory(std::string(edit.splice.bytes)), &text);
  }
  return text;
}

}  // namespace modelexport
