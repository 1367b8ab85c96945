#include "modelexport/modules/node_pairs.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/onnx/operator_domain.h"

namespace modelexport {
namespace {

absl::string_view DomainOf(const GraphView& graph, NodeId node) {
  return NormalizedDomain(graph.index().text(graph.index().node(node).domain));
}

// Nodes by what names them; invalid for a name that several have.
class NodesByName {
 public:
  void Add(absl::string_view name, NodeId node) {
    if (name.empty()) return;
    const auto added = nodes_.emplace(name, node);
    if (!added.second) added.first->second = NodeId();
  }

  NodeId Find(absl::string_view name) const {
    const auto found = nodes_.find(name);
    return found == nodes_.end() ? NodeId() : found->second;
  }

 private:
  absl::flat_hash_map<absl::string_view, NodeId> nodes_;
};

struct NamesOfFile {
  NamesOfFile(const GraphView& graph, const std::atomic<bool>* cancelled) {
    for (size_t n = 0; n < graph.num_nodes() && !EndsEarly(cancelled, n); ++n) {
      nodes.Add(graph.name(NodeId(n)), NodeId(n));
      for (ValueId value : graph.outputs(NodeId(n))) {
        if (value.valid()) values.Add(graph.name(value), NodeId(n));
      }
    }
  }

  NodesByName values, nodes;
};

class NodePairer {
 public:
  NodePairer(const GraphView& a, const GraphView& b, const std::atomic<bool>* cancelled)
      : a_(a), b_(b), cancelled_(cancelled), names_a_(a, cancelled), names_b_(b, cancelled) {
    pairs_.b_of_a.resize(a.num_nodes());
    pairs_.a_of_b.resize(b.num_nodes());
  }

  NodePairs Run() {
    for (const bool any_operator : {false, true}) {
      any_operator_ = any_operator;
      ForEach([this](NodeId node) { PairByValues(node); });
      ForEach([this](NodeId node) { Pair(node, a_.name(node), names_a_.nodes, names_b_.nodes); });
    }
    return std::move(pairs_);
  }

 private:
  template <typename Function>
  void ForEach(const Function& function) {
    for (size_t n = 0; n < a_.num_nodes() && !EndsEarly(cancelled_, n); ++n) {
      if (!pairs_.b_of_a[n].valid()) function(NodeId(n));
    }
  }

  void PairByValues(NodeId node) {
    for (ValueId value : a_.outputs(node)) {
      if (!value.valid()) continue;
      if (Pair(node, a_.name(value), names_a_.values, names_b_.values)) return;
    }
  }

  bool Pair(NodeId of_a, absl::string_view name, const NodesByName& in_a, const NodesByName& in_b) {
    if (in_a.Find(name) != of_a) return false;
    const NodeId of_b = in_b.Find(name);
    if (!of_b.valid() || pairs_.a_of_b[of_b.index()].valid()) return false;
    if (!any_operator_ && !HaveSameOperator(a_, of_a, b_, of_b)) return false;
    pairs_.b_of_a[of_a.index()] = of_b;
    pairs_.a_of_b[of_b.index()] = of_a;
    return true;
  }

  const GraphView& a_;
  const GraphView& b_;
  const std::atomic<bool>* const cancelled_;
  const NamesOfFile names_a_, names_b_;
  bool any_operator_ = false;
  NodePairs pairs_;
};

}  // namespace

bool HaveSameOperator(const GraphView& a, NodeId of_a, const GraphView& b, NodeId of_b) {
  return a.op_type(of_a) == b.op_type(of_b) && DomainOf(a, of_a) == DomainOf(b, of_b);
}

NodePairs PairByNames(const GraphView& a, const GraphView& b, const std::atomic<bool>* cancelled) {
  return NodePairer(a, b, cancelled).Run();
}

}  // namespace modelexport
