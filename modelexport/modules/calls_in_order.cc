#include "modelexport/modules/calls_in_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

constexpr size_t kNone = static_cast<size_t>(-1);

// The calls as they end: each entered call ends those that are open and do not hold it.
std::vector<CallId> ByEnd(const std::vector<Call>& calls) {
  std::vector<CallId> order, open;
  const auto end_last = [&] {
    order.push_back(open.back());
    open.pop_back();
  };
  for (size_t c = 0; c < calls.size(); ++c) {
    while (!open.empty() && open.back() != calls[c].parent) end_last();
    open.emplace_back(c);
  }
  while (!open.empty()) end_last();
  return order;
}

class CallLister {
 public:
  CallLister(const OwnedGraph& owned, const std::vector<bool>& chosen)
      : owned_(owned),
        hierarchy_(owned.hierarchy),
        chosen_(chosen),
        listed_(hierarchy_.modules().size()),
        unplaced_(hierarchy_.modules().size()),
        row_of_call_(hierarchy_.calls().size(), kNone),
        row_of_module_(hierarchy_.modules().size(), kNone) {
    for (const Call& call : hierarchy_.calls()) ++listed_[call.module.index()];
  }

  std::vector<OrderedCall> Run() {
    hierarchy_.calls().empty() ? AddModules() : AddCalls();
    for (size_t n = 0; n < owned_.owners.size(); ++n) {
      if (owned_.IsAttributed(NodeId(n))) Place(NodeId(n));
    }
    ExplainUnplaced();
    if (hierarchy_.calls().empty()) SortByLastNode();
    return std::move(rows_);
  }

 private:
  void AddCalls() {
    for (CallId call : ByEnd(hierarchy_.calls())) {
      const ModuleId module = hierarchy_.call(call).module;
      if (!chosen_[module.index()]) continue;
      row_of_call_[call.index()] = row_of_module_[module.index()] = rows_.size();
      rows_.push_back({module, call, listed_[module.index()] == 1, {}, ""});
    }
  }

  void AddModules() {
    for (size_t m = 0; m < chosen_.size(); ++m) {
      const Module& module = hierarchy_.modules()[m];
      if (!chosen_[m] || !module.MayHaveBeenCalled()) continue;
      row_of_module_[m] = rows_.size();
      rows_.push_back({ModuleId(m), CallId(), true, {}, ""});
      if (module.calls.value_or(0) < 2) continue;
      rows_.back().is_only_call = false;
      rows_.back().why = absl::StrCat("is called ", *module.calls,
                                      " times, and the hierarchy does not list its calls");
    }
  }

  void Place(NodeId node) {
    const Owner& owner = owned_.owner(node);
    for (CallId call = owner.call; call.valid(); call = hierarchy_.call(call).parent) {
      Take(row_of_call_[call.index()], node);
    }
    if (!owner.call.valid()) PlaceByPath(node, owner.module);
  }

  void PlaceByPath(NodeId node, ModuleId module) {
    for (; module.valid(); module = hierarchy_.module(module).parent) {
      if (listed_[module.index()] > 1) {
        ++unplaced_[module.index()];
      } else {
        Take(row_of_module_[module.index()], node);
      }
    }
  }

  void Take(size_t row, NodeId node) {
    if (row != kNone) rows_[row].nodes.push_back(node);
  }

  void ExplainUnplaced() {
    for (OrderedCall& row : rows_) {
      const size_t nodes = unplaced_[row.module.index()];
      if (nodes == 0) continue;
      row.why = absl::StrCat("of ", nodes, nodes == 1 ? " node" : " nodes",
                             " it is not known in which of its ", listed_[row.module.index()],
                             " calls ", nodes == 1 ? "it" : "they", " ran");
    }
  }

  // A parent precedes its children in the hierarchy, and has the last of their nodes.
  void SortByLastNode() {
    const auto key = [this](const OrderedCall& row) {
      const auto module = static_cast<int64_t>(row.module.index());
      int64_t last = -1;
      for (NodeId node : row.nodes) last = std::max(last, PositionOf(node));
      return std::make_pair(last, row.nodes.empty() ? module : -module);
    };
    std::vector<std::pair<std::pair<int64_t, int64_t>, size_t>> order;
    for (size_t r = 0; r < rows_.size(); ++r) order.emplace_back(key(rows_[r]), r);
    std::sort(order.begin(), order.end());
    std::vector<OrderedCall> sorted;
    for (const auto& place : order) sorted.push_back(std::move(rows_[place.second]));
    rows_ = std::move(sorted);
  }

  // Of the node of the main graph or function that holds it.
  int64_t PositionOf(NodeId node) const {
    const ModelIndex& index = owned_.graph.index();
    for (NodeId holder = node; holder.valid();
         holder = index.graph(index.graph_of(holder)).parent) {
      node = holder;
    }
    return static_cast<int64_t>(node.index());
  }

  const OwnedGraph& owned_;
  const Hierarchy& hierarchy_;
  const std::vector<bool>& chosen_;
  std::vector<size_t> listed_;    // Calls that the hierarchy lists, by module.
  std::vector<size_t> unplaced_;  // Nodes below a module of which the call is not known.
  std::vector<size_t> row_of_call_, row_of_module_;
  std::vector<OrderedCall> rows_;
};

}  // namespace

std::vector<OrderedCall> CallsInOrder(const OwnedGraph& owned, const std::vector<bool>& chosen) {
  return CallLister(owned, chosen).Run();
}

}  // namespace modelexport
