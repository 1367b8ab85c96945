#include "modelexport/graph/loaded_model.h"

#include <utility>

#include "modelexport/base/status_macros.h"

namespace modelexport {

absl::Status LoadedModel::Open(const std::string& path) {
  MX_ASSIGN_OR_RETURN(source, OpenFile(path));
  return absl::OkStatus();
}

absl::Status LoadedModel::BuildIndex(const std::vector<std::string>& load) {
  absl::StatusOr<ModelIndex> built = ModelIndex::Build(*source, {load});
  MX_RETURN_IF_ERROR(built.status());
  index = std::make_unique<ModelIndex>(*std::move(built));
  return absl::OkStatus();
}

absl::StatusOr<LoadedModel> LoadModel(const std::string& path,
                                      const std::vector<std::string>& load) {
  LoadedModel model;
  MX_RETURN_IF_ERROR(model.Open(path));
  MX_RETURN_IF_ERROR(model.BuildIndex(load));
  model.ViewGraph();
  return model;
}

}  // namespace modelexport
