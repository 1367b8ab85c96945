#include "modelexport/modules/call_outputs.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/graph/constant_nodes.h"
#include "modelexport/modules/boundary.h"
#include "modelexport/modules/call_nodes.h"
#include "modelexport/modules/calls_in_order.h"
#include "modelexport/modules/node_set.h"

namespace modelexport {
namespace {

bool IsQuantizer(absl::string_view op_type) {
  return op_type == "QuantizeLinear" || op_type == "DynamicQuantizeLinear";
}

class OutputFinder {
 public:
  OutputFinder(const OwnedGraph& owned, const std::atomic<bool>* cancelled)
      : owned_(owned),
        graph_(owned.graph),
        index_(owned.graph.index()),
        cancelled_(cancelled),
        constant_(FindConstantNodes(owned.graph)) {
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      const Value& value = graph_.values()[v];
      if (value.graph == kMainGraph) main_values_.emplace(value.name, ValueId(v));
    }
  }

  CallOutputs Find(const OrderedCall& call) {
    CallOutputs found;
    found.module = call.module;
    found.call = call.call;
    found.why = call.why;
    if (IsCancelled(cancelled_) || !found.why.empty()) return found;
    if (call.module == Hierarchy::root() && call.is_only_call) {
      TakeGraphOutputs(&found);
    } else {
      TakeOutputsOf(call.nodes, &found);
    }
    return found;
  }

 private:
  void TakeGraphOutputs(CallOutputs* found) const {
    for (StringId name : index_.graph(kMainGraph).outputs) {
      const auto value = main_values_.find(name);
      if (value != main_values_.end()) found->values.push_back({value->second, {}});
    }
    if (found->values.empty()) found->why = "the graph has no outputs";
  }

  void TakeOutputsOf(const std::vector<NodeId>& all, CallOutputs* found) const {
    std::vector<NodeId> nodes;
    for (NodeId node : all) {
      if (!constant_[node.index()]) nodes.push_back(node);
    }
    // Exporters share constant nodes between modules, but a module may have no others.
    if (nodes.empty()) nodes = all;
    if (nodes.empty()) {
      found->why = "has no nodes";
      return;
    }
    const NodeSet set(graph_, nodes);
    size_t elsewhere = 0;
    for (ValueId output : BoundaryOf(graph_, nodes).outputs) {
      const ValueId value = BeforeQuantizers(output);
      if (!set.contains(graph_.value(value).producer) || IsOfAnother(value)) continue;
      if (graph_.value(value).graph == kMainGraph) {
        Add(value, found);
      } else {
        ++elsewhere;
      }
    }
    ExplainGaps(elsewhere, found);
    TraceFeeds(nodes, found);
  }

  // Of a node that does the work of several modules the first output is what it is for.
  bool IsOfAnother(ValueId value) const {
    const NodeId maker = graph_.value(value).producer;
    return !owned_.also_of(maker).empty() && graph_.outputs(maker)[0] != value;
  }

  // Each step goes to another value that is made before.
  ValueId BeforeQuantizers(ValueId value) const {
    for (size_t steps = 0; steps < graph_.num_nodes(); ++steps) {
      const NodeId maker = graph_.value(value).producer;
      if (!maker.valid() || !IsQuantizer(graph_.op_type(maker))) return value;
      const auto inputs = graph_.inputs(maker);
      if (inputs.empty() || !inputs[0].valid()) return value;
      value = inputs[0];
    }
    return value;
  }

  static void Add(ValueId value, CallOutputs* found) {
    for (const CallOutputs::Output& output : found->values) {
      if (output.value == value) return;
    }
    found->values.push_back({value, {}});
  }

  static void ExplainGaps(size_t elsewhere, CallOutputs* found) {
    if (elsewhere > 0) {
      found->why = absl::StrCat(found->values.empty() ? "its" : "some",
                                " values are made in a body of If, Loop or Scan or in a function");
    } else if (found->values.empty()) {
      found->why = "makes nothing that is read outside";
    }
  }

  // Each node of the call once: which outputs each value is computed from, as bits.
  void TraceFeeds(const std::vector<NodeId>& nodes, CallOutputs* found) const {
    if (found->values.size() < 2) return;
    found->traced = found->values.size() <= CallOutputs::kMostTraced;
    if (!found->traced) return;
    absl::flat_hash_map<ValueId, uint32_t> positions;
    for (size_t i = 0; i < found->values.size(); ++i) positions.emplace(found->values[i].value, i);
    absl::flat_hash_map<ValueId, uint64_t> from;
    for (NodeId node : nodes) {
      const uint64_t read = SourcesOf(node, from);
      for (ValueId output : graph_.outputs(node)) {
        if (!output.valid()) continue;
        uint64_t made = read;
        const auto position = positions.find(output);
        if (position != positions.end()) {
          Note(read, position->second, found);
          made |= uint64_t{1} << position->second;
        }
        if (made != 0) from[output] = made;
      }
    }
  }

  uint64_t SourcesOf(NodeId node, const absl::flat_hash_map<ValueId, uint64_t>& from) const {
    uint64_t sources = 0;
    const NodeSet readers(graph_, {node});  // Bodies read for their node.
    for (NodeId reader : readers.nodes()) {
      for (ValueId input : graph_.inputs(reader)) {
        const auto found = from.find(input);
        if (found != from.end()) sources |= found->second;
      }
    }
    return sources;
  }

  static void Note(uint64_t sources, uint32_t position, CallOutputs* found) {
    for (uint32_t i = 0; i < found->values.size(); ++i) {
      if ((sources >> i & 1) != 0) found->values[i].feeds.push_back(position);
    }
  }

  const OwnedGraph& owned_;
  const GraphView& graph_;
  const ModelIndex& index_;
  const std::atomic<bool>* const cancelled_;
  const std::vector<bool> constant_;
  absl::flat_hash_map<StringId, ValueId> main_values_;
};

}  // namespace

std::vector<CallOutputs> OutputsOfCalls(const OwnedGraph& owned, const std::vector<bool>& chosen,
                                        const std::atomic<bool>* cancelled) {
  OutputFinder finder(owned, cancelled);
  std::vector<CallOutputs> outputs;
  for (const OrderedCall& call : CallsInOrder(owned, chosen)) outputs.push_back(finder.Find(call));
  return outputs;
}

std::string ToText(const OwnedGraph& owned, const std::vector<CallOutputs>& calls) {
  std::string text;
  for (const CallOutputs& call : calls) {
    absl::StrAppend(&text, WrittenPath(owned.hierarchy, call.module));
    if (call.call.valid()) absl::StrAppend(&text, "#", owned.hierarchy.call(call.call).ordinal);
    const auto name = [&](ValueId value) { return owned.graph.name(value); };
    absl::StrAppend(
        &text, ": ",
        absl::StrJoin(call.values, ", ",
                      [&](std::string* out, const CallOutputs::Output& output) {
                        absl::StrAppend(out, name(output.value));
                        for (uint32_t feed : output.feeds) {
                          absl::StrAppend(out, " -> ", name(call.values[feed].value));
                        }
                      }),
        call.why.empty() ? "" : absl::StrCat(call.values.empty() ? "" : " ", "(", call.why, ")"),
        "\n");
  }
  return text;
}

}  // namespace modelexport
