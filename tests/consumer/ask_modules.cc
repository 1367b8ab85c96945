// ask_modules MODEL PATTERN: the modules of any ONNX file with their nodes and parameters, then the
// nodes that PATTERN selects, by place and name.
#include <iostream>

#include "modelexport/modules/module_figures.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/ownership/standard_strategies.h"

namespace {

absl::Status Ask(const char* path, const char* text) {
  // As modules may come from anywhere: a sidecar's path or "" for what the file itself says.
  absl::StatusOr<modelexport::OwnedModel> model =
      modelexport::OwnModel({path, /*hierarchy=*/"", {}}, modelexport::StandardStrategies().front(),
                            modelexport::Stages());
  if (!model.ok()) return model.status();
  const modelexport::OwnedGraph owned = modelexport::OwnedGraph::Of(*model);

  const modelexport::ModuleRows rows(owned, modelexport::Folding::kOn);
  const modelexport::FiguresOfModel figures = modelexport::FiguresOf(owned, rows);
  for (uint32_t row = 0; row < rows.rows().size(); ++row) {
    const modelexport::Quantity& total = figures.rows[row].total;
    std::cout << total.nodes << " " << total.parameters.value_or(0) << " " << rows.Path(row)
              << "\n";
  }

  const absl::StatusOr<modelexport::Pattern> pattern = modelexport::Pattern::Parse({text});
  if (!pattern.ok()) return pattern.status();
  const absl::StatusOr<std::vector<modelexport::NodeId>> nodes =
      pattern->Nodes(owned, modelexport::Subtrees::kIncluded);
  if (!nodes.ok()) return nodes.status();
  for (const modelexport::NodeId node : *nodes) {
    std::cout << owned.graph.Place(node) << " " << owned.graph.name(node) << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const absl::Status status = Ask(argv[1], argv[2]);
  if (status.ok()) return 0;
  std::cerr << status.message() << "\n";
  return 1;
}
