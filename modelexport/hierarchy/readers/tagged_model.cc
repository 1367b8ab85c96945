#include "modelexport/hierarchy/readers/tagged_model.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/quoted.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/graph/node_roles.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/hierarchy/hierarchy_builder.h"
#include "modelexport/hierarchy/readers/assumed_calls.h"
#include "modelexport/hierarchy/readers/embedded_hierarchy.h"
#include "modelexport/hierarchy/readers/name_scopes.h"
#include "modelexport/hierarchy/readers/stored_stats.h"
#include "modelexport/hierarchy/readers/unordered_modules.h"
#include "modelexport/onnx/element_type.h"
#include "modelexport/tags/also_value.h"
#include "modelexport/tags/evidence_kind.h"
#include "modelexport/tags/keys.h"
#include "modelexport/tags/node_tags.h"
#include "modelexport/tags/preset.h"

namespace modelexport {
namespace {

constexpr int64_t kUnknown = -1;

// What the nodes of a model are tagged with.
class Tags {
 public:
  explicit Tags(const GraphView& graph) : graph_(graph) {
    for (size_t n = 0; n < graph.num_nodes(); ++n) {
      of_.push_back(TagsOf(graph, NodeId(n)));
      any_ = any_ || of_.back().module.has_value();
    }
  }

  const NodeTags& of(NodeId node) const { return of_[node.index()]; }
  size_t size() const { return of_.size(); }
  bool any() const { return any_; }

  // A node without evidence has the root for want of anything better.
  bool HasEvidence(NodeId node) const { return of(node).evidence != NameOf(EvidenceKind::kNone); }

  absl::Status ErrorAt(NodeId node, absl::string_view message) const {
    return absl::InvalidArgumentError(absl::StrCat("node ", graph_.Place(node), " (",
                                                   absl::Utf8SafeCEscape(graph_.op_type(node)),
                                                   "): ", message));
  }

  // Which call of its module a node belongs to; kUnknown if that is not said.
  absl::StatusOr<int64_t> CallOf(NodeId node) const {
    const absl::string_view text = of(node).call;
    int64_t call = kUnknown;
    if (text.empty() || (absl::SimpleAtoi(text, &call) && call >= 0)) return call;
    return ErrorAt(node, absl::StrCat(kCallKey, " ", Quoted(text), " is no number of a call"));
  }

 private:
  const GraphView& graph_;
  std::vector<NodeTags> of_;  // By node.
  bool any_ = false;
};

// Why a model has no tags that could be used, and what helps.
absl::Status NotTagged(const GraphView& graph) {
  const ModelIndex& index = graph.index();
  absl::flat_hash_set<absl::string_view> foreign;
  bool has_scopes = false;
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    for (const MetadataEntry& entry : index.metadata(NodeId(n))) {
      const absl::string_view key = index.text(entry.key);
      if (FindPresetOfKey(key) != nullptr) foreign.insert(key);
      has_scopes = has_scopes || key == kNameScopesKey;
    }
  }
  std::vector<absl::string_view> keys(foreign.begin(), foreign.end());
  std::sort(keys.begin(), keys.end());
  std::string message = absl::StrCat("is not tagged: no node has ", kModuleKey);
  for (const absl::string_view key : keys) absl::StrAppend(&message, ", some have ", key);
  absl::StrAppend(&message, "; `modelexport tag` with ",
                  has_scopes ? "the word embedded for HIERARCHY" : "a sidecar", " tags it");
  return absl::InvalidArgumentError(message);
}

// The modules that nodes are tagged with.
absl::StatusOr<Hierarchy> ModulesOfTags(const Tags& tags) {
  UnorderedModules modules;
  absl::flat_hash_map<absl::string_view, size_t> position;  // In the list.
  for (size_t n = 0; n < tags.size(); ++n) {
    const NodeTags& of = tags.of(NodeId(n));
    if (!of.module.has_value() || !tags.HasEvidence(NodeId(n))) continue;
    const auto added = position.try_emplace(*of.module, modules.list.size());
    if (added.second) modules.list.push_back({std::string(*of.module), "", std::string(of.tag)});
    const std::string& tag = modules.list[added.first->second].traced_tag;
    if (tag == of.tag) continue;
    return tags.ErrorAt(NodeId(n),
                        absl::StrCat("module ", Quoted(*of.module), " has ", kTagKey, " ",
                                     Quoted(of.tag), ", but ", Quoted(tag), " on an earlier node"));
  }
  return BuildHierarchy(modules, [](const SidecarLocation&) { return std::string(kModuleKey); });
}

absl::StatusOr<Hierarchy> ReadModules(const GraphView& graph, const Tags& tags) {
  const ModelIndex& index = graph.index();
  for (const MetadataEntry& entry : index.model_metadata()) {
    if (index.text(entry.key) != kHierarchyKey || !entry.loaded.valid()) continue;
    return ParseOwnSidecar(index.text(entry.loaded));
  }
  return ModulesOfTags(tags);
}

// As in sidecars.
std::string DtypeOf(int32_t data_type) {
  const ElementType* const type = ElementTypeOf(data_type);
  if (type == nullptr) return "";
  if (data_type == data_type::kBool) return "bool";
  if (data_type == data_type::kBfloat16) return "bfloat16";
  const bool is_unsigned = data_type == data_type::kUint8 || data_type == data_type::kUint16 ||
                           data_type == data_type::kUint32 || data_type == data_type::kUint64 ||
                           data_type == data_type::kUint4;
  return absl::StrCat(type->is_float ? "float" : is_unsigned ? "uint" : "int", type->bits);
}

// The tensors of a model that have a name of their own.
class StoredTensors {
 public:
  explicit StoredTensors(const ModelIndex& index) : index_(index) {
    absl::flat_hash_map<absl::string_view, size_t> times;
    for (const TensorRecord& tensor : index.tensors()) {
      if (tensor.role == TensorRecord::Role::kInitializer) ++times[index.text(tensor.name)];
    }
    for (const TensorRecord& tensor : index.tensors()) {
      if (tensor.role != TensorRecord::Role::kInitializer) continue;
      const absl::string_view name = index.text(tensor.name);
      const bool is_usable = !name.empty() && name.size() <= Hierarchy::kMaxNameSize;
      if (is_usable && times[name] == 1 && NumElements(index, tensor).has_value()) {
        position_.emplace(&tensor - index.tensors().data(), tensors_.size());
        tensors_.push_back(&tensor);
      }
    }
  }

  const std::vector<const TensorRecord*>& all() const { return tensors_; }

  // Whether the tensor at this position in index.tensors() is one of them.
  bool Has(size_t tensor) const { return position_.contains(tensor); }

  // Of all(), those whose content may tell them apart where names of `other` do not.
  std::vector<bool> WantedBy(const ModelIndex& other) const {
    const absl::flat_hash_set<absl::string_view> names = StoredNames(other);
    absl::flat_hash_set<std::vector<int64_t>> lost;
    for (const TensorRecord* tensor : tensors_) {
      if (!names.contains(index_.text(tensor->name))) lost.insert(DimsOf(*tensor));
    }
    std::vector<bool> wanted;
    for (const TensorRecord* tensor : tensors_) wanted.push_back(lost.contains(DimsOf(*tensor)));
    return wanted;
  }

 private:
  static absl::flat_hash_set<absl::string_view> StoredNames(const ModelIndex& model) {
    absl::flat_hash_set<absl::string_view> names;
    for (const TensorRecord& tensor : model.tensors()) {
      if (tensor.role != TensorRecord::Role::kInitializer) continue;
      const absl::string_view name = model.text(tensor.name);
      names.insert(name);
      names.insert(absl::StripSuffix(name, kQuantizedSuffix));
    }
    return names;
  }

  std::vector<int64_t> DimsOf(const TensorRecord& tensor) const {
    const absl::Span<const int64_t> dims = index_.dims(tensor);
    return {dims.begin(), dims.end()};
  }

  const ModelIndex& index_;
  std::vector<const TensorRecord*> tensors_;
  absl::flat_hash_map<size_t, size_t> position_;
};

class TaggedModelReader {
 public:
  TaggedModelReader(const GraphView& graph, const Tags& tags, const Hierarchy& modules,
                    const TaggedModelOptions& options)
      : graph_(graph),
        index_(graph.index()),
        tags_(tags),
        modules_(modules),
        options_(options),
        tensors_(index_),
        roles_(graph),
        calls_of_(modules.modules().size()),
        op_of_(graph.num_nodes(), kUnknown) {}

  absl::StatusOr<Hierarchy> Read() {
    MX_RETURN_IF_ERROR(AddModules());
    MX_RETURN_IF_ERROR(AddTensors());
    MX_RETURN_IF_ERROR(AddCalls());
    builder_.SetOpsSource(OpsSource::kOnnx);
    for (const NodeId node : roles_.sequence()) MX_RETURN_IF_ERROR(AddNode(node));
    return std::move(builder_).Build();
  }

 private:
  absl::Status AddModules() {
    for (const std::string& warning : modules_.warnings()) builder_.Warn(warning);
    for (const Module& module : modules_.modules()) {
      if (module.implied) continue;
      MX_RETURN_IF_ERROR(builder_.AddModule(
          {module.path, module.class_name, module.calls, module.aliases, module.traced_tag}));
    }
    return absl::OkStatus();
  }

  absl::Status AddTensors() {
    std::vector<bool> wanted(tensors_.all().size());
    if (options_.other != nullptr) wanted = tensors_.WantedBy(*options_.other);
    for (size_t i = 0; i < wanted.size(); ++i) {
      const TensorRecord& tensor = *tensors_.all()[i];
      absl::optional<TensorStats> stats;
      if (wanted[i]) stats = ReadStats(tensor);
      MX_RETURN_IF_ERROR(builder_.AddTensor({index_.text(tensor.name),
                                             "",
                                             DtypeOf(tensor.data_type),
                                             index_.dims(tensor),
                                             {},
                                             stats}));
    }
    if (num_unreadable_ > 1) {
      absl::StrAppend(&unreadable_, "; and ", num_unreadable_ - 1, " more");
    }
    if (num_unreadable_ > 0) builder_.Warn(unreadable_);
    return absl::OkStatus();
  }

  absl::optional<TensorStats> ReadStats(const TensorRecord& tensor) {
    if (options_.cancelled != nullptr && *options_.cancelled) return absl::nullopt;
    const auto stats = StatsOf(index_, tensor, options_.folder);
    if (stats.ok()) return *stats;
    if (num_unreadable_++ == 0) {
      unreadable_ = absl::StrCat(Quoted(index_.text(tensor.name)),
                                 " cannot be compared by content: ", stats.status().message());
    }
    return absl::nullopt;
  }

  absl::Status AddCalls() {
    if (!modules_.calls().empty()) {
      for (const Call& call : modules_.calls()) {
        const auto parent =
            call.parent.valid() ? absl::make_optional<int64_t>(call.parent.index()) : absl::nullopt;
        MX_RETURN_IF_ERROR(AddCall(call.module, parent));
      }
      return absl::OkStatus();
    }
    builder_.AssumeCalls();
    MX_ASSIGN_OR_RETURN(const std::vector<int64_t> counts, CountCalls());
    for (const AssumedCall& call : AssumeCalls(modules_, counts)) {
      const auto parent = call.parent < 0 ? absl::nullopt : absl::make_optional(call.parent);
      MX_RETURN_IF_ERROR(AddCall(call.module, parent));
    }
    return absl::OkStatus();
  }

  absl::Status AddCall(ModuleId module, absl::optional<int64_t> parent) {
    calls_of_[module.index()].push_back(static_cast<int64_t>(calls_.size()));
    calls_.push_back({module, parent.value_or(kUnknown)});
    return builder_.AddCall(modules_.module(module).path, parent);
  }

  // By module: how often it was called, as far as the modules and the tags say.
  absl::StatusOr<std::vector<int64_t>> CountCalls() const {
    std::vector<int64_t> counts;
    for (const Module& module : modules_.modules()) {
      counts.push_back(module.MayHaveBeenCalled() ? module.calls.value_or(1) : 0);
    }
    for (const NodeId node : roles_.sequence()) {
      if (!tags_.of(node).module.has_value()) continue;
      const ModuleId module = modules_.FindModule(*tags_.of(node).module);
      if (!module.valid() || modules_.module(module).calls.has_value()) continue;
      MX_ASSIGN_OR_RETURN(const int64_t call, tags_.CallOf(node));
      // Each call but the first has a tag on one node at least.
      const int64_t most = static_cast<int64_t>(graph_.num_nodes());
      int64_t& count = counts[module.index()];
      if (count > 0 && call < most) count = std::max(count, call + 1);
    }
    return counts;
  }

  absl::Status AddNode(NodeId node) {
    const NodeTags& tags = tags_.of(node);
    if (!tags.module.has_value()) return absl::OkStatus();
    const ModuleId module = modules_.FindModule(*tags.module);
    if (!module.valid()) {
      if (!tags_.HasEvidence(node)) return absl::OkStatus();
      return tags_.ErrorAt(node, absl::StrCat(kModuleKey, " ", Quoted(*tags.module),
                                              " is no module of ", kHierarchyKey));
    }
    MX_ASSIGN_OR_RETURN(const absl::optional<int64_t> call, FindCall(node, module));
    const int64_t place = call.has_value() ? *call : NearestCall(module);
    if (place != kUnknown && roles_.role(node) == NodeRole::kImage) {
      MX_RETURN_IF_ERROR(AddOp(node, place));
      last_call_ = place;
    }
    if (!tags_.HasEvidence(node)) return absl::OkStatus();
    results_.clear();
    for (const ValueId output : graph_.outputs(node)) {
      if (output.valid()) results_.push_back(graph_.name(output));
    }
    const int64_t op = op_of_[node.index()];
    MX_ASSIGN_OR_RETURN(std::vector<std::string> also, AlsoOf(node));
    return builder_.AddNode({graph_.name(node), graph_.op_type(node), results_, *tags.module, call,
                             op == kUnknown ? absl::nullopt : absl::make_optional(op),
                             std::move(also)});
  }

  absl::StatusOr<std::vector<std::string>> AlsoOf(NodeId node) const {
    const absl::string_view value = tags_.of(node).also;
    if (value.empty()) return std::vector<std::string>();
    absl::StatusOr<std::vector<std::string>> paths = ParseAlso(value);
    if (paths.ok()) return paths;
    return tags_.ErrorAt(node, absl::StrCat(kAlsoKey, " ", Quoted(value), " is no array of paths"));
  }

  // The call of a module that the last operator ran in; else the next one, else the last one. Takes
  // time in proportion to the depth of calls, which readers bound.
  int64_t NearestCall(ModuleId module) const {
    const std::vector<int64_t>& calls = calls_of_[module.index()];
    if (calls.empty()) return kUnknown;
    for (int64_t call = last_call_; call != kUnknown; call = calls_[call].parent) {
      if (calls_[call].module == module) return call;
    }
    const auto next = std::upper_bound(calls.begin(), calls.end(), last_call_);
    return next == calls.end() ? calls.back() : *next;
  }

  absl::StatusOr<absl::optional<int64_t>> FindCall(NodeId node, ModuleId module) const {
    const std::vector<int64_t>& calls = calls_of_[module.index()];
    MX_ASSIGN_OR_RETURN(const int64_t call, tags_.CallOf(node));
    if (call == kUnknown) {
      return calls.size() == 1 ? absl::make_optional(calls[0]) : absl::nullopt;
    }
    if (static_cast<size_t>(call) < calls.size()) return absl::make_optional(calls[call]);
    if (calls_.empty()) return absl::optional<int64_t>();  // Too many to tell apart.
    return tags_.ErrorAt(node, absl::StrCat(kCallKey, " is ", call, ", but module ",
                                            Quoted(modules_.module(module).path), " has ",
                                            calls.size(), calls.size() == 1 ? " call" : " calls"));
  }

  absl::Status AddOp(NodeId node, int64_t call) {
    reads_.clear();
    for (const ValueId input : graph_.inputs(node)) reads_.push_back(ReadOf(input));
    const std::string name = absl::StrCat("onnx.", graph_.op_type(node));
    MX_RETURN_IF_ERROR(builder_.AddOp({name, graph_.name(node), call, reads_}));
    op_of_[node.index()] = num_ops_++;
    return absl::OkStatus();
  }

  // What makes a value, seen through quantization that a tool inserted, or the tensor that it is.
  ReadEntry ReadOf(ValueId value) const {
    for (int steps = 0; value.valid() && steps < kMaxInserted; ++steps) {
      const ValueId origin = roles_.origin(value);
      if (origin.valid()) return ReadOfStored(origin);
      const NodeId producer = graph_.value(value).producer;
      if (!producer.valid()) return {};
      if (roles_.role(producer) != NodeRole::kInserted) {
        const int64_t op = op_of_[producer.index()];
        return op == kUnknown ? ReadEntry() : ReadEntry{op, absl::nullopt};
      }
      const auto inputs = graph_.inputs(producer);
      value = inputs.empty() ? ValueId() : inputs[0];
    }
    return {};
  }

  ReadEntry ReadOfStored(ValueId value) const {
    const uint32_t tensor = graph_.value(value).tensor;
    if (tensor == Value::kNoTensor || !tensors_.Has(tensor)) return {};
    return {absl::nullopt, graph_.name(value)};
  }

  static constexpr int kMaxInserted = 16;  // Nodes on the way to what an operator reads.

  const GraphView& graph_;
  const ModelIndex& index_;
  const Tags& tags_;
  const Hierarchy& modules_;
  const TaggedModelOptions& options_;
  const StoredTensors tensors_;
  const NodeRoles roles_;
  HierarchyBuilder builder_;
  std::vector<std::vector<int64_t>> calls_of_;  // By module.
  std::vector<int64_t> op_of_;                  // By node.
  std::vector<AssumedCall> calls_;              // All of them, with their parents.
  int64_t last_call_ = kUnknown;                // Of the operator before.
  int64_t num_ops_ = 0;
  std::string unreadable_;
  size_t num_unreadable_ = 0;
  std::vector<ReadEntry> reads_;
  std::vector<absl::string_view> results_;
};

bool IsText(char c) { return absl::ascii_isspace(c) || !absl::ascii_iscntrl(c); }

}  // namespace

bool SeemsModel(absl::string_view first_bytes) {
  const absl::string_view text = absl::StripLeadingAsciiWhitespace(first_bytes);
  if (absl::StartsWith(text, "{") || absl::StartsWith(text, "[")) return false;
  return !std::all_of(first_bytes.begin(), first_bytes.end(), IsText);
}

std::vector<std::string> TaggedModelKeys() {
  std::vector<std::string> keys = NodeTagKeys();
  keys.emplace_back(kHierarchyKey);
  return keys;
}

absl::StatusOr<Hierarchy> ReadTaggedModel(const GraphView& graph,
                                          const TaggedModelOptions& options) {
  const Tags tags(graph);
  if (!tags.any()) return NotTagged(graph);
  MX_ASSIGN_OR_RETURN(const Hierarchy modules, ReadModules(graph, tags));
  return TaggedModelReader(graph, tags, modules, options).Read();
}

}  // namespace modelexport
