// What differs between two models, module by module.
//
//   const ModelComparison comparison = Compare(OwnedGraph::Of(before), OwnedGraph::Of(after));
//   for (const ComparedModule& module : comparison.modules) {
//     if (module.differs) std::cout << module.path << "\n";
//   }
#ifndef MODELEXPORT_MODULES_COMPARISON_H_
#define MODELEXPORT_MODULES_COMPARISON_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/modules/aligned_modules.h"
#include "modelexport/modules/module_figures.h"
#include "modelexport/modules/owned_graph.h"

namespace modelexport {

template <typename T>
struct Sides {
  T a{}, b{};
};

// Nodes of one module. Each node is in one change at most, but a move has two: at both ends.
struct NodeChange {
  enum class Kind : uint8_t {
    kNumber,     // `a` nodes of the operator in A and `b` in B; which of them are the same is open.
    kType,       // The node of A is of another operator in B.
    kMovedTo,    // The node of A is in another module in B,
    kMovedFrom,  // and this is what the other module has of it.
  };

  Kind kind = Kind::kNumber;
  std::string op;       // As "Conv", "com.microsoft.Gelu". Of kType: in A.
  std::string op_in_b;  // Of kType.
  uint32_t other =
      0;  // Of the moves: the position of the other module in ModelComparison::modules.
  size_t a = 0, b = 0;  // How many. Of others than kNumber they are equal.
};

// The modules of one path, or all nodes that nothing attributes to a module.
struct ComparedModule {
  std::string path;
  AlignedModule aligned;
  Sides<std::string> class_name;  // "" if unknown.

  // Whether the module or any below it has nodes or parameters. What a hierarchy lists beside
  // these does not count: sources of hierarchies differ in that.
  Sides<bool> present;

  Sides<Quantity> own, total;
  std::vector<NodeChange> changes;  // By kind, then by operator.

  // In a side that has it, own nodes, own parameters or bytes, or two known classes.
  bool differs = false;
  bool allowed = false;  // AllowChanges().
};

// Of the whole files. same_name + same_number + moved + changed_type + vanished are the nodes of
// A, and with `appeared` instead of `vanished` those of B.
struct ComparedNodes {
  size_t same_name = 0;    // Of one name, operator and module.
  size_t same_number = 0;  // Of one operator and module, and as many in the other file.
  size_t moved = 0, changed_type = 0;
  size_t vanished = 0, appeared = 0;  // By number, in each module and operator.
};

struct ModelComparison {
  std::vector<ComparedModule> modules;  // As AlignedModules::rows.
  ComparedModule unattributed;
  Sides<Quantity> all;
  ComparedNodes nodes;
};

// Compares what `a` and `b` have in modules of one path. Attributes and the elements of weights are
// not compared.
//
// A node has moved or changed its type only where names and wiring prove it (node_identity.h).
// Nodes that nothing identifies are compared by their number for each module and operator.
//
// The time is that of nodes, operands and modules, times a logarithm. Once `*cancelled` is true, it
// ends early with a comparison that may only be destroyed; null: never.
ModelComparison Compare(const OwnedGraph& a, const OwnedGraph& b,
                        const std::atomic<bool>* cancelled = nullptr);

// Marks the modules of which either file has one that is set, by module. What no module is found
// for is never allowed.
void AllowChanges(const Sides<std::vector<bool>>& modules, ModelComparison* comparison);

struct ComparedModuleCounts {
  size_t in_both = 0, only_in_a = 0, only_in_b = 0;
  size_t differ = 0;   // Of all of these.
  size_t allowed = 0;  // Of those that differ.
};

// Without the unattributed nodes.
ComparedModuleCounts CountModules(const ModelComparison& comparison);

// Whether anything differs that is not allowed.
bool DiffersBeyondAllowed(const ModelComparison& comparison);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_COMPARISON_H_
