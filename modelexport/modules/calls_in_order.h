// The calls of modules in the order in which they end, each with its nodes.
#ifndef MODELEXPORT_MODULES_CALLS_IN_ORDER_H_
#define MODELEXPORT_MODULES_CALLS_IN_ORDER_H_

#include <string>
#include <vector>

#include "modelexport/modules/owned_graph.h"

namespace modelexport {

struct OrderedCall {
  ModuleId module;
  CallId call;                // Invalid if the hierarchy lists no calls of the module.
  bool is_only_call = true;   // As far as is known.
  std::vector<NodeId> nodes;  // In order.
  std::string why;            // Why there are none, or they are not known; "" if neither.
};

// Of the modules `chosen`, which has a flag for each module of the hierarchy: each call that the
// hierarchy lists, after those that it makes. Where it lists none at all, each module that may have
// been called, ordered by its last node, what is below a module before it; those without nodes come
// first.
//
// The nodes are those of CallNodes(), with one exception: a node that does the work of several
// calls (owned.also) of which none holds another is one of the last of them to end, as what it
// makes is what that one gives out.
//
// Takes time in proportion to the nodes, times how deep calls are nested.
std::vector<OrderedCall> CallsInOrder(const OwnedGraph& owned, const std::vector<bool>& chosen);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_CALLS_IN_ORDER_H_
