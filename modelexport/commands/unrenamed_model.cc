#include "modelexport/commands/unrenamed_model.h"

#include <utility>

#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {

absl::Status UnrenamedModel::Open(const std::string& path, const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(file, OpenFile(path, cancelled));
  return absl::OkStatus();
}

absl::Status UnrenamedModel::ReadOldNames(const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(old, OldNames::Read(*file, cancelled));
  return absl::OkStatus();
}

absl::Status UnrenamedModel::View(const std::vector<std::string>& load,
                                  const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(ModelIndex built, ModelIndex::Build(source(), {load}));
  index = std::make_unique<ModelIndex>(std::move(built));
  graph = std::make_unique<GraphView>(*index, cancelled);
  return CheckCancelled(cancelled);
}

}  // namespace modelexport
