// How much of a model each module has: nodes, parameters, operators, evidence.
#ifndef MODELEXPORT_MODULES_MODULE_FIGURES_H_
#define MODELEXPORT_MODULES_MODULE_FIGURES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

// A part of the model, or of what is below it too.
struct Quantity {
  size_t nodes = 0;
  absl::optional<uint64_t> parameters = 0;  // Elements; absent where a shape is not known.
  absl::optional<uint64_t> bytes = 0;       // As stored; absent where a type or shape is not known.
};

// An operator type, and how many nodes have it.
using OperatorCount = std::pair<absl::string_view, size_t>;

// Of one row, which may be several modules. The names live as long as the graph's index.
struct ModuleFigures {
  Quantity own;    // Of the modules themselves.
  Quantity total;  // And of all below them.
  // The others are of `total`.
  bool shares_parameters = false;  // Nodes elsewhere read some of them too.
  // Some nodes do work of modules elsewhere too, or nodes elsewhere do work of these.
  bool shares_nodes = false;
  std::vector<OperatorCount> top_operators;  // At most three, most frequent first, then by name.
  std::array<uint32_t, kNumEvidenceKinds> evidence = {};  // Nodes.
};

struct FiguresOfModel {
  std::vector<ModuleFigures> rows;  // By row.

  // Nodes that nothing attributes to a module, with what they read; initializers that nobody reads.
  ModuleFigures unattributed;

  ModuleFigures all;  // The whole file.
};

// Parameters are the tensors of FindTensorUses(). A row counts each that its nodes read once,
// however many of them do; so the totals of siblings that share one add up to more than their
// parent's. No weight is read.
//
// The time is that of nodes, operands, tensors and rows, times a logarithm.
FiguresOfModel FiguresOf(const OwnedGraph& owned, const ModuleRows& rows);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_MODULE_FIGURES_H_
