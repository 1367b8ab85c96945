// Which nodes of two models are the same, as far as names and wiring prove it.
#ifndef MODELEXPORT_MODULES_NODE_IDENTITY_H_
#define MODELEXPORT_MODULES_NODE_IDENTITY_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "modelexport/modules/aligned_modules.h"
#include "modelexport/modules/node_pairs.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

enum class NodeFate : uint8_t {
  kOpen,         // Which node of the other file it is, if any, is not known.
  kSame,         // A node of one name, operator and module.
  kMoved,        // It is in another module.
  kChangedType,  // It is of another operator.
};

// A pair of one name (node_pairs.h), operator and module counts as the same: if it is not, nothing
// differs all the same. That a node has moved or changed its type is said only if all of this
// speaks for it:
// - the names, and either the operator or the module, which are known in both files;
// - what it reads, of which all, or for a change of type at least one, is the same in both;
// - a reader: a pair that reads it in both files, or it is an output of both.
// Values are the same if they have one name and are initializers of one shape, graph inputs, or
// made by nodes whose fate is not open.
class NodeIdentity {
 public:
  // Keeps no reference to its arguments. Takes time in proportion to the nodes, their operands and,
  // times a logarithm, their readers. Ends early once `*cancelled` is true.
  NodeIdentity(const OwnedGraph& a, const OwnedGraph& b, const AlignedModules& aligned,
               const std::atomic<bool>* cancelled);

  NodeFate FateInA(NodeId of_a) const { return fates_[of_a.index()]; }
  NodeFate FateInB(NodeId of_b) const {
    const NodeId of_a = pairs_.a_of_b[of_b.index()];
    return of_a.valid() ? FateInA(of_a) : NodeFate::kOpen;
  }

  // Invalid if there is none. It may be another node where the fate is open.
  NodeId CounterpartOf(NodeId of_a) const { return pairs_.b_of_a[of_a.index()]; }

 private:
  class Finder;

  NodePairs pairs_;
  std::vector<NodeFate> fates_;  // By node of A.
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_NODE_IDENTITY_H_
