#include "modelexport/modules/calls_in_order.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

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
        only_call_(hierarchy_.modules().size()),
        unplaced_(hierarchy_.modules().size()),
        row_of_call_(hierarchy_.calls().size(), kNone),
        row_of_module_(hierarchy_.modules().size(), kNone) {
    for (size_t c = 0; c < hierarchy_.calls().size(); ++c) Note(CallId(c));
    order_ = ByEnd(hierarchy_.calls());
    end_of_call_.resize(order_.size());
    for (size_t i = 0; i < order_.size(); ++i) end_of_call_[order_[i].index()] = i;
  }

  std::vector<OrderedCall> Run() {
    hierarchy_.calls().empty() ? AddModules() : AddCalls();
    for (size_t n = 0; n < owned_.owners.size(); ++n) {
      if (owned_.IsAttributed(NodeId(n))) Place(NodeId(n));
    }
    if (!hierarchy_.calls().empty()) DropReasons();
    ExplainUnplaced();
    if (hierarchy_.calls().empty()) SortByLastNode();
    return std::move(rows_);
  }

 private:
  void Note(CallId id) {
    const Call& call = hierarchy_.call(id);
    ++listed_[call.module.index()];
    only_call_[call.module.index()] = id;
    const auto beside = beside_.emplace(std::make_pair(call.module, call.parent), id);
    if (!beside.second) beside.first->second = CallId();
  }

  void AddCalls() {
    for (CallId call : order_) {
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
    if (!owner.call.valid()) return PlaceByPath(node, owner.module);
    const CallId last = LastOf(node, owner.call);
    for (CallId call = last; call.valid(); call = hierarchy_.call(call).parent) {
      Take(row_of_call_[call.index()], node);
    }
    // What holds both has it.
    for (CallId call = owner.call; !RanIn(last, call); call = hierarchy_.call(call).parent) {
      GiveAway(row_of_call_[call.index()], node, last);
    }
  }

  // Of the calls whose work the node does.
  CallId LastOf(NodeId node, CallId own) const {
    CallId last = own;
    for (const AlsoModule& other : owned_.also_of(node)) {
      const CallId call = CallBeside(other.module, own);
      if (!call.valid() || RanIn(own, call) || RanIn(call, own)) continue;
      if (end_of_call_[call.index()] > end_of_call_[last.index()]) last = call;
    }
    return last;
  }

  // The only call of the module, or the only one within the call around `own`; else invalid.
  CallId CallBeside(ModuleId module, CallId own) const {
    if (listed_[module.index()] == 0) return CallId();
    const auto found = beside_.find(std::make_pair(module, hierarchy_.call(own).parent));
    if (found != beside_.end()) return found->second;
    return listed_[module.index()] == 1 ? only_call_[module.index()] : CallId();
  }

  bool RanIn(CallId call, CallId outer) const {
    while (call.valid() && call != outer) call = hierarchy_.call(call).parent;
    return call.valid() == outer.valid();
  }

  void GiveAway(size_t row, NodeId node, CallId last) {
    if (row == kNone || !rows_[row].why.empty()) return;
    const absl::string_view path = hierarchy_.module(hierarchy_.call(last).module).path;
    rows_[row].why = absl::StrCat("its work is part of ", owned_.graph.Place(node),
                                  ", with that of ", path.empty() ? "." : path);
  }

  // Only calls that have no other nodes need a reason.
  void DropReasons() {
    for (OrderedCall& row : rows_) {
      if (!row.nodes.empty()) row.why.clear();
    }
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
  std::vector<size_t> listed_;  // Calls that the hierarchy lists, by module.
  std::vector<CallId> only_call_;
  // Of a module within a call; invalid if there are several.
  absl::flat_hash_map<std::pair<ModuleId, CallId>, CallId> beside_;
  std::vector<size_t> unplaced_;     // Nodes below a module of which the call is not known.
  std::vector<CallId> order_;        // The calls as they end.
  std::vector<size_t> end_of_call_;  // Positions there.
  std::vector<size_t> row_of_call_, row_of_module_;
  std::vector<OrderedCall> rows_;
};

}  // namespace

std::vector<OrderedCall> CallsInOrder(const OwnedGraph& owned, const std::vector<bool>& chosen) {
  return CallLister(owned, chosen).Run();
}

}  // namespace modelexport
