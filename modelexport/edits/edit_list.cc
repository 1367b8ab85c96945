#include "modelexport/edits/edit_list.h"

#include <cstdint>
#include <future>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/large_pages.h"
#include "modelexport/base/threads.h"
#include "modelexport/edits/listed_presets.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {
namespace {

// The first IR version whose nodes have metadata_props (onnx/onnx.proto, IR_VERSION_2024_3_25).
constexpr int64_t kFirstIrVersionWithNodeMetadata = 10;

// Of fewer the sidecar is rendered sooner than a thread is started.
constexpr size_t kModulesWorthAThread = 10'000;

// As AppendStringEntry(), in the memory of the value: the model's may be as large as the sidecar.
std::string EntryBytes(uint32_t field, TagEntry entry) {
  constexpr auto kBytes = static_cast<uint32_t>(WireType::kBytes);
  std::string before;
  AppendBytesField(string_entry_proto::kKey, entry.key, &before);
  AppendVarint(string_entry_proto::kValue << 3 | kBytes, &before);
  AppendVarint(entry.value.size(), &before);
  std::string header;
  AppendVarint(field << 3 | kBytes, &header);
  AppendVarint(before.size() + entry.value.size(), &header);
  return std::move(entry.value.insert(0, header + before));
}

}  // namespace

class EditList::Writer {
 public:
  Writer(const ModelIndex& index, const Hierarchy& hierarchy, PresetSet presets,
         const InjectionOptions& options, EditList* list)
      : index_(index),
        hierarchy_(hierarchy),
        options_(options),
        class_paths_(hierarchy, options.nn_modules),
        now_(presets),
        before_(PresetSet::Parse(ListedPresets(index))),
        list_(list),
        by_key_(0, KeyHash{&encoded_}, SameKey{&encoded_}),
        last_of_module_(hierarchy.modules().size(), kNoTag) {
    ReserveInLargePages(hierarchy.modules().size(), &encoded_);  // Most have one at most.
  }

  void TagNode(NodeId node, const Owner& owner, absl::Span<const AlsoModule> also) {
    TagFacts tag = TagOf(owner);
    std::vector<ModuleId> others;
    for (const AlsoModule& other : also) others.push_back(other.module);
    tag.also = others;
    const absl::Span<const MetadataEntry> entries = index_.metadata(node);
    Foreign foreign;
    if (!entries.empty() && (now_ | before_).borrows()) foreign = ForeignOn(node, tag);
    const PresetSet written = now_ - foreign.kept;
    const PresetSet ours = PresetSet::Default() | (before_ - foreign.noted) | written;
    const EncodedTag& encoded = Encoded(tag, written, foreign.kept);
    CountPresets(foreign, encoded.unwritable);
    const uint64_t end = index_.node(node).range.end();
    for (const MetadataEntry& entry : entries) {
      if (!ours.OwnsKey(index_.text(entry.key))) continue;
      ReplaceEntries(MessageRef::Of(node), entries, ours, Render(tag, written, foreign.kept),
                     node_proto::kMetadata, end);
      return;
    }
    if (!encoded.bytes.empty())
      list_->edits_.push_back({MessageRef::Of(node), {{end, end}, encoded.bytes}});
  }

  // After the nodes: what only they need makes room for the sidecar.
  void TagModel(std::string embedded) {
    last_of_module_ = std::vector<uint32_t>();
    by_key_.clear();
    encoded_ = std::vector<EncodedTag>();
    std::vector<TagEntry> entries;
    entries.push_back({kPresetsKey, now_.ToString()});
    if (options_.embed_hierarchy) entries.push_back({kHierarchyKey, std::move(embedded)});
    ReplaceEntries(MessageRef::Model(), index_.model_metadata(), PresetSet::Default(),
                   std::move(entries), model_proto::kMetadata, index_.source().size());
  }

  void RaiseIrVersion() {
    const auto& version = index_.ir_version();
    if (version.has_value() && version->value >= kFirstIrVersionWithNodeMetadata) return;
    std::string field;
    AppendVarintField(model_proto::kIrVersion, kFirstIrVersionWithNodeMetadata, &field);
    const uint64_t end = index_.source().size();
    AddEdit(MessageRef::Model(), version.has_value() ? version->range : Range{end, end}, field);
  }

 private:
  TagFacts TagOf(const Owner& owner) const {
    TagFacts tag;
    tag.module = owner.module;
    tag.base = owner.base;
    tag.evidence = owner.evidence;
    if (owner.call.valid() && hierarchy_.module(owner.module).calls.value_or(0) > 1) {
      tag.call = hierarchy_.call(owner.call).ordinal;
    }
    return tag;
  }

  // What is known of the borrowed keys on one node.
  struct Foreign {
    PresetSet kept;      // Presets written now, but not here.
    PresetSet replaced;  // Written over.
    PresetSet noted;     // By an earlier run.
  };

  Foreign ForeignOn(NodeId node, const TagFacts& tag) const {
    Foreign foreign;
    foreign.noted = ForeignPresets(index_, node);
    const PresetSet ours = before_ - foreign.noted;
    for (const MetadataEntry& entry : index_.metadata(node)) {
      const Preset* const preset = FindPresetOfKey(index_.text(entry.key));
      if (preset == nullptr || !(now_.borrowed() - ours).contains(*preset)) continue;
      std::vector<TagEntry> entries;
      if (options_.replace_foreign) preset->render({hierarchy_, class_paths_}, tag, &entries);
      PresetSet& set = entries.empty() ? foreign.kept : foreign.replaced;
      set = set | PresetSet(*preset);
    }
    return foreign;
  }

  void CountPresets(const Foreign& foreign, PresetSet unwritable) {
    if ((foreign.kept | foreign.replaced | unwritable).empty()) return;
    for (size_t i = 0; i < Presets().size(); ++i) {
      PresetCounts& counts = list_->counts_[i];
      counts.foreign_kept += foreign.kept.contains(Presets()[i]);
      counts.foreign_replaced += foreign.replaced.contains(Presets()[i]);
      counts.unwritable += unwritable.contains(Presets()[i]);
    }
  }

  std::vector<TagEntry> Render(const TagFacts& tag, PresetSet presets, PresetSet foreign,
                               PresetSet* unwritable = nullptr) const {
    std::vector<TagEntry> entries;
    for (const Preset& preset : Presets()) {
      if (!presets.contains(preset)) continue;
      const bool written = preset.render({hierarchy_, class_paths_}, tag, &entries);
      if (!written && unwritable != nullptr) *unwritable = *unwritable | PresetSet(preset);
    }
    if (!foreign.empty()) entries.push_back({kForeignKey, foreign.ToString()});
    return entries;
  }

  // All that an EncodedTag depends on.
  using TagKey =
      std::tuple<ModuleId, ModuleId, EvidenceKind, uint32_t, uint32_t, std::vector<ModuleId>>;

  struct EncodedTag {
    TagKey key;
    absl::string_view bytes;
    PresetSet unwritable;
  };

  // Of a set of positions in `encoded`, in which keys are looked up: they are kept once.
  struct KeyHash {
    using is_transparent = void;
    size_t operator()(const TagKey& key) const { return absl::Hash<TagKey>()(key); }
    size_t operator()(uint32_t at) const { return (*this)((*encoded)[at].key); }
    const std::vector<EncodedTag>* encoded;
  };
  struct SameKey {
    using is_transparent = void;
    bool operator()(uint32_t at, const TagKey& key) const { return (*encoded)[at].key == key; }
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    const std::vector<EncodedTag>* encoded;
  };

  // The entries of a tag as bytes, made once for each distinct tag. Most nodes have the tag that
  // the last one of their module had.
  const EncodedTag& Encoded(const TagFacts& tag, PresetSet presets, PresetSet foreign) {
    const TagKey key(tag.module, tag.base, tag.evidence, tag.call.value_or(kNoCall), foreign.bits(),
                     {tag.also.begin(), tag.also.end()});
    uint32_t& last = last_of_module_[tag.module.index()];
    if (last != kNoTag && encoded_[last].key == key) return encoded_[last];
    const auto known = by_key_.find(key);
    if (known != by_key_.end()) {
      last = *known;
    } else {
      last = static_cast<uint32_t>(encoded_.size());
      encoded_.push_back(Encode(key, tag, presets, foreign));
      by_key_.insert(last);
    }
    return encoded_[last];
  }

  EncodedTag Encode(const TagKey& key, const TagFacts& tag, PresetSet presets, PresetSet foreign) {
    EncodedTag encoded;
    encoded.key = key;
    buffer_.clear();
    for (const TagEntry& entry : Render(tag, presets, foreign, &encoded.unwritable)) {
      AppendStringEntry(node_proto::kMetadata, entry.key, entry.value, &buffer_);
    }
    encoded.bytes = list_->bytes_.Store(buffer_);
    return encoded;
  }

  // Edits the metadata `old` of one message: entries with keys of `wanted` are replaced, others of
  // `ours` removed, what is left of `wanted` is inserted at `end`.
  void ReplaceEntries(MessageRef message, absl::Span<const MetadataEntry> old, PresetSet ours,
                      std::vector<TagEntry> wanted, uint32_t field, uint64_t end) {
    std::vector<bool> written(wanted.size());
    for (const MetadataEntry& entry : old) {
      const absl::string_view key = index_.text(entry.key);
      if (!ours.OwnsKey(key)) continue;
      std::string bytes;
      for (size_t i = 0; i < wanted.size(); ++i) {
        if (written[i] || wanted[i].key != key) continue;
        bytes = EntryBytes(field, std::move(wanted[i]));
        written[i] = true;
        break;
      }
      AddEdit(message, entry.range.whole(), std::move(bytes));
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (!written[i]) AddEdit(message, {end, end}, EntryBytes(field, std::move(wanted[i])));
    }
  }

  void AddEdit(MessageRef message, Range erase, std::string bytes) {
    absl::string_view kept;
    if (!message.is_model()) {
      kept = list_->bytes_.Store(bytes);
    } else {
      // The model's may have as many bytes as the sidecar: moved, not copied.
      list_->of_model_.push_back(std::move(bytes));
      kept = list_->of_model_.back();
    }
    list_->edits_.push_back({message, {erase, kept}});
  }

  static constexpr uint32_t kNoCall = 0xFFFFFFFF;
  static constexpr uint32_t kNoTag = 0xFFFFFFFF;

  const ModelIndex& index_;
  const Hierarchy& hierarchy_;
  const InjectionOptions& options_;
  const ClassPaths class_paths_;
  const PresetSet now_;
  const PresetSet before_;  // What the model lists.
  EditList* const list_;
  std::vector<EncodedTag> encoded_;
  absl::flat_hash_set<uint32_t, KeyHash, SameKey> by_key_;  // Positions in it.
  std::vector<uint32_t> last_of_module_;                    // Likewise; kNoTag before the first.
  std::string buffer_;
};

EditList::EditList(const ModelIndex& index, const Hierarchy& hierarchy,
                   absl::Span<const Owner> owners, const AlsoModules& also, PresetSet presets,
                   const InjectionOptions& options, const std::atomic<bool>* cancelled)
    : counts_(Presets().size()) {
  const auto render = [&hierarchy] { return RenderEmbedded(hierarchy); };
  std::future<std::string> embedded;
  if (options.embed_hierarchy) {
    embedded = Start(hierarchy.modules().size() >= kModulesWorthAThread, render);
  }
  Writer writer(index, hierarchy, presets, options, this);
  ReserveInLargePages(owners.size() + 2, &edits_);
  for (size_t i = 0; i < owners.size(); ++i) {
    if (EndsEarly(cancelled, i)) break;
    if (owners[i].tagged) writer.TagNode(NodeId(i), owners[i], also.of(NodeId(i)));
  }
  writer.TagModel(options.embed_hierarchy ? embedded.get() : "");
  if (options.raise_ir_version) writer.RaiseIrVersion();
}

namespace {

// The key of the metadata entry of `node` (invalid: of the model) that begins at `offset`.
absl::string_view KeyAt(const ModelIndex& index, NodeId node, uint64_t offset) {
  for (const MetadataEntry& entry : node.valid() ? index.metadata(node) : index.model_metadata()) {
    if (entry.range.begin == offset) return index.text(entry.key);
  }
  return "";
}

void AppendEntryText(absl::string_view place, char sign, const ByteSource& bytes,
                     std::string* text) {
  Cursor cursor(bytes);
  Field entry;
  while (cursor.Next(&entry)) {
    absl::StrAppend(text, place, " ", std::string(1, sign));
    if (entry.type != WireType::kBytes) {
      absl::StrAppend(text, " field ", entry.number, " = ", entry.value, "\n");
      continue;
    }
    const Cursor::Message message(cursor, entry);
    Field field;
    while (cursor.Next(&field)) {
      const bool is_key = field.number == string_entry_proto::kKey;
      absl::StrAppend(text, is_key ? " " : " = \"", cursor.Bytes(field), is_key ? "" : "\"\n");
    }
  }
}

}  // namespace

std::string EditList::ToText(const GraphView& graph) const {
  std::string text;
  for (const Edit& edit : edits_) {
    const NodeId node = edit.message.node();
    const std::string place = node.valid() ? graph.Place(node) : "model";
    const Range erase = edit.splice.erase;
    if (edit.splice.bytes.empty()) {
      absl::StrAppend(&text, place, " - ", KeyAt(graph.index(), node, erase.begin), "\n");
      continue;
    }
    AppendEntryText(place, erase.size() > 0 ? '=' : '+',
                    *BytesInMemory(std::string(edit.splice.bytes)), &text);
  }
  return text;
}

}  // namespace modelexport
