#include "modelexport/graph/model_file.h"

#include <utility>

#include "modelexport/base/status_macros.h"

namespace modelexport {

absl::StatusOr<ModelFile> ModelFile::Open(const std::string& path, std::vector<std::string> load) {
  ModelFile file;
  MX_ASSIGN_OR_RETURN(file.source_, OpenFile(path));
  IndexOptions options;
  options.load = std::move(load);
  MX_ASSIGN_OR_RETURN(ModelIndex index, ModelIndex::Build(*file.source_, options));
  file.index_ = std::make_unique<ModelIndex>(std::move(index));
  file.graph_ = std::make_unique<GraphView>(*file.index_);
  return file;
}

}  // namespace modelexport
