#include "modelexport/validation/check_tags.h"

#include <cstddef>
#include <deque>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/onnx/file_hint.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/function_callers.h"
#include "modelexport/validation/misplaced_keys.h"
#include "modelexport/validation/model_tags.h"
#include "modelexport/validation/node_tag_rules.h"
#include "modelexport/validation/place.h"
#include "modelexport/validation/watched_source.h"

namespace modelexport {
namespace {

// What verdicts may take, so that it does not grow with the file: with more they start over, and
// larger entries are judged without.
constexpr uint64_t kMaxRemembered = 64 << 20;
constexpr uint64_t kMaxComparable = 4 << 10;
constexpr uint64_t kVerdictSize = 64;  // Besides its entries.

// Walks graph after graph: the main one, its bodies, the functions called there and their bodies,
// and so on; what is left then are functions that nothing calls.
class TagWalk {
 public:
  TagWalk(const ByteSource& source, Findings* findings)
      : source_(source), cursor_(source), unread_(source), findings_(findings) {}

  bool ReadModel() {
    using namespace model_proto;
    uint64_t training_infos = 0;
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == kGraph) {
        if (!Expect(field, "ModelProto.graph")) return false;
        if (!graphs_.empty()) return cursor_.Fail(field.key, "a second graph: a model has one");
        AddGraph(GraphPlace::Kind::kMain, field.payload());
        graphs_[0].content = field.payload();
      } else if (field.number == kFunctions) {
        if (!Expect(field, "ModelProto.functions")) return false;
        functions_.push_back({field.payload()});
      } else if (field.number == kMetadata) {
        ReadModelEntry(field);
      } else if (field.number == kTrainingInfo) {
        const std::string place = absl::StrCat("training_info:", training_infos++);
        JudgeUnread(MetadataHolder::kTrainingInfo, field, [&] { return place; });
      }
    }
    for (size_t i = 0; i < functions_.size(); ++i) NameFunction(i);
    if (graphs_.empty()) cursor_.Fail(source_.size(), "the file ends without a graph");
    return cursor_.status().ok();
  }

  const ModelTags& model_tags() const { return model_tags_; }

  void WalkNodes(PresetSet presets, NodeTagRules* rules) {
    presets_ = presets;
    rules_ = rules;
    WalkGraphs();
    uncalled_ = true;
    for (size_t i = 0; i < functions_.size(); ++i) {
      if (!functions_[i].called) uncalled_functions_.push_back(i);
      Call(i);
    }
    WalkGraphs();
  }

  const FunctionCallers& callers() const { return callers_; }

  const std::vector<uint64_t>& uncalled_functions() const { return uncalled_functions_; }

  // Whether the model, or a node outside of functions that nothing calls, had any key of `tag`.
  bool has_tags() const { return has_tags_; }

  const absl::Status& status() const { return cursor_.status(); }

 private:
  struct Graph : GraphPlace {
    Range content;
    size_t function = FunctionCallers::kNoFunction;  // The one that it is, or is in.
  };
  struct Function {
    Range content;
    bool called = false;
  };
  // The metadata entries of a node.
  struct Entries {
    Range range;        // From the first to the last.
    uint64_t size = 0;  // Of them alone.

    bool together() const { return size == range.size(); }
    void Add(Range entry) {
      if (size == 0) range.begin = entry.begin;
      range.end = entry.end;
      size += entry.size();
    }
  };
  using FunctionName = std::tuple<std::string, std::string, std::string>;

  bool Expect(const Field& field, absl::string_view what) {
    return cursor_.Expect(field, WireType::kBytes, what);
  }

  Graph& AddGraph(GraphPlace::Kind kind, Range content) {
    Graph& graph = graphs_.emplace_back();
    graph.kind = kind;
    graph.content = content;
    return graph;
  }

  void ReadModelEntry(const Field& at) {
    if (!ReadEntryKey(at)) return;
    model_tags_.Add(key_, cursor_.Bytes(value_), findings_);
  }

  // Sets `key_` and `value_`. False if the key is another program's.
  bool ReadEntryKey(const Field& at) {
    using namespace string_entry_proto;
    if (!Expect(at, "metadata_props")) return false;
    Range key{at.end, at.end};
    value_ = key;
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number != kKey && field.number != kValue) continue;
      if (!Expect(field, "a metadata entry")) return false;
      (field.number == kKey ? key : value_) = field.payload();
    }
    const absl::string_view text = cursor_.Bytes(key);
    if (!IsOwnKey(text) && !presets_.OwnsKey(text)) return false;
    has_tags_ |= !uncalled_ && IsOwnKey(text) && !KeepsNames(text);
    key_.assign(text.data(), text.size());
    return true;
  }

  // The last of each field counts, as in protobuf; of functions with one name the first.
  void NameFunction(size_t function) {
    using namespace function_proto;
    FunctionName name;
    cursor_.Restart(functions_[function].content);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.type != WireType::kBytes) continue;
      if (field.number == kDomain) std::get<0>(name) = std::string(cursor_.Bytes(field));
      if (field.number == kName) std::get<1>(name) = std::string(cursor_.Bytes(field));
      if (field.number == kOverload) std::get<2>(name) = std::string(cursor_.Bytes(field));
    }
    function_by_name_.emplace(std::move(name), function);
  }

  void Call(size_t function) {
    if (functions_[function].called) return;
    functions_[function].called = true;
    Graph& graph = AddGraph(GraphPlace::Kind::kFunction, functions_[function].content);
    graph.range = graph.content;
    graph.in_function = true;
    graph.function = function;
  }

  void WalkGraphs() {
    for (; cursor_.status().ok() && next_graph_ < graphs_.size(); ++next_graph_) WalkGraph();
  }

  void WalkGraph() {
    const Graph& graph = graphs_[next_graph_];
    uint32_t node_field = graph_proto::kNode;
    if (graph.kind == GraphPlace::Kind::kFunction) node_field = function_proto::kNode;
    cursor_.Restart(graph.content);
    node_ = 0;
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == node_field) {
        WalkNode(graph, field);
        ++node_;
      } else {
        JudgePart(graph, field);
      }
    }
  }

  // Keys of ours in what is no node.
  void JudgePart(const Graph& graph, const Field& at) {
    const bool is_function = graph.kind == GraphPlace::Kind::kFunction;
    const MetadataHolder part =
        HolderInField(is_function ? MetadataHolder::kFunction : MetadataHolder::kGraph, at.number);
    const auto place = [&] { return PlaceOfPart(graph, part, at); };
    if (part == MetadataHolder::kAttribute) {
      JudgeUnread(part, at, place);
    } else if (part != MetadataHolder::kNone) {
      JudgeRead(part, at, place);
    }
  }

  void JudgeRead(MetadataHolder part, const Field& at, NodeTagRules::Place place) {
    MisplacedKeys keys;
    keys.FindIn(part, at, &cursor_);
    Report(keys, place);
  }

  // For what ModelIndex does not read: that it is malformed is no finding.
  void JudgeUnread(MetadataHolder part, const Field& at, NodeTagRules::Place place) {
    MisplacedKeys keys;
    keys.FindIn(part, at, &unread_);
    Report(keys, place);
  }

  void Report(const MisplacedKeys& keys, NodeTagRules::Place place) {
    if (keys.empty() || !findings_->Count("tag.misplaced")) return;
    findings_->Keep("tag.misplaced", place(), keys.ToText());
  }

  std::string PlaceOfPart(const Graph& graph, MetadataHolder part, const Field& at) const {
    switch (part) {
      case MetadataHolder::kValueInfo:
        return ValuePlace(source_, graph, at.payload());
      case MetadataHolder::kTensor:
        return InitializerPlace(source_, graph, at.payload());
      case MetadataHolder::kSparseTensor:
        return InitializerPlace(source_, graph, ValuesOf(at));
      default:
        break;
    }
    return graph.kind == GraphPlace::Kind::kMain ? "graph" : PlaceOf(source_, graph);
  }

  // The tensor whose name a sparse tensor has.
  Range ValuesOf(const Field& sparse) const {
    Range values{sparse.end, sparse.end};
    Cursor cursor(source_, sparse.payload());
    Field field;
    while (cursor.Next(&field)) {
      if (field.number == sparse_tensor_proto::kValues) values = field.payload();
    }
    return values;
  }

  void WalkNode(const Graph& graph, const Field& at) {
    if (!Expect(at, "a node")) return;
    Entries entries{{at.end, at.end}};
    WalkFields(graph, at, &entries);
    if (!cursor_.status().ok()) return;
    const size_t callee = TakeCallee();
    if (uncalled_) {
      if (ReadTags(at)) rules_->PassUncalled();
      return;
    }
    if (callee != FunctionCallers::kNoFunction) {
      Call(callee);
      if (ReadTags(at)) callers_.NoteCall(graph.function, callee, tags_);
    }
    if (!cursor_.status().ok()) return;
    if (entries.together() && entries.size <= kMaxComparable) {
      JudgeAsBefore(graph, at, entries.range);
    } else if (ReadTags(at)) {
      JudgeTags(graph);
    }
  }

  void WalkFields(const Graph& graph, const Field& node, Entries* entries) {
    using namespace node_proto;
    const Cursor::Message message(cursor_, node);
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kAttribute:
          WalkAttribute(graph, field);
          break;
        case kMetadata:
          entries->Add({field.key, field.end});
          break;
        case kDomain:
        case kOpType:
        case kOverload:
          ReadCallee(field);
          break;
      }
    }
  }

  // Nodes of one module have the same entries, and one verdict does for all of them in a function.
  void JudgeAsBefore(const Graph& graph, const Field& node, Range entries) {
    const auto& verdicts = verdicts_[graph.function];
    const absl::string_view bytes = cursor_.Bytes(entries);
    const auto known = verdicts.find(bytes);
    if (known != verdicts.end()) {
      return rules_->JudgeAlike(known->second, [&] { return PlaceOf(source_, graph, node_); });
    }
    std::string key(bytes);
    if (!ReadTags(node)) return;
    const NodeTagRules::Verdict verdict = JudgeTags(graph);
    if (!verdict.clean || tags_.keeps_names()) return;
    remembered_ += key.size() + kVerdictSize;
    if (remembered_ > kMaxRemembered) {
      remembered_ = 0;
      verdicts_ = {};
    }
    verdicts_[graph.function].emplace(std::move(key), verdict);
  }

  bool ReadTags(const Field& node) {
    tags_.Clear();
    const Cursor::Message message(cursor_, node);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number != node_proto::kMetadata || !ReadEntryKey(field)) continue;
      tags_.Add(key_, cursor_.Bytes(value_));
    }
    return cursor_.status().ok();
  }

  NodeTagRules::Verdict JudgeTags(const Graph& graph) {
    const auto place = [&] { return PlaceOf(source_, graph, node_); };
    if (graph.in_function && tags_.has(CheckedTags::kSubmodule)) {
      callers_.NoteSubmodule(graph.function, tags_[CheckedTags::kSubmodule], place);
    }
    return rules_->Judge(tags_, graph.in_function, place);
  }

  void ReadCallee(const Field& field) {
    if (functions_.empty() || !Expect(field, "the operator of a node")) return;
    std::string& part = field.number == node_proto::kDomain   ? std::get<0>(callee_)
                        : field.number == node_proto::kOpType ? std::get<1>(callee_)
                                                              : std::get<2>(callee_);
    const absl::string_view text = cursor_.Bytes(field);
    part.assign(text.data(), text.size());
  }

  // The function that the node calls, kNoFunction if none.
  size_t TakeCallee() {
    if (functions_.empty()) return FunctionCallers::kNoFunction;
    const auto found = function_by_name_.find(callee_);
    std::get<0>(callee_).clear();
    std::get<1>(callee_).clear();
    std::get<2>(callee_).clear();
    return found == function_by_name_.end() ? FunctionCallers::kNoFunction : found->second;
  }

  void WalkAttribute(const Graph& graph, const Field& at) {
    using namespace attribute_proto;
    if (!Expect(at, "NodeProto.attribute")) return;
    int64_t position = 0;
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == kGraph) AddBody(graph, at, field, -1);
      if (field.number == kGraphs) AddBody(graph, at, field, position++);
      const MetadataHolder part = HolderInField(MetadataHolder::kAttribute, field.number);
      if (part == MetadataHolder::kTensor || part == MetadataHolder::kSparseTensor) {
        JudgeRead(part, field, [&] { return PlaceOf(source_, graph, node_); });
      }
    }
  }

  void AddBody(const Graph& parent, const Field& attribute, const Field& field, int64_t position) {
    if (!Expect(field, "a graph in an attribute")) return;
    if (parent.depth == kMaxGraphDepth) {
      cursor_.Fail(field.key, absl::StrCat("graphs nested over ", kMaxGraphDepth, " deep"));
      return;
    }
    Graph& body = AddGraph(GraphPlace::Kind::kBody, field.payload());
    body.in_function = parent.in_function;
    body.function = parent.function;
    body.depth = parent.depth + 1;
    body.range = attribute.payload();
    body.parent = &parent;
    body.node = node_;
    body.position = position;
  }

  const ByteSource& source_;
  Cursor cursor_;
  Cursor unread_;  // In what ModelIndex does not read, up to the first malformed message.
  Findings* const findings_;
  ModelTags model_tags_;
  std::vector<Function> functions_;
  absl::flat_hash_map<FunctionName, size_t> function_by_name_;
  std::vector<uint64_t> uncalled_functions_;

  std::deque<Graph> graphs_;  // Whose elements stay where they are.
  size_t next_graph_ = 0;
  // By function, of nodes with these bytes as their entries; clean ones alone.
  absl::flat_hash_map<size_t, absl::flat_hash_map<std::string, NodeTagRules::Verdict>> verdicts_;
  uint64_t remembered_ = 0;  // Bytes in them, about.
  PresetSet presets_;        // Whose keys are read from nodes, besides the program's own.
  bool uncalled_ = false;    // What is walked now is what nothing calls.
  bool has_tags_ = false;
  NodeTagRules* rules_ = nullptr;
  FunctionCallers callers_;

  // Of the node and the entry being read; members, so that their memory is used again.
  uint64_t node_ = 0;
  CheckedTags tags_;
  FunctionName callee_;
  std::string key_;
  Range value_;
};

}  // namespace

absl::Status CheckTags(const ByteSource& source, const CheckTagsOptions& options,
                       Findings* findings, TagCounts* counts) {
  const WatchedSource watched(source, options.cancelled);
  Findings found;
  TagWalk walk(watched, &found);
  if (walk.ReadModel()) {
    const PresetSet presets = CheckPresets(walk.model_tags(), &found);
    const absl::optional<Hierarchy> embedded =
        CheckEmbedded(walk.model_tags(), options.hierarchy, &found);
    const Hierarchy* hierarchy = options.hierarchy;
    if (hierarchy == nullptr && embedded.has_value()) hierarchy = &*embedded;
    if (hierarchy == nullptr && !walk.model_tags().hierarchy.has_value()) {
      found.Add("model.no_hierarchy", "model", "no hierarchy to check the tags against");
    }
    NodeTagRules rules(hierarchy, presets, &found);
    walk.WalkNodes(presets, &rules);
    rules.Finish();
    if (hierarchy != nullptr) walk.callers().Judge(*hierarchy, &found);
    *counts = rules.counts();
    counts->uncalled_functions = walk.uncalled_functions();
  }
  if (walk.status().ok() && !walk.has_tags()) {
    // Instead of what each node lacks.
    findings->Add("model.untagged", "model", "neither the model nor any of its nodes has tags");
    return absl::OkStatus();
  }
  findings->Append(found);
  return watched.Conclude(HintAtFileKind(walk.status(), source), findings);
}

}  // namespace modelexport
