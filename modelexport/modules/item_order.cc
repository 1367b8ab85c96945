#include "modelexport/modules/item_order.h"

#include <functional>
#include <queue>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/modules/node_set.h"

namespace modelexport {
namespace {

class ItemSorter {
 public:
  ItemSorter(const GraphView& graph, absl::Span<const NodeId> nodes,
             absl::Span<const uint32_t> set_of)
      : graph_(graph), nodes_(nodes) {
    absl::flat_hash_map<uint32_t, uint32_t> item_of_set;
    for (size_t i = 0; i < nodes.size(); ++i) {
      const auto next = static_cast<uint32_t>(items_.size());
      uint32_t item = next;
      if (set_of[i] != GraphItem::kNone) {
        item = item_of_set.try_emplace(set_of[i], next).first->second;
      }
      if (item == next) {
        const bool is_set = set_of[i] != GraphItem::kNone;
        items_.push_back(is_set ? GraphItem{NodeId(), set_of[i]} : GraphItem{nodes[i]});
      }
      item_of_[nodes[i]] = item;
    }
  }

  ItemOrder Run() {
    FindEdges();
    std::vector<bool> sorted(items_.size());
    ItemOrder order;
    Sort(after_, before_, [&](uint32_t item) {
      sorted[item] = true;
      order.items.push_back(items_[item]);
    });
    if (order.items.size() == items_.size()) return order;
    // What comes neither before nor after all cycles.
    Sort(before_, after_, [&](uint32_t item) { sorted[item] = true; });
    order.items.clear();
    for (size_t i = 0; i < items_.size(); ++i) {
      if (!sorted[i] && items_[i].set != GraphItem::kNone) order.in_cycle.push_back(items_[i].set);
    }
    return order;
  }

 private:
  using Edges = std::vector<std::vector<uint32_t>>;

  void FindEdges() {
    before_.resize(items_.size());
    after_.resize(items_.size());
    for (NodeId node : nodes_) {
      const uint32_t item = item_of_.at(node);
      for (NodeId reader : WithBodies(graph_, node)) {
        for (ValueId input : graph_.inputs(reader)) AddEdge(input, item);
      }
    }
  }

  void AddEdge(ValueId input, uint32_t reader) {
    if (!input.valid() || !graph_.value(input).producer.valid()) return;
    const auto maker = item_of_.find(graph_.value(input).producer);
    if (maker == item_of_.end() || maker->second == reader) return;
    before_[reader].push_back(maker->second);
    after_[maker->second].push_back(reader);
  }

  template <typename Visit>
  static void Sort(const Edges& after, const Edges& before, Visit visit) {
    std::vector<size_t> waiting(before.size());
    std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<uint32_t>> ready;
    for (uint32_t i = 0; i < before.size(); ++i) {
      waiting[i] = before[i].size();
      if (waiting[i] == 0) ready.push(i);
    }
    while (!ready.empty()) {
      const uint32_t item = ready.top();
      ready.pop();
      visit(item);
      for (uint32_t next : after[item]) {
        if (--waiting[next] == 0) ready.push(next);
      }
    }
  }

  const GraphView& graph_;
  const absl::Span<const NodeId> nodes_;
  std::vector<GraphItem> items_;
  absl::flat_hash_map<NodeId, uint32_t> item_of_;
  Edges before_, after_;  // By item; as often as there are reads.
};

}  // namespace

ItemOrder OrderItems(const GraphView& graph, absl::Span<const NodeId> nodes,
                     absl::Span<const uint32_t> set_of) {
  return ItemSorter(graph, nodes, set_of).Run();
}

}  // namespace modelexport
