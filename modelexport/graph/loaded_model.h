// A model file read as far as its graph, in steps that callers time and may run on their threads.
#ifndef MODELEXPORT_GRAPH_LOADED_MODEL_H_
#define MODELEXPORT_GRAPH_LOADED_MODEL_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// Each member points into the one before it. They may be dropped from the last on where they are
// needed no more. Errors name the file and, of a malformed one, the byte offset.
struct LoadedModel {
  std::unique_ptr<ByteSource> source;
  std::unique_ptr<ModelIndex> index;
  std::unique_ptr<GraphView> graph;

  // The three steps, in this order. Values of metadata entries with the keys `load` are read too
  // (MetadataEntry::loaded). Once `*cancelled` is true, reading and viewing soon end with
  // kCancelled; null: never.
  absl::Status Open(const std::string& path, const std::atomic<bool>* cancelled = nullptr);
  absl::Status BuildIndex(const std::vector<std::string>& load);
  absl::Status ViewGraph(const std::atomic<bool>* cancelled = nullptr);
};

// All three.
absl::StatusOr<LoadedModel> LoadModel(const std::string& path, const std::vector<std::string>& load,
                                      const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_GRAPH_LOADED_MODEL_H_
