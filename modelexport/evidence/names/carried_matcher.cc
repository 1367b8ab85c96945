#include <algorithm>
#include <memory>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/evidence/names/result_names.h"
#include "modelexport/graph/node_roles.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

constexpr uint32_t kNone = 0xFFFFFFFF;

// Operators that a fused node may stand for.
constexpr size_t kMaxWork = 64;
constexpr size_t kMaxFollowed = 256;  // Operands that are looked at to find these.

// Characters of an operator's name that may lie within another: MatMul within FusedMatMul.
constexpr size_t kLeastWithin = 4;

// Finds nodes of the tagged model by name. A name that several have finds none.
class NodesByName {
 public:
  void Add(absl::string_view name, uint32_t node) {
    if (name.empty()) return;
    const auto added = nodes_.try_emplace(name, node);
    if (!added.second) added.first->second = kNone;
  }

  bool Has(absl::string_view name) const { return nodes_.contains(name); }

  uint32_t Find(absl::string_view name) const {
    const auto found = nodes_.find(name);
    return found == nodes_.end() ? kNone : found->second;
  }

 private:
  absl::flat_hash_map<absl::string_view, uint32_t> nodes_;
};

// What a node of the model has in common with the tagged model.
struct CarriedMatch {
  uint32_t by_value = kNone;  // The node that makes the same value,
  uint32_t by_name = kNone;   // and that of the same name, if it has the same operator.
  absl::string_view name;     // The first of these.
  uint32_t owner = kNone;     // The node whose module it is.
  OpId makes{};               // The operator whose result it makes.
};

class Carried {
 public:
  explicit Carried(const MatchContext& context)
      : graph_(context.graph),
        hierarchy_(context.hierarchy),
        roles_(context.graph),
        node_of_op_(context.hierarchy.ops().size(), kNone) {
    for (uint32_t i = 0; i < nodes().size(); ++i) {
      by_name_.Add(nodes()[i].name, i);
      for (const absl::string_view result : nodes()[i].results) by_value_.Add(result, i);
      if (nodes()[i].op.valid()) node_of_op_[nodes()[i].op.index()] = i;
    }
    for (size_t v = 0; v < graph_.values().size(); ++v) values_.insert(graph_.name(ValueId(v)));
    for (size_t n = 0; n < graph_.num_nodes(); ++n) {
      const absl::string_view before = NameBeforeBlocks(graph_, NodeId(n));
      if (!before.empty()) values_.insert(before);
    }
    for (uint32_t i = 0; i < nodes().size(); ++i) {
      is_left_.push_back(absl::c_any_of(nodes()[i].results, [&](absl::string_view result) {
        return values_.contains(result) && by_value_.Find(result) == i;
      }));
    }
  }

  // Of a node outside functions. Without an owner if it has no name of the tagged model, or if it
  // does other work there.
  CarriedMatch Of(NodeId node) const {
    CarriedMatch match = Named(node);
    if (match.by_value == kNone && match.by_name == kNone) return match;
    const SourceNode& last = nodes()[match.by_value == kNone ? match.by_name : match.by_value];
    if (IsConversion(graph_.op_type(node)) && graph_.op_type(node) != last.op_type) return match;
    if (Contradicts(node, last)) return match;
    match.makes = last.op;
    match.owner = MainNode(node, match);
    return match;
  }

  const SourceNode& node(uint32_t i) const { return nodes()[i]; }

 private:
  const std::vector<SourceNode>& nodes() const { return hierarchy_.nodes(); }

  // Tools write such nodes before or behind others, and may give them the name of a value.
  static bool IsConversion(absl::string_view op_type) {
    return IsQuantization(op_type) || op_type == "Cast";
  }

  CarriedMatch Named(NodeId node) const {
    CarriedMatch match;
    for (const absl::string_view result : ResultNamesOf(graph_, node)) {
      match.name = result;
      match.by_value = by_value_.Find(match.name);
      if (match.by_value != kNone) break;
    }
    match.by_name = by_name_.Find(graph_.name(node));
    const bool same =
        match.by_name != kNone && nodes()[match.by_name].op_type == graph_.op_type(node);
    if (!same) match.by_name = kNone;
    if (match.by_value == kNone) match.name = graph_.name(node);
    return match;
  }

  // What a node reads of the tagged model, and how many of its operands are made, or stored, under
  // names that the tagged model does not have.
  struct Operands {
    absl::flat_hash_set<uint32_t> nodes;
    absl::flat_hash_set<TensorId> tensors;  // In another form too.
    size_t num_new = 0;
  };

  Operands OperandsOf(NodeId node) const {
    Operands operands;
    for (const ValueId input : graph_.inputs(node)) {
      if (!input.valid()) continue;
      const uint32_t maker = by_value_.Find(graph_.name(input));
      const ValueId stored = roles_.origin(input).valid() ? roles_.origin(input) : input;
      const TensorId tensor = hierarchy_.FindTensor(graph_.name(stored));
      const Value& value = graph_.value(input);
      const bool is_made = value.producer.valid() || value.tensor != Value::kNoTensor;
      operands.num_new += is_made && !by_value_.Has(graph_.name(input)) && !tensor.valid();
      if (maker != kNone) operands.nodes.insert(maker);
      if (tensor.valid()) operands.tensors.insert(tensor);
    }
    return operands;
  }

  // Whether a result or tensor that the operator reads is in the model, but the node does not read
  // it, nor anything new in place of it.
  bool Contradicts(NodeId node, const SourceNode& source) const {
    if (!source.op.valid()) return false;
    const Operands operands = OperandsOf(node);
    size_t num_missing = 0;
    for (const OpRead& read : hierarchy_.op(source.op).reads) {
      const uint32_t maker = MakerOf(read);
      num_missing += maker != kNone && is_left_[maker] && !operands.nodes.contains(maker);
      num_missing += read.tensor.valid() && values_.contains(hierarchy_.tensor(read.tensor).name) &&
                     !operands.tensors.contains(read.tensor);
    }
    return num_missing > operands.num_new;
  }

  uint32_t MakerOf(const OpRead& read) const {
    return read.op.valid() ? node_of_op_[read.op.index()] : kNone;
  }

  // The node that `node` still is, of all those whose work it does: the one with its operator, else
  // the one whose operator is a part of its own, else the last.
  uint32_t MainNode(NodeId node, const CarriedMatch& match) const {
    const uint32_t last = match.by_value == kNone ? match.by_name : match.by_value;
    const absl::string_view op_type = graph_.op_type(node);
    if (nodes()[last].op_type == op_type) return last;
    if (match.by_name != kNone) return match.by_name;
    const std::vector<uint32_t> work = WorkOf(last);
    const auto only = [&](auto is_main) {
      uint32_t found = kNone;
      for (const uint32_t one : work) {
        if (!is_main(nodes()[one].op_type)) continue;
        if (found != kNone) return kNone;
        found = one;
      }
      return found;
    };
    const uint32_t same = only([&](absl::string_view other) { return other == op_type; });
    if (same != kNone) return same;
    const uint32_t part = only([&](absl::string_view other) {
      return other.size() >= kLeastWithin && absl::StrContains(op_type, other);
    });
    return part == kNone ? last : part;
  }

  // The node, and those before it whose results the model does not have; not all of them where
  // there are many, or many operands.
  std::vector<uint32_t> WorkOf(uint32_t last) const {
    std::vector<uint32_t> work{last};
    size_t num_followed = 0;
    for (size_t i = 0; i < work.size(); ++i) {
      if (!nodes()[work[i]].op.valid()) continue;
      for (const OpRead& read : hierarchy_.op(nodes()[work[i]].op).reads) {
        if (work.size() == kMaxWork || ++num_followed > kMaxFollowed) return work;
        const uint32_t maker = MakerOf(read);
        if (maker == kNone || is_left_[maker]) continue;
        if (!absl::c_linear_search(work, maker)) work.push_back(maker);
      }
    }
    return work;
  }

  const GraphView& graph_;
  const Hierarchy& hierarchy_;
  const NodeRoles roles_;
  NodesByName by_name_, by_value_;
  std::vector<uint32_t> node_of_op_;
  // Names in the model, and those before blocks.
  absl::flat_hash_set<absl::string_view> values_;
  std::vector<bool> is_left_;  // By node of the tagged model: whether the model has a result of it.
};

}  // namespace

absl::string_view CarriedMatcher::MissingFrom(const Hierarchy& hierarchy) const {
  return hierarchy.nodes().empty() ? "the hierarchy is not that of a tagged model" : "";
}

MatchResult CarriedMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  if (context.hierarchy.nodes().empty()) return result;
  const Carried carried(context);
  for (const GraphRecord& graph : context.graph.index().graphs()) {
    if (graph.kind == GraphRecord::Kind::kFunction) continue;
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      if (EndsEarly(context, n)) break;
      const auto match = carried.Of(NodeId(n));
      result.offer.offered += match.by_value != kNone || match.by_name != kNone;
      if (match.owner == kNone) continue;
      const SourceNode& owner = carried.node(match.owner);
      result.candidates.push_back({NodeId(n), owner.module, owner.call, true, match.makes});
    }
  }
  result.offer.resolved = result.candidates.size();
  return result;
}

std::string CarriedMatcher::Reason(const MatchContext& context, const Candidate& candidate) const {
  const Carried& carried =
      context.Share<Carried>([&] { return std::make_unique<const Carried>(context); });
  const auto match = carried.Of(candidate.node);
  const auto& owner = carried.node(match.owner);
  return absl::StrCat(match.by_value == kNone ? "the node " : "the value ", "\"",
                      absl::Utf8SafeCEscape(match.name), "\" is in the tagged model too, of ",
                      owner.op_type, owner.name.empty() ? "" : " \"",
                      absl::Utf8SafeCEscape(owner.name), owner.name.empty() ? "" : "\"");
}

}  // namespace modelexport
