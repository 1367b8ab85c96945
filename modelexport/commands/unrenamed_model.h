// A model as it was before any `rename`, for commands that write a copy of it.
#ifndef MODELEXPORT_COMMANDS_UNRENAMED_MODEL_H_
#define MODELEXPORT_COMMANDS_UNRENAMED_MODEL_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/tags/old_names.h"

namespace modelexport {

// Each member points into those before it. The steps are in the order in which they are taken;
// their errors name the file and the place. Soon after `*cancelled` becomes true they end with
// kCancelled; null: never.
struct UnrenamedModel {
  std::unique_ptr<ByteSource> file;
  std::unique_ptr<OldNames> old;  // Null where names are taken as they are.
  std::unique_ptr<ModelIndex> index;
  std::unique_ptr<GraphView> graph;

  // What `index` is of: the file, with its old names if these were read.
  const ByteSource& source() const { return old == nullptr ? *file : old->source(); }

  absl::Status Open(const std::string& path, const std::atomic<bool>* cancelled);
  absl::Status ReadOldNames(const std::atomic<bool>* cancelled);  // May be left out.
  // Values of metadata entries with the keys `load` are read too.
  absl::Status View(const std::vector<std::string>& load, const std::atomic<bool>* cancelled);
};

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_UNRENAMED_MODEL_H_
