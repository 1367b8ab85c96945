#include "modelexport/modules/node_identity.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/cancellation.h"

namespace modelexport {

// Asks for the fates of nodes that come before as they are known by then.
class NodeIdentity::Finder {
 public:
  Finder(const OwnedGraph& a, const OwnedGraph& b, const AlignedModules& aligned,
         const NodeIdentity& identity)
      : a_(a), b_(b), aligned_(aligned), identity_(identity) {}

  NodeFate FateOf(NodeId of_a, NodeId of_b) const {
    const bool known = a_.IsAttributed(of_a);
    if (known != b_.IsAttributed(of_b)) return NodeFate::kOpen;
    const bool same_operator = HaveSameOperator(a_.graph, of_a, b_.graph, of_b);
    const bool same_module = !known || aligned_.row_of_a[a_.owner(of_a).module.index()] ==
                                           aligned_.row_of_b[b_.owner(of_b).module.index()];
    if (same_operator && same_module) return NodeFate::kSame;
    if (!same_operator && !same_module) return NodeFate::kOpen;
    if (!HaveCommonReader(of_a, of_b)) return NodeFate::kOpen;
    if (same_operator) return ReadTheSame(of_a, of_b) ? NodeFate::kMoved : NodeFate::kOpen;
    return ReadSomethingInCommon(of_a, of_b) ? NodeFate::kChangedType : NodeFate::kOpen;
  }

 private:
  bool ReadTheSame(NodeId of_a, NodeId of_b) const {
    const absl::Span<const ValueId> in_a = a_.graph.inputs(of_a), in_b = b_.graph.inputs(of_b);
    if (in_a.size() != in_b.size()) return false;
    for (size_t i = 0; i < in_a.size(); ++i) {
      const bool neither = !in_a[i].valid() && !in_b[i].valid();
      if (!neither && !AreSame(in_a[i], in_b[i])) return false;
    }
    return true;
  }

  // The place of an input may differ between operators.
  bool ReadSomethingInCommon(NodeId of_a, NodeId of_b) const {
    absl::flat_hash_map<absl::string_view, ValueId> by_name;
    for (ValueId value : b_.graph.inputs(of_b)) {
      if (value.valid()) by_name.emplace(b_.graph.name(value), value);
    }
    for (ValueId value : a_.graph.inputs(of_a)) {
      const auto found = by_name.find(value.valid() ? a_.graph.name(value) : "");
      if (found != by_name.end() && AreSame(value, found->second)) return true;
    }
    return false;
  }

  bool AreSame(ValueId of_a, ValueId of_b) const {
    if (!of_a.valid() || !of_b.valid() || a_.graph.name(of_a) != b_.graph.name(of_b)) return false;
    const Value& in_a = a_.graph.value(of_a);
    const Value& in_b = b_.graph.value(of_b);
    if (in_a.producer.valid()) {
      return identity_.CounterpartOf(in_a.producer) == in_b.producer &&
             identity_.FateInA(in_a.producer) != NodeFate::kOpen;
    }
    if (in_b.producer.valid()) return false;
    if (in_a.tensor != Value::kNoTensor) return HaveOneShape(in_a, in_b);
    return in_a.is_graph_input && in_b.is_graph_input;
  }

  bool HaveOneShape(const Value& in_a, const Value& in_b) const {
    if (in_b.tensor == Value::kNoTensor) return false;
    const ModelIndex& a = a_.graph.index();
    const ModelIndex& b = b_.graph.index();
    return a.dims(a.tensors()[in_a.tensor]) == b.dims(b.tensors()[in_b.tensor]);
  }

  // Outputs of one name are looked for at one position.
  bool HaveCommonReader(NodeId of_a, NodeId of_b) const {
    const absl::Span<const ValueId> out_a = a_.graph.outputs(of_a), out_b = b_.graph.outputs(of_b);
    for (size_t i = 0; i < std::min(out_a.size(), out_b.size()); ++i) {
      if (!out_a[i].valid() || !out_b[i].valid()) continue;
      if (a_.graph.name(out_a[i]) != b_.graph.name(out_b[i])) continue;
      if (AreReadByOne(out_a[i], out_b[i])) return true;
    }
    return false;
  }

  bool AreReadByOne(ValueId of_a, ValueId of_b) const {
    if (a_.graph.value(of_a).is_graph_output && b_.graph.value(of_b).is_graph_output) return true;
    // In order of nodes.
    const absl::Span<const NodeId> readers = b_.graph.consumers(of_b);
    for (NodeId reader : a_.graph.consumers(of_a)) {
      const NodeId counterpart = identity_.CounterpartOf(reader);
      if (counterpart.valid() && std::binary_search(readers.begin(), readers.end(), counterpart)) {
        return true;
      }
    }
    return false;
  }

  const OwnedGraph& a_;
  const OwnedGraph& b_;
  const AlignedModules& aligned_;
  const NodeIdentity& identity_;
};

NodeIdentity::NodeIdentity(const OwnedGraph& a, const OwnedGraph& b, const AlignedModules& aligned,
                           const std::atomic<bool>* cancelled)
    : pairs_(PairByNames(a.graph, b.graph, cancelled)), fates_(a.graph.num_nodes()) {
  const Finder finder(a, b, aligned, *this);
  for (size_t n = 0; n < fates_.size() && !EndsEarly(cancelled, n); ++n) {
    if (pairs_.b_of_a[n].valid()) fates_[n] = finder.FateOf(NodeId(n), pairs_.b_of_a[n]);
  }
}

}  // namespace modelexport
