// Which node of a model each kernel of a profile is.
#ifndef MODELEXPORT_PROFILES_KERNEL_NODES_H_
#define MODELEXPORT_PROFILES_KERNEL_NODES_H_

#include <string>
#include <vector>

#include "modelexport/base/rows.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/profiles/profile.h"

namespace modelexport {

struct KernelNodes {
  // By kernel; invalid where none, or none of several, is it, and where it has parts.
  std::vector<NodeId> nodes;
  // By kernel: the module of its node, in the call of a function that it ran in; invalid if none is
  // known.
  std::vector<ModuleId> modules;
  Rows<NodeId> parts;  // By kernel: nodes that are parts of it, each once.
  // A kernel that has the name of nodes, all of which are other operators: the model is not the one
  // that ran. Kernel::kNone if there is no such kernel.
  uint32_t contradicted = Kernel::kNone;
};

// A kernel is the node of its name and operator. In bodies names may repeat: then it is one in a
// body of the node within which it ran, and one at the same position among the nodes of its graph
// that are no Constants. ONNX Runtime names a node without a name by its operator and that
// position, as "Relu_3". Of several nodes that are left, all of one owner, it is the first.
//
// A part is a node of the main graph, by its name alone.
//
// Nodes in functions run under the names of InlinedNodes. Names that more than 1,000 nodes have are
// not looked at, which bounds the time.
//
// Takes time in proportion to nodes and kernels, and for each kernel to the nodes of its name times
// those of the name of the kernel around it.
KernelNodes FindKernelNodes(const OwnedGraph& owned, const std::vector<Kernel>& kernels);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_KERNEL_NODES_H_
