#include "modelexport/edits/rename_list.h"

#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/edits/module_scopes.h"
#include "modelexport/evidence/names/scope_name.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/evidence_kind.h"
#include "modelexport/tags/keys.h"
#include "modelexport/tags/node_tags.h"

namespace modelexport {
namespace {

// Names, each of which one node or value may have.
class UniqueNames {
 public:
  // False if the name is taken already.
  bool Take(absl::string_view name) { return taken_.insert(std::string(name)).second; }

  // Takes `wanted`, or the first of "<wanted>_1", "<wanted>_2" ... that is free. For one `wanted`
  // no number is tried twice, so that each try but the last meets another taken name.
  std::string TakeNext(absl::string_view wanted) {
    uint32_t& number = numbers_[std::string(wanted)];
    std::string name(wanted);
    if (number > 0) name = absl::StrCat(wanted, "_", number);
    while (taken_.contains(name)) name = absl::StrCat(wanted, "_", ++number);
    taken_.insert(name);
    return name;
  }

 private:
  absl::flat_hash_set<std::string> taken_;
  absl::flat_hash_map<std::string, uint32_t> numbers_;
};

// Whether a name is `wanted`, alone or with a number after it.
bool Says(absl::string_view name, absl::string_view wanted) {
  if (!absl::StartsWith(name, wanted)) return false;
  if (name.size() == wanted.size()) return true;
  const absl::string_view number = name.substr(wanted.size());
  // With a digit before it, so that CutNumber() has a base.
  return number[0] == '_' && CutNumber(absl::StrCat("x", number)).has_value() &&
         number.find('_', 1) == number.npos;
}

// The key alone where `value` is absent.
std::string Entry(uint32_t field, absl::string_view key, absl::optional<absl::string_view> value) {
  std::string content, entry;
  AppendBytesField(string_entry_proto::kKey, key, &content);
  if (value.has_value()) AppendBytesField(string_entry_proto::kValue, *value, &content);
  AppendBytesField(field, content, &entry);
  return entry;
}

}  // namespace

class RenameList::Writer {
 public:
  Writer(const GraphView& graph, const RenameOptions& options, RenameList* list)
      : graph_(graph),
        index_(graph.index()),
        options_(options),
        list_(list),
        scopes_(options.hierarchy) {}

  absl::Status Run() {
    list_->names_ = std::make_unique<NameEdits>(index_);
    notes_.resize(graph_.num_nodes());
    is_named_by_module_.resize(graph_.num_nodes());
    MX_RETURN_IF_ERROR(NameNodes());
    list_->nodes_ = list_->changes_.size();
    if (options_.values && index_.num_training_info() == 0) MX_RETURN_IF_ERROR(NameValues());
    MX_RETURN_IF_ERROR(list_->names_->Make(options_.cancelled, &list_->edits_));
    for (size_t i = 0; i < notes_.size(); ++i) {
      if (notes_[i].empty()) continue;
      const uint64_t end = index_.node(NodeId(i)).range.end();
      list_->edits_.push_back({MessageRef::Of(NodeId(i)), {{end, end}, Keep(notes_[i])}});
    }
    if (!list_->changes_.empty()) MarkModel();
    return absl::OkStatus();
  }

 private:
  // What a node is to be called, before its number; absent if it keeps its name.
  absl::optional<std::string> Wanted(NodeId node) {
    if (options_.owners != nullptr) return WantedByOwner(node);
    const NodeTags tags = TagsOf(graph_, node);
    if (!tags.module.has_value() && tags.evidence.empty()) return absl::nullopt;
    ++list_->tagged_;
    const bool unknown = tags.evidence == NameOf(EvidenceKind::kNone);
    if (unknown && !graph_.name(node).empty()) return absl::nullopt;
    return absl::StrCat(tags.module.has_value() ? Scope(*tags.module) : Relative(tags.submodule),
                        graph_.op_type(node));
  }

  absl::optional<std::string> WantedByOwner(NodeId node) {
    const Owner& owner = (*options_.owners)[node.index()];
    if (!owner.tagged) return absl::nullopt;
    ++list_->tagged_;
    if (owner.evidence == EvidenceKind::kNone && !graph_.name(node).empty()) return absl::nullopt;
    absl::string_view path = options_.owned_by->module(owner.module).path;
    if (!owner.base.valid()) return absl::StrCat(Scope(path), graph_.op_type(node));
    absl::ConsumePrefix(&path, options_.owned_by->module(owner.base).path);
    absl::ConsumePrefix(&path, ".");
    return absl::StrCat(Relative(path), graph_.op_type(node));
  }

  // With "/" at both ends.
  const std::string& Scope(absl::string_view module) {
    const auto added = scope_of_.try_emplace(module);
    if (added.second) added.first->second = absl::StrCat(scopes_.Of(module), "/");
    return added.first->second;
  }

  // What is relative to the caller of a function has no "/" before it.
  static std::string Relative(absl::string_view submodule) {
    return submodule.empty() ? "" : absl::StrCat(ScopeOfPath(submodule).substr(1), "/");
  }

  // First the names that stay: a new one must not take them.
  absl::Status NameNodes() {
    std::vector<std::pair<NodeId, std::string>> renamed;
    for (size_t i = 0; i < graph_.num_nodes(); ++i) {
      if (EndsEarly(options_.cancelled, i)) return CheckCancelled(options_.cancelled);
      const absl::string_view name = graph_.name(NodeId(i));
      absl::optional<std::string> wanted = Wanted(NodeId(i));
      is_named_by_module_[i] = wanted.has_value();
      const bool stays = !wanted.has_value() || Says(name, *wanted);
      if (stays && (name.empty() || node_names_.Take(name))) continue;
      renamed.emplace_back(NodeId(i), wanted.has_value() ? *std::move(wanted) : std::string(name));
    }
    for (const auto& node : renamed) {
      MX_RETURN_IF_ERROR(NameNode(node.first, node_names_.TakeNext(node.second)));
    }
    return absl::OkStatus();
  }

  absl::Status NameNode(NodeId node, absl::string_view name) {
    absl::optional<absl::string_view> old = graph_.name(node);
    if (old->empty()) {
      MX_ASSIGN_OR_RETURN(const bool has_field, HasNameField(index_, node));
      if (!has_field) old.reset();
    }
    list_->names_->NameNode(node, name);
    notes_[node.index()] = Entry(node_proto::kMetadata, kNameKey, old);
    new_names_[node.index()] = Keep(name);
    list_->changes_.push_back({node, -1, old.value_or(""), new_names_[node.index()]});
    return absl::OkStatus();
  }

  // How often the graphs with one root define a name; often for an input or output of a graph, and
  // for an initializer.
  using Key = std::pair<size_t, absl::string_view>;

  void CountDefinitions() {
    constexpr uint32_t kFixed = 2;
    for (size_t g = 0; g < index_.graphs().size(); ++g) {
      const GraphRecord& graph = index_.graphs()[g];
      const size_t root = list_->names_->roots()[g].index();
      for (const auto* names : {&graph.inputs, &graph.outputs}) {
        for (const StringId name : *names) Define(root, index_.text(name), kFixed);
      }
      for (uint32_t n = 0; n < graph.num_nodes; ++n) {
        const NodeId node(graph.first_node + n);
        for (const StringId name : index_.inputs(node)) Define(root, index_.text(name), 0);
        for (const StringId name : index_.outputs(node)) Define(root, index_.text(name), 1);
      }
    }
    for (const TensorRecord& tensor : index_.tensors()) {
      if (tensor.node.valid()) continue;
      const size_t root = list_->names_->roots()[tensor.graph.index()].index();
      Define(root, index_.text(tensor.name), kFixed);
    }
  }

  // Values of different roots do not meet, but a model in which their names differ too is easier
  // to read, and stays right when functions are inlined.
  void Define(size_t root, absl::string_view name, uint32_t times) {
    definitions_[{root, name}] += times;
    value_names_.Take(name);
  }

  absl::Status NameValues() {
    CountDefinitions();
    MX_RETURN_IF_ERROR(list_->names_->VisitDeclaredNames(
        [this](absl::string_view name) { value_names_.Take(name); }));
    for (size_t g = 0; g < index_.graphs().size(); ++g) {
      const GraphRecord& graph = index_.graphs()[g];
      for (uint32_t n = 0; n < graph.num_nodes; ++n) {
        if (EndsEarly(options_.cancelled, n)) return CheckCancelled(options_.cancelled);
        NameOutputs(NodeId(graph.first_node + n), list_->names_->roots()[g]);
      }
    }
    return absl::OkStatus();
  }

  void NameOutputs(NodeId node, GraphId root) {
    if (!is_named_by_module_[node.index()]) return;
    const auto renamed = new_names_.find(node.index());
    const absl::string_view node_name =
        renamed == new_names_.end() ? graph_.name(node) : renamed->second;
    for (size_t i = 0; i < index_.outputs(node).size(); ++i) {
      const absl::string_view name = index_.text(index_.outputs(node)[i]);
      const std::string wanted = absl::StrCat(node_name, "_output_", i);
      if (name.empty() || definitions_[{root.index(), name}] != 1 || Says(name, wanted)) continue;
      NameOutput(node, root, i, value_names_.TakeNext(wanted));
    }
  }

  void NameOutput(NodeId node, GraphId root, size_t output, absl::string_view name) {
    const absl::string_view old = index_.text(index_.outputs(node)[output]);
    list_->names_->NameValue(root, old, name);
    notes_[node.index()] +=
        Entry(node_proto::kMetadata, absl::StrCat(kOutputKeyPrefix, output), old);
    list_->changes_.push_back({node, static_cast<int>(output), old, Keep(name)});
  }

  void MarkModel() {
    const uint64_t end = index_.source().size();
    const std::string entry =
        Entry(model_proto::kMetadata, kRenamedKey, list_->values() > 0 ? "nodes,values" : "nodes");
    list_->edits_.push_back({MessageRef::Model(), {{end, end}, Keep(entry)}});
  }

  absl::string_view Keep(absl::string_view bytes) {
    return list_->bytes_[list_->bytes_.Add(bytes)];
  }

  const GraphView& graph_;
  const ModelIndex& index_;
  const RenameOptions& options_;
  RenameList* const list_;
  const ModuleScopes scopes_;
  absl::flat_hash_map<absl::string_view, std::string> scope_of_;
  UniqueNames node_names_, value_names_;
  std::vector<std::string> notes_;        // By node: what is added to its metadata.
  std::vector<bool> is_named_by_module_;  // By node.
  absl::flat_hash_map<size_t, absl::string_view> new_names_;  // Of nodes.
  absl::flat_hash_map<Key, uint32_t> definitions_;
};

std::vector<std::string> RenameList::KeysToLoad() { return NodeTagKeys(); }

absl::StatusOr<RenameList> RenameList::Make(const GraphView& graph, const RenameOptions& options) {
  RenameList list;
  MX_RETURN_IF_ERROR(Writer(graph, options, &list).Run());
  return list;
}

std::string RenameList::ToText(const GraphView& graph) const {
  std::string text;
  for (const Change& change : changes_) {
    absl::StrAppend(&text, graph.Place(change.node));
    if (change.output >= 0) absl::StrAppend(&text, " output ", change.output);
    absl::StrAppend(&text, " \"", absl::CHexEscape(change.from), "\" -> \"",
                    absl::CHexEscape(change.to), "\"\n");
  }
  return text;
}

}  // namespace modelexport
