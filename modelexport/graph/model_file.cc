#include "modelexport/graph/model_file.h"

#include <utility>

#include "modelexport/base/status_macros.h"

namespace modelexport {

absl::StatusOr<ModelFile> ModelFile::Open(const std::string& path,
                                          const std::vector<std::string>& load) {
  ModelFile file;
  MX_ASSIGN_OR_RETURN(file.model_, LoadModel(path, load));
  return file;
}

}  // namespace modelexport
