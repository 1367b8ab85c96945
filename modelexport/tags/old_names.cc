#include "modelexport/tags/old_names.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/metadata_value.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
bool IsRenamed(const ByteSource& source) {
  Cursor cursor(source);
  Field entry, field;
  bool renamed = false;
  while (cursor.Next(&entry)) {
    if (entry.number != model_proto::kMetadata || entry.type != WireType::kBytes) continue;
    const Cursor::Message message(cursor, entry);
    bool is_mark = false;  // The last of a repeated key counts.
    while (cursor.Next(&field)) {
      if (field.number != string_entry_proto::kKey || field.type != WireType::kBytes) continue;
      is_mark = cursor.Bytes(field) == kRenamedKey;
    }
    renamed |= is_mark;
  }
  return renamed && cursor.status().ok();
}

absl::StatusOr<std::unique_ptr<OldNames>> OldNames::Read(const ByteSource& renamed,
                                                         const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(ModelIndex index, ModelIndex::Build(renamed, {}));
  std::unique_ptr<OldNames> old(new OldNames(std::move(index)));
  MX_RETURN_IF_ERROR(old->ReadNotes(cancelled));
  MX_RETURN_IF_ERROR(old->CheckFree());
  MX_RETURN_IF_ERROR(old->names_.Make(cancelled, &old->edits_));
  old->plan_ = std::make_unique<const SplicePlan>(old->index_, old->edits_);
  old->source_ = std::make_unique<const SplicedSource>(renamed, *old->plan_);
  return old;
}

absl::Status OldNames::ReadNotes(const std::atomic<bool>* cancelled) {
  for (size_t g = 0; g < index_.graphs().size(); ++g) {
    const GraphRecord& graph = index_.graphs()[g];
    for (uint32_t n = 0; n < graph.num_nodes; ++n) {
      if (EndsEarly(cancelled, n)) return CheckCancelled(cancelled);
      MX_RETURN_IF_ERROR(ReadNode(NodeId(graph.first_node + n), names_.roots()[g]));
    }
  }
  for (const MetadataEntry& entry : index_.model_metadata()) {
    if (KeepsNames(index_.text(entry.key))) Erase(MessageRef::Model(), entry);
  }
  return CheckCancelled(cancelled);
}

// Of several entries with one key the first counts, as everywhere. All of them go.
absl::Status OldNames::ReadNode(NodeId node, GraphId root) {
  absl::flat_hash_set<absl::string_view> seen;
  for (const MetadataEntry& entry : index_.metadata(node)) {
    const absl::string_view key = index_.text(entry.key);
    if (!KeepsNames(key)) continue;
    Erase(MessageRef::Of(node), entry);
    if (!seen.insert(key).second || key == kRenamedKey) continue;
    MX_ASSIGN_OR_RETURN(const auto value, ReadMetadataValue(index_.source(), entry));
    size_t output = 0;
    if (key == kNameKey) {
      const absl::string_view name = index_.text(index_.node(node).name);
      if (value.has_value() && *value == name) idle_.push_back(node);
      names_.NameNode(
          node, value.has_value() ? absl::make_optional<absl::string_view>(*value) : absl::nullopt);
      ++nodes_;
    } else if (absl::SimpleAtoi(key.substr(kOutputKeyPrefix.size()), &output) &&
               output < index_.outputs(node).size()) {
      MX_RETURN_IF_ERROR(ReadOutput(node, root, output, value.value_or("")));
    } else {
      idle_.push_back(node);
    }
  }
  return absl::OkStatus();
}

absl::Status OldNames::ReadOutput(NodeId node, GraphId root, size_t output,
                                  absl::string_view old_name) {
  const absl::string_view name = index_.text(index_.outputs(node)[output]);
  if (name == old_name || name.empty()) {
    idle_.push_back(node);
    return absl::OkStatus();
  }
  ++values_;
  if (names_.NameValue(root, name, old_name)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(index_.source().name(), ": value \"", absl::Utf8SafeCHexEscape(name),
                   "\": two nodes make it and keep different old names of it"));
}

// No value may get the name of another one, or reads of the one would become reads of the other.
absl::Status OldNames::CheckFree() const {
  if (values_ == 0) return absl::OkStatus();
  absl::flat_hash_set<std::pair<size_t, absl::string_view>> names;
  absl::flat_hash_set<std::pair<size_t, absl::string_view>> defined;
  absl::string_view taken;
  // Values that two nodes make have one name before and after: their second definition is the
  // file's own.
  const auto define = [&](GraphId root, absl::string_view name) {
    if (name.empty() || !defined.insert({root.index(), name}).second) return;
    const bool is_new =
        names.insert({root.index(), names_.NewName(root, name).value_or(name)}).second;
    if (!is_new) taken = names_.NewName(root, name).value_or(name);
  };
  for (size_t g = 0; g < index_.graphs().size(); ++g) {
    const GraphRecord& graph = index_.graphs()[g];
    const GraphId root = names_.roots()[g];
    for (const StringId name : graph.inputs) define(root, index_.text(name));
    for (const StringId name : graph.outputs) define(root, index_.text(name));
    for (uint32_t n = 0; n < graph.num_nodes; ++n) {
      const NodeId node(graph.first_node + n);
      for (const StringId name : index_.inputs(node)) define(root, index_.text(name));
      for (const StringId name : index_.outputs(node)) define(root, index_.text(name));
    }
  }
  for (const TensorRecord& tensor : index_.tensors()) {
    if (tensor.node.valid()) continue;
    define(names_.roots()[tensor.graph.index()], index_.text(tensor.name));
  }
  if (taken.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(index_.source().name(), ": a value cannot be called \"",
                   absl::Utf8SafeCHexEscape(taken), "\" again: another one has that name"));
}

void OldNames::Erase(MessageRef message, const MetadataEntry& entry) {
  edits_.push_back({message, {entry.range.whole(), ""}});
}

}  // namespace modelexport
