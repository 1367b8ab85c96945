#include "modelexport/evidence/names/op_reads.h"

#include <utility>

#include "modelexport/evidence/cancellation.h"

namespace modelexport {

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

std::vector<OpSet> ReadInRun(const Hierarchy& hierarchy, const std::vector<bool>& has_node) {
  std::vector<OpSet> reads;
  for (const Op& op : hierarchy.ops()) {
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

std::vector<bool> HasNode(const Hierarchy& hierarchy, const NamedOps& named) {
  std::vector<bool> has_node(hierarchy.ops().size());
  for (OpId op : named) {
    if (op.valid()) has_node[op.index()] = true;
  }
  return has_node;
}

}  // namespace modelexport
