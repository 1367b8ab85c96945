#include "modelexport/evidence/flow_sides.h"

#include <algorithm>

#include "modelexport/base/cancellation.h"

namespace modelexport {
namespace {

void Add(const CallSite& site, FlowSides::Sites* sites) {
  if (sites->size() == FlowSides::kMaxSites) return;
  if (std::find(sites->begin(), sites->end(), site) == sites->end()) sites->push_back(site);
}

}  // namespace

FlowSides::FlowSides(const GraphView& graph, const CallTree& calls,
                     const std::vector<CallSite>& known, const std::atomic<bool>* cancelled)
    : calls_(calls), before_(known.size()), behind_(known.size()) {
  for (size_t n = 0; n < known.size(); ++n) {
    if (EndsEarly(cancelled, n)) return;
    LookBefore(graph, known, NodeId(n));
  }
  for (size_t n = known.size(); n-- > 0;) {
    if (EndsEarly(cancelled, n)) return;
    LookBehind(graph, known, NodeId(n));
  }
}

CallSite FlowSides::Between(NodeId node) const {
  CallSite innermost;
  for (const CallSite& a : before(node)) {
    for (const CallSite& b : behind(node)) {
      const CallSite around = calls_.Around(a, b);
      if (!innermost.valid() || calls_.IsWithin(around, innermost)) innermost = around;
    }
  }
  return innermost;
}

void FlowSides::LookBefore(const GraphView& graph, const std::vector<CallSite>& known,
                           NodeId node) {
  for (ValueId input : graph.inputs(node)) {
    if (!input.valid()) continue;
    const NodeId producer = graph.value(input).producer;
    if (!producer.valid()) continue;
    if (known[producer.index()].valid()) {
      Add(known[producer.index()], &before_[node.index()]);
    } else {
      for (const CallSite& site : before(producer)) Add(site, &before_[node.index()]);
    }
  }
}

void FlowSides::LookBehind(const GraphView& graph, const std::vector<CallSite>& known,
                           NodeId node) {
  for (ValueId output : graph.outputs(node)) {
    if (!output.valid()) continue;
    for (NodeId consumer : graph.consumers(output)) {
      if (known[consumer.index()].valid()) {
        Add(known[consumer.index()], &behind_[node.index()]);
      } else {
        for (const CallSite& site : behind(consumer)) Add(site, &behind_[node.index()]);
      }
    }
  }
}

}  // namespace modelexport
