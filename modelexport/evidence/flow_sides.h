// What the flow of data proves about where a node ran.
#ifndef MODELEXPORT_EVIDENCE_FLOW_SIDES_H_
#define MODELEXPORT_EVIDENCE_FLOW_SIDES_H_

#include <atomic>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/call_tree.h"

namespace modelexport {

// The nearest nodes whose call sites are known, before and behind each node. Calls nest and follow
// each other in time, so a node between two others ran within the innermost call around both.
class FlowSides {
 public:
  // Of each side. More are left out, because each pair of call sites holds by itself.
  static constexpr size_t kMaxSites = 4;
  using Sites = absl::InlinedVector<CallSite, kMaxSites>;

  // `known` has the call site of each node; invalid where it is not known. `calls` must outlive the
  // object. In graphs that are not sorted topologically fewer sites are found. Takes time in
  // proportion to the edges. Soon after `*cancelled` becomes true it ends, with fewer sites; null:
  // never.
  FlowSides(const GraphView& graph, const CallTree& calls, const std::vector<CallSite>& known,
            const std::atomic<bool>* cancelled);

  const Sites& before(NodeId node) const { return before_[node.index()]; }
  const Sites& behind(NodeId node) const { return behind_[node.index()]; }

  // The innermost call site that surely encloses the node; invalid if nothing is known on one side.
  CallSite Between(NodeId node) const;

 private:
  void LookBefore(const GraphView& graph, const std::vector<CallSite>& known, NodeId node);
  void LookBehind(const GraphView& graph, const std::vector<CallSite>& known, NodeId node);

  const CallTree& calls_;
  std::vector<Sites> before_, behind_;  // By node.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_FLOW_SIDES_H_
