// The graphs that a body of If, Loop or Scan is in.
#ifndef MODELEXPORT_GRAPH_GRAPHS_AROUND_H_
#define MODELEXPORT_GRAPH_GRAPHS_AROUND_H_

#include "modelexport/onnx/model_index.h"

namespace modelexport {

// The graph of the node that has the body `graph`; invalid for the main graph and for functions.
inline GraphId GraphAround(const ModelIndex& index, GraphId graph) {
  const NodeId holder = index.graph(graph).parent;
  return holder.valid() ? index.graph_of(holder) : GraphId();
}

// The main graph or the function that `graph` is or is in. Takes time in proportion to the depth.
inline GraphId RootOf(const ModelIndex& index, GraphId graph) {
  for (GraphId next = graph; next.valid(); next = GraphAround(index, next)) graph = next;
  return graph;
}

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_GRAPHS_AROUND_H_
