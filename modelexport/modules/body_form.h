// Bodies in a form that does not depend on names, so that those of two nodes compare.
#ifndef MODELEXPORT_MODULES_BODY_FORM_H_
#define MODELEXPORT_MODULES_BODY_FORM_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

class BodyForms {
 public:
  // `graph` must outlive the object.
  explicit BodyForms(const GraphView& graph);

  // Of all bodies of a node, at any depth: which nodes they have, as `describe` says it of each,
  // what these read of each other, and the contents of initializers. What is read of the graphs
  // around is only marked: see CapturedInputs(). Errors are those of reading and of `describe`.
  absl::StatusOr<std::string> Of(
      NodeId node, absl::FunctionRef<absl::StatusOr<std::string>(NodeId)> describe) const;

  // The values of a body, in an order that only depends on its form.
  const std::vector<ValueId>& values(GraphId body) const { return values_[body.index()]; }

  // Why the bodies of a node cannot be written with other names; "" if they can.
  std::string WhyNot(NodeId node) const;

 private:
  const GraphView& graph_;
  std::vector<std::vector<ValueId>> values_;  // By graph.
};

// The bodies of a node and, at any depth, those of the nodes in them: each after the one around it.
std::vector<GraphId> AllBodies(const GraphView& graph, NodeId node);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_BODY_FORM_H_
