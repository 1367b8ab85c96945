// What the functions of this package look at: a graph, and the module that owns each of its nodes.
#ifndef MODELEXPORT_MODULES_OWNED_GRAPH_H_
#define MODELEXPORT_MODULES_OWNED_GRAPH_H_

#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/resolution/also_modules.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// A view: what it refers to must outlive it.
struct OwnedGraph {
  const GraphView& graph;
  const Hierarchy& hierarchy;
  absl::Span<const Owner> owners;     // By node.
  const AlsoModules* also = nullptr;  // Null: no node does the work of several modules.

  static OwnedGraph Of(const OwnedModel& model) {
    return {model.graph(), *model.hierarchy, model.owners, &model.also};
  }

  absl::Span<const AlsoModule> also_of(NodeId node) const {
    return also == nullptr ? absl::Span<const AlsoModule>() : also->of(node);
  }

  const Owner& owner(NodeId node) const { return owners[node.index()]; }

  // Whether anything says which module the node is of. A node in the body of a function that
  // several modules call counts for the one that its owner names.
  bool IsAttributed(NodeId node) const {
    return owner(node).tagged && owner(node).evidence != EvidenceKind::kNone;
  }

  // The owner's module; invalid if nothing says which that is.
  ModuleId AttributedModule(NodeId node) const {
    return IsAttributed(node) ? owner(node).module : ModuleId();
  }
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_OWNED_GRAPH_H_
