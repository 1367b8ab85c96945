// list_nodes MODEL VALUE: the nodes that read what makes VALUE, as "#3 Add".
#include <iostream>

#include "modelexport/graph/find_nodes.h"
#include "modelexport/graph/model_file.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const absl::StatusOr<modelexport::ModelFile> file = modelexport::ModelFile::Open(argv[1]);
  if (!file.ok()) {
    std::cerr << file.status().message() << "\n";
    return 1;
  }
  const modelexport::GraphView& graph = file->graph();
  for (const modelexport::NodeId maker : modelexport::FindNodes(graph, argv[2])) {
    for (const modelexport::ValueId output : graph.outputs(maker)) {
      for (const modelexport::NodeId reader : graph.consumers(output)) {
        std::cout << graph.Place(reader) << " " << graph.op_type(reader) << "\n";
      }
    }
  }
}
