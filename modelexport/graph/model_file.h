// A model file that is opened to look at its nodes and values:
//
//   MX_ASSIGN_OR_RETURN(const ModelFile file, ModelFile::Open("model.onnx"));
//   const GraphView& graph = file.graph();
//   for (size_t i = 0; i < graph.num_nodes(); ++i) {
//     std::cout << graph.Place(NodeId(i)) << " " << graph.op_type(NodeId(i)) << "\n";
//   }
//
// The structure of the file is read once; weights are not read.
#ifndef MODELEXPORT_GRAPH_MODEL_FILE_H_
#define MODELEXPORT_GRAPH_MODEL_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/loaded_model.h"

namespace modelexport {

// Thread-compatible. It can be moved but not copied. The view that graph() returned, and all that
// it gives, stays valid through moves and lives as long as the object that was moved to. An object
// that was moved from has no graph.
class ModelFile {
 public:
  // Also reads the values of metadata entries whose keys are in `load` (MetadataEntry::loaded).
  // Errors name the file and, if it is malformed, the byte offset.
  static absl::StatusOr<ModelFile> Open(const std::string& path,
                                        const std::vector<std::string>& load = {});

  const GraphView& graph() const& { return *model_.graph; }
  const GraphView& graph() && = delete;  // Would not outlive the statement.

 private:
  ModelFile() = default;

  LoadedModel model_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_MODEL_FILE_H_
