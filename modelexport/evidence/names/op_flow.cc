#include "modelexport/evidence/names/op_flow.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "modelexport/evidence/cancellation.h"

namespace modelexport {
namespace {

// The operators whose results something reads, each once; `open` if there are more than fit.
struct OpSet {
  static constexpr size_t kMost = 8;

  void Add(OpId op) {
    if (absl::c_linear_search(ops, op)) return;
    if (ops.size() < kMost) {
      ops.push_back(op);
    } else {
      open = true;
    }
  }
  void Add(const OpSet& other) {
    for (OpId op : other.ops) Add(op);
    open = open || other.open;
  }
  bool HasAllOf(const OpSet& other) const {
    return absl::c_all_of(other.ops, [this](OpId op) { return absl::c_linear_search(ops, op); });
  }

  absl::InlinedVector<OpId, 2> ops;
  bool open = false;
};

// By operator, what its nodes read of other operators.
std::vector<OpSet> ReadInGraph(const MatchContext& context, const NamedOps& named) {
  const GraphView& graph = context.graph;
  std::vector<OpSet> held(graph.values().size());  // By value: the operators that it comes from.
  std::vector<OpSet> reads(context.hierarchy.ops().size());
  for (size_t n = 0; n < named.size() && !EndsEarly(context, n); ++n) {
    OpSet inputs;
    for (ValueId input : graph.inputs(NodeId(n))) {
      if (input.valid()) inputs.Add(held[input.index()]);
    }
    OpSet result;
    if (named[n].valid()) {
      result.Add(named[n]);
      reads[named[n].index()].Add(inputs);
    } else {
      result = std::move(inputs);
    }
    for (ValueId output : graph.outputs(NodeId(n))) {
      if (output.valid()) held[output.index()] = result;
    }
  }
  for (size_t op = 0; op < reads.size(); ++op) {
    const auto self = absl::c_find(reads[op].ops, OpId(op));
    if (self != reads[op].ops.end()) reads[op].ops.erase(self);
  }
  return reads;
}

// By operator, which operators with a node it reads.
std::vector<OpSet> ReadInRun(const MatchContext& context, const std::vector<bool>& has_node) {
  std::vector<OpSet> reads;
  for (const Op& op : context.hierarchy.ops()) {
    OpSet& mine = reads.emplace_back();
    for (const OpRead& read : op.reads) {
      if (!read.op.valid()) continue;
      if (has_node[read.op.index()]) {
        mine.Add(read.op);
      } else {
        mine.Add(reads[read.op.index()]);
      }
    }
  }
  return reads;
}

// Of the operators that some node has the name of, and that read another such operator both in the
// graph and in the run:
struct OpFlow {
  size_t compared = 0;
  size_t different = 0;  // Those that read one only in the graph, and another only in the run.

  bool AgreesBetterThan(const OpFlow& other) const {
    return different * other.compared < other.different * compared;
  }
};

// What a node reads is followed to the nearest nodes with an operator, and what an operator reads
// to the nearest operators with a node.
OpFlow CompareFlow(const MatchContext& context, const NamedOps& named) {
  std::vector<bool> has_node(context.hierarchy.ops().size());
  for (OpId op : named) {
    if (op.valid()) has_node[op.index()] = true;
  }
  const std::vector<OpSet> in_graph = ReadInGraph(context, named);
  const std::vector<OpSet> in_run = ReadInRun(context, has_node);
  OpFlow flow;
  for (size_t op = 0; op < has_node.size(); ++op) {
    const OpSet &graph = in_graph[op], &run = in_run[op];
    if (!has_node[op] || graph.open || run.open || graph.ops.empty() || run.ops.empty()) continue;
    ++flow.compared;
    if (!graph.HasAllOf(run) && !run.HasAllOf(graph)) ++flow.different;
  }
  return flow;
}

// "add" of "add_7": what exporters number.
absl::string_view KindOf(absl::string_view name) {
  size_t end = name.size();
  while (end > 0 && absl::ascii_isdigit(name[end - 1])) --end;
  return end > 1 && end < name.size() && name[end - 1] == '_' ? name.substr(0, end - 1) : name;
}

// The kinds of the names that nodes have.
class Kinds {
 public:
  static constexpr size_t kMost = 16;  // Bounds how often the flow is compared.
  static constexpr uint8_t kNone = kMost;

  Kinds(const Hierarchy& hierarchy, const NamedOps& named) : of_op_(hierarchy.ops().size(), kNone) {
    absl::flat_hash_map<absl::string_view, size_t> counts;
    for (OpId op : named) {
      if (op.valid()) ++counts[KindOf(hierarchy.op(op).node_name)];
    }
    std::vector<std::pair<absl::string_view, size_t>> sorted(counts.begin(), counts.end());
    absl::c_sort(sorted, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    absl::flat_hash_map<absl::string_view, uint8_t> numbers;
    for (const auto& [name, count] : sorted) {
      if (names_.size() < kMost) names_.emplace_back(name);
      numbers[name] = static_cast<uint8_t>(names_.size() - 1);
    }
    if (sorted.size() > kMost) absl::StrAppend(&names_.back(), " and others");
    for (size_t op = 0; op < of_op_.size(); ++op) {
      const auto found = numbers.find(KindOf(hierarchy.ops()[op].node_name));
      if (found != numbers.end()) of_op_[op] = found->second;
    }
  }

  size_t size() const { return names_.size(); }
  const std::string& name(size_t kind) const { return names_[kind]; }

  size_t of(OpId op) const { return of_op_[op.index()]; }

  NamedOps Without(size_t kind, NamedOps named) const {
    for (OpId& op : named) {
      if (op.valid() && of(op) == kind) op = OpId();
    }
    return named;
  }

 private:
  std::vector<uint8_t> of_op_;
  std::vector<std::string> names_;
};

// Whether the sidecar says that it lists the very program that was exported.
bool IsOfThisRun(const Hierarchy& hierarchy) {
  return hierarchy.ops_source() == OpsSource::kExportedProgram;
}

// So many operators have to read what they read in the run before names of another run are used:
// every program has an `add`.
constexpr size_t kLeastHints = 2;

// Whether so many operators differ that some names are another run's: one in ten, or in fifty where
// they are another run's to begin with. Tools that merge equal nodes or put others between make up
// to one in fifteen differ.
bool IsOfAnotherRun(const MatchContext& context, const OpFlow& flow) {
  const size_t one_in = IsOfThisRun(context.hierarchy) ? 10 : 50;
  return flow.different > 1 && one_in * flow.different > flow.compared;
}

// By kind, whether its names are another run's: those without which the others agree best, until
// they agree. If that is not so after a few, all are: each takes a comparison for every kind.
// `flow` is that of all `named`.
std::vector<bool> FalseKinds(const MatchContext& context, const Kinds& kinds, NamedOps named,
                             OpFlow flow) {
  constexpr int kMostFalse = 6;
  std::vector<bool> is_false(Kinds::kMost + 1);
  for (int i = 0; IsOfAnotherRun(context, flow) && !IsCancelled(context.cancelled()); ++i) {
    if (i == kMostFalse) {
      std::fill_n(is_false.begin(), kinds.size(), true);
      break;
    }
    size_t best = kinds.size();
    for (size_t kind = 0; kind < kinds.size(); ++kind) {
      if (is_false[kind]) continue;
      const OpFlow rest = CompareFlow(context, kinds.Without(kind, named));
      if (best < kinds.size() && !rest.AgreesBetterThan(flow)) continue;
      best = kind;
      flow = rest;
    }
    is_false[best] = true;
    named = kinds.Without(best, std::move(named));
  }
  return is_false;
}

// Which operator of the run those are that have false names: the one of the kind that reads what
// the nodes read, if there is one alone.
class Renumbering {
 public:
  Renumbering(const MatchContext& context, const Kinds& kinds, const std::vector<bool>& is_false,
              const NamedOps& named)
      : kinds_(kinds), is_false_(is_false), new_(context.hierarchy.ops().size()) {
    std::vector<bool> has_node(new_.size());
    for (size_t op = 0; op < new_.size(); ++op) has_node[op] = is_false_[kinds_.of(OpId(op))];
    for (OpId op : named) {
      if (op.valid()) has_node[op.index()] = true;
    }
    const std::vector<OpSet> in_run = ReadInRun(context, has_node);
    for (size_t op = 0; op < new_.size(); ++op) {
      if (!is_false_[kinds_.of(OpId(op))] || in_run[op].open) continue;
      const auto [found, is_new] = by_reads_.try_emplace(KeyOf(OpId(op), in_run[op]), OpId(op));
      if (!is_new) found->second = OpId();
    }
    Assign(named, ReadInGraph(context, named));
  }

  // Invalid if it is not known.
  OpId of(OpId op) const { return new_[op.index()]; }

 private:
  using Key = std::pair<size_t, std::vector<uint32_t>>;  // The kind, and what is read, rising.

  Key KeyOf(OpId op, const OpSet& reads) const {
    Key key{kinds_.of(op), {}};
    for (OpId read : reads.ops) key.second.push_back(static_cast<uint32_t>(read.index()));
    absl::c_sort(key.second);
    return key;
  }

  // In the order of the file, so that what a node reads is told before it.
  void Assign(const NamedOps& named, const std::vector<OpSet>& in_graph) {
    std::vector<bool> done(new_.size()), taken(new_.size());
    for (OpId op : named) {
      if (!op.valid() || done[op.index()] || !is_false_[kinds_.of(op)]) continue;
      done[op.index()] = true;
      OpSet reads;
      bool known = !in_graph[op.index()].open && !in_graph[op.index()].ops.empty();
      for (OpId read : in_graph[op.index()].ops) {
        if (is_false_[kinds_.of(read)]) read = new_[read.index()];
        known = known && read.valid();
        if (known) reads.Add(read);
      }
      const auto found = known ? by_reads_.find(KeyOf(op, reads)) : by_reads_.end();
      if (found == by_reads_.end() || !found->second.valid()) continue;
      if (taken[found->second.index()]) continue;
      taken[found->second.index()] = true;
      new_[op.index()] = found->second;
    }
  }

  const Kinds& kinds_;
  const std::vector<bool>& is_false_;
  std::vector<OpId> new_;                    // By operator that names speak of.
  absl::flat_hash_map<Key, OpId> by_reads_;  // Invalid: several.
};

}  // namespace

std::string TestNames(const MatchContext& context, NamedOps* named) {
  const OpFlow all = CompareFlow(context, *named);
  if (!IsOfThisRun(context.hierarchy) && all.compared - all.different < kLeastHints) {
    named->assign(named->size(), OpId());
    return "";
  }
  if (!IsOfAnotherRun(context, all)) return "";
  const Kinds kinds(context.hierarchy, *named);
  const std::vector<bool> is_false = FalseKinds(context, kinds, *named, all);
  const Renumbering renumbering(context, kinds, is_false, *named);
  size_t nodes = 0, told = 0;
  for (OpId& op : *named) {
    if (!op.valid() || !is_false[kinds.of(op)]) continue;
    op = renumbering.of(op);
    ++nodes;
    if (op.valid()) ++told;
  }
  std::vector<std::string> names;
  for (size_t kind = 0; kind < kinds.size(); ++kind) {
    if (is_false[kind]) names.push_back(kinds.name(kind));
  }
  return absl::StrCat(all.different, " of ", all.compared,
                      " named operators read others than in the run: names like ",
                      absl::StrJoin(names, ", "), " are another run's, and what they read tells ",
                      told, " of their ", nodes, " nodes");
}

}  // namespace modelexport
