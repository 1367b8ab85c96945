#include "modelexport/modules/cut.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/quoted.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/graph/constant_nodes.h"
#include "modelexport/graph/graphs_around.h"
#include "modelexport/graph/reached_nodes.h"
#include "modelexport/modules/convexity.h"
#include "modelexport/modules/node_set.h"

namespace modelexport {
namespace {

absl::Status Refused(absl::string_view message) {
  return WithFault(absl::FailedPreconditionError(message), Fault::kJudged);
}

bool IsInFunction(const ModelIndex& index, GraphId graph) {
  return index.graph(RootOf(index, graph)).kind == GraphRecord::Kind::kFunction;
}

// Calls `visit` with each value that the node or one in its bodies reads and that is not of these
// bodies.
template <typename Visit>
void ForEachRead(const GraphView& graph, NodeId node, Visit visit) {
  const NodeSet all(graph, {node});
  for (NodeId reader : all.nodes()) {
    for (ValueId value : graph.inputs(reader)) {
      if (!value.valid()) continue;
      const NodeId holder = graph.index().graph(graph.value(value).graph).parent;
      if (!holder.valid() || !all.contains(holder)) visit(value);
    }
  }
}

class Cutter {
 public:
  explicit Cutter(const GraphView& graph)
      : graph_(graph), index_(graph.index()), constant_(FindConstantNodes(graph)) {}

  absl::StatusOr<Cut> Run(absl::Span<const NodeId> nodes) {
    MX_RETURN_IF_ERROR(FindSet(nodes));
    MX_RETURN_IF_ERROR(FindOutputs());
    MX_RETURN_IF_ERROR(FindNeeded());
    MX_RETURN_IF_ERROR(ListReads());
    PutFirst(index_.graph(cut_.home).inputs, &cut_.inputs);
    PutFirst(index_.graph(cut_.home).outputs, &cut_.outputs);
    cut_.way_back = FindWayBack(graph_, set_);
    return std::move(cut_);
  }

 private:
  // The nodes of the set that are in no body of another one, and not constant.
  absl::Status FindSet(absl::Span<const NodeId> nodes) {
    if (nodes.empty()) return Refused("has no nodes");
    const NodeSet all(graph_, nodes);
    const ReachedNodes reached = ReachedFrom(graph_, nodes);
    for (NodeId node : nodes) {
      const GraphId graph = index_.graph_of(node);
      const NodeId holder = index_.graph(graph).parent;
      if (holder.valid() && all.contains(holder)) continue;
      if (IsInFunction(index_, graph)) {
        MX_RETURN_IF_ERROR(CheckIsCalled(node, RootOf(index_, graph), reached));
      } else {
        MX_RETURN_IF_ERROR(Add(node, graph));
      }
    }
    if (!set_.empty()) return absl::OkStatus();
    return Refused(absl::StrCat("has ", nodes.size(),
                                nodes.size() == 1 ? " node, which does" : " nodes, which do",
                                " not depend on any input of the model"));
  }

  absl::Status CheckIsCalled(NodeId node, GraphId function, const ReachedNodes& reached) const {
    if (reached.functions.contains(function)) return absl::OkStatus();
    return Refused(absl::StrCat("has ", graph_.Place(node),
                                ", and not the node that calls this function: choose the module "
                                "that calls it"));
  }

  absl::Status Add(NodeId node, GraphId graph) {
    if (constant_[node.index()]) return absl::OkStatus();
    if (!set_.empty() && graph != cut_.home) {
      return Refused(absl::StrCat("has nodes in several graphs, ", graph_.Place(set_[0]), " and ",
                                  graph_.Place(node), ": choose the module around it"));
    }
    cut_.home = graph;
    set_.push_back(node);
    return absl::OkStatus();
  }

  absl::Status FindOutputs() {
    std::sort(set_.begin(), set_.end());
    const NodeSet all(graph_, set_);
    for (NodeId node : set_) {
      MX_RETURN_IF_ERROR(CheckOutputs(node));
      for (ValueId output : graph_.outputs(node)) {
        if (output.valid() && IsReadOutside(output, all)) cut_.outputs.push_back(output);
      }
    }
    return cut_.outputs.empty() ? Refused("makes nothing that is read outside") : absl::OkStatus();
  }

  bool IsReadOutside(ValueId id, const NodeSet& all) const {
    if (graph_.value(id).is_graph_output) return true;
    const absl::Span<const NodeId> readers = graph_.consumers(id);
    return std::any_of(readers.begin(), readers.end(),
                       [&](NodeId reader) { return !all.contains(reader); });
  }

  // From the outputs back. Each node is met once.
  absl::Status FindNeeded() {
    const absl::flat_hash_set<NodeId> set(set_.begin(), set_.end());
    absl::flat_hash_set<NodeId> kept;
    std::vector<NodeId> open;
    const auto need = [&](ValueId value) {
      const NodeId maker = graph_.value(value).producer;
      if (!maker.valid() || !(set.contains(maker) || constant_[maker.index()])) return;
      if (kept.insert(maker).second) open.push_back(maker);
    };
    for (ValueId output : cut_.outputs) need(output);
    while (!open.empty()) {
      const NodeId node = open.back();
      open.pop_back();
      MX_RETURN_IF_ERROR(CheckOutputs(node));
      ForEachRead(graph_, node, need);
    }
    cut_.nodes.assign(kept.begin(), kept.end());
    std::sort(cut_.nodes.begin(), cut_.nodes.end());
    return absl::OkStatus();
  }

  absl::Status CheckOutputs(NodeId node) const {
    for (ValueId output : graph_.outputs(node)) {
      if (!output.valid() || graph_.value(output).producer == node) continue;
      return Refused(absl::StrCat("the value ", Quoted(graph_.name(output)), " of ",
                                  graph_.Place(node), " is defined more than once"));
    }
    return absl::OkStatus();
  }

  absl::Status ListReads() {
    const absl::flat_hash_set<NodeId> kept(cut_.nodes.begin(), cut_.nodes.end());
    absl::flat_hash_set<ValueId> seen;
    absl::Status status;
    for (NodeId node : cut_.nodes) {
      ForEachRead(graph_, node, [&](ValueId id) {
        const Value& value = graph_.value(id);
        if (kept.contains(value.producer) || !seen.insert(id).second) return;
        const bool is_initializer = value.tensor != Value::kNoTensor && !value.producer.valid();
        (is_initializer ? cut_.initializers : cut_.inputs).push_back(id);
        if (is_initializer || value.producer.valid() || value.is_graph_input) return;
        status.Update(Refused(absl::StrCat(graph_.Place(node), " reads ", Quoted(graph_.name(id)),
                                           ", which nothing makes")));
      });
    }
    return status;
  }

  // Those of `values` that have one of `names`, in the order of these.
  void PutFirst(const std::vector<StringId>& names, std::vector<ValueId>* values) const {
    absl::flat_hash_map<StringId, size_t> ranks;
    for (StringId name : names) ranks.emplace(name, ranks.size());
    const auto rank = [&](ValueId value) {
      const auto found = ranks.find(graph_.value(value).name);
      const bool is_of_home = graph_.value(value).graph == cut_.home;
      return is_of_home && found != ranks.end() ? found->second : ranks.size();
    };
    std::stable_sort(values->begin(), values->end(),
                     [&](ValueId a, ValueId b) { return rank(a) < rank(b); });
  }

  const GraphView& graph_;
  const ModelIndex& index_;
  const std::vector<bool> constant_;
  std::vector<NodeId> set_;
  Cut cut_;
};

}  // namespace

absl::StatusOr<Cut> CutOut(const GraphView& graph, absl::Span<const NodeId> nodes) {
  return Cutter(graph).Run(nodes);
}

std::vector<uint32_t> TensorsOf(const GraphView& graph, const Cut& cut) {
  const ReachedNodes reached = ReachedFrom(graph, cut.nodes);
  absl::flat_hash_set<uint32_t> initializers;
  for (ValueId value : cut.initializers) initializers.insert(graph.value(value).tensor);
  std::vector<uint32_t> tensors;
  for (uint32_t t = 0; t < graph.index().tensors().size(); ++t) {
    const TensorRecord& tensor = graph.index().tensors()[t];
    const bool is_attribute = tensor.role == TensorRecord::Role::kAttribute;
    const NodeId holder = is_attribute ? tensor.node : graph.index().graph(tensor.graph).parent;
    if (initializers.contains(t) || reached.nodes.contains(holder)) tensors.push_back(t);
  }
  return tensors;
}

std::string ToText(const GraphView& graph, const Cut& cut) {
  const auto places = [&](const std::vector<NodeId>& nodes) {
    return absl::StrJoin(nodes, " ", [&](std::string* out, NodeId node) {
      absl::StrAppend(out, graph.Place(node));
    });
  };
  const auto names = [&](const std::vector<ValueId>& values) {
    return absl::StrJoin(values, ", ", [&](std::string* out, ValueId value) {
      absl::StrAppend(out, graph.name(value));
    });
  };
  std::string text =
      absl::StrCat("nodes: ", places(cut.nodes), "\nin: ", names(cut.inputs),
                   "\nweights: ", names(cut.initializers), "\nout: ", names(cut.outputs), "\n");
  if (!cut.way_back.empty()) absl::StrAppend(&text, "back: ", places(cut.way_back), "\n");
  return text;
}

}  // namespace modelexport
