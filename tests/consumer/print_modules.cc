// print_modules TAGGED: the module of each node, and how it is known.
#include <iostream>

#include "modelexport/graph/model_file.h"
#include "modelexport/tags/node_tags.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const absl::StatusOr<modelexport::ModelFile> file =
      modelexport::ModelFile::Open(argv[1], modelexport::NodeTagKeys());
  if (!file.ok()) {
    std::cerr << file.status().message() << "\n";
    return 1;
  }
  const modelexport::GraphView& graph = file->graph();
  for (size_t i = 0; i < graph.num_nodes(); ++i) {
    const modelexport::NodeId node(i);
    const modelexport::NodeTags tags = modelexport::TagsOf(graph, node);
    std::cout << graph.Place(node) << " " << graph.op_type(node) << ": "
              << tags.module.value_or("no module") << " (" << tags.evidence << ")\n";
  }
}
