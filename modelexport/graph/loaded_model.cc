#include "modelexport/graph/loaded_model.h"

#include <utility>

#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {

absl::Status LoadedModel::Open(const std::string& path, const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(source, OpenFile(path, cancelled));
  return absl::OkStatus();
}

absl::Status LoadedModel::BuildIndex(const std::vector<std::string>& load) {
  absl::StatusOr<ModelIndex> built = ModelIndex::Build(*source, {load});
  MX_RETURN_IF_ERROR(built.status());
  index = std::make_unique<ModelIndex>(*std::move(built));
  return absl::OkStatus();
}

absl::Status LoadedModel::ViewGraph(const std::atomic<bool>* cancelled) {
  graph = std::make_unique<GraphView>(*index, cancelled);
  return CheckCancelled(cancelled);
}

absl::StatusOr<LoadedModel> LoadModel(const std::string& path, const std::vector<std::string>& load,
                                      const std::atomic<bool>* cancelled) {
  LoadedModel model;
  MX_RETURN_IF_ERROR(model.Open(path, cancelled));
  MX_RETURN_IF_ERROR(model.BuildIndex(load));
  MX_RETURN_IF_ERROR(model.ViewGraph(cancelled));
  return model;
}

}  // namespace modelexport
