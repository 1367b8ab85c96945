// Costs of models from text, for the tests of this package.
#ifndef MODELEXPORT_COSTS_TEST_COSTS_H_
#define MODELEXPORT_COSTS_TEST_COSTS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/costs/module_costs.h"
#include "modelexport/costs/node_costs.h"

namespace modelexport::testing {

// Of the nodes of a view, by the types that the model declares with `sources`. An error fails the
// running test.
std::vector<NodeCost> NodeCostsOf(const GraphView& graph, const ShapeSources& sources = {});

// A line for each node of a model (testing/model_text.h): its place, operator, MACs and bytes of
// activations, as "#3 MatMul 128 macs 64 bytes"; "?" for an unknown one, and "..." at the end if
// it repeats.
std::string NodeCostsText(absl::string_view model, const ShapeSources& sources = {});

// As "12", ">=12", or "?" if nothing is known.
std::string Text(const CostSum& sum);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_COSTS_TEST_COSTS_H_
