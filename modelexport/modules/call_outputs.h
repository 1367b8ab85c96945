// Which values of a graph are the outputs of the calls of modules.
#ifndef MODELEXPORT_MODULES_CALL_OUTPUTS_H_
#define MODELEXPORT_MODULES_CALL_OUTPUTS_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/modules/owned_graph.h"

namespace modelexport {

struct CallOutputs {
  struct Output {
    ValueId value;
    // Positions in `values` of those that nodes of the call compute from this one, in order. Empty
    // if the call has more than kMostTraced outputs, which `traced` tells.
    std::vector<uint32_t> feeds;
  };
  static constexpr size_t kMostTraced = 64;

  ModuleId module;
  CallId call;  // Invalid if the hierarchy lists no calls of the module.

  // All are of the main graph, in order of nodes; the root's in that of the graph's outputs.
  std::vector<Output> values;
  bool traced = true;

  // Why there are none, or why some are missing; "" if neither: "has no nodes".
  std::string why;
};

// One for each call of the modules chosen, which has a flag for each module of the hierarchy, in
// the order in which the calls end: a call follows those that it makes. Where the hierarchy lists
// no calls at all, one for each module that may have been called, ordered by its last node.
//
// The nodes of a call are those of CallsInOrder(), less those that compute the same whatever the
// model is given, unless it has no others. Its outputs are what they make and others read, or the
// graph gives out; of a node that does the work of several modules, its first output alone. What a
// QuantizeLinear or DynamicQuantizeLinear of the call makes is read back to what it was given: that
// is an output if the call makes it. The root's are the outputs of the graph.
//
// Takes time in proportion to the nodes and what they read, times how deep calls are nested. Ends
// soon after `*cancelled` becomes true, with only some of the outputs; null: never.
std::vector<CallOutputs> OutputsOfCalls(const OwnedGraph& owned, const std::vector<bool>& chosen,
                                        const std::atomic<bool>* cancelled = nullptr);

// For people and tests, a line for each: "encoder.layer.0#1: h, m -> h" where h is computed from m,
// "pooler: (has no nodes)".
std::string ToText(const OwnedGraph& owned, const std::vector<CallOutputs>& calls);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_CALL_OUTPUTS_H_
