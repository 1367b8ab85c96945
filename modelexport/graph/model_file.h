// A model file, opened to look at its nodes and values:
//
//   MX_ASSIGN_OR_RETURN(const ModelFile file, ModelFile::Open("model.onnx"));
//   const GraphView& graph = file.graph();
//   for (size_t i = 0; i < graph.num_nodes(); ++i) {
//     std::cout << graph.Place(NodeId(i)) << " " << graph.op_type(NodeId(i)) << "\n";
//   }
//
// Its structure is read once; weights are not read.
#ifndef MODELEXPORT_GRAPH_MODEL_FILE_H_
#define MODELEXPORT_GRAPH_MODEL_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/graph/loaded_model.h"

namespace modelexport {

// Thread-compatible. Moved, not copied; what graph() returned, and all that it gives, stays valid
// when it is moved, and as long as where it was moved to. One that was moved from has no graph.
class ModelFile {
 public:
  // The values of metadata entries with the keys `load` are read too (MetadataEntry::loaded).
  // Errors name the file and, of a malformed one, the byte offset.
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
