// How commands that ask questions about a model read it.
#ifndef MODELEXPORT_COMMANDS_READ_OWNED_H_
#define MODELEXPORT_COMMANDS_READ_OWNED_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/ownership/owned_model.h"

namespace modelexport {

// The flag --hierarchy. `source` is for ReadOwned().
Flag SourceFlag(std::string* source);

// The model at `path` with its owners, by all evidence. `source` is as InputRequest::hierarchy.
// Weights are read only where a sidecar's tensors cannot be told by names. `load` has keys of
// metadata whose values the caller wants, too. Errors are those of OwnModel() and
// RefuseOtherModel(). kCancelled soon after `*cancelled` is true; null: never.
absl::StatusOr<OwnedModel> ReadOwned(const std::string& path, const std::string& source,
                                     const std::atomic<bool>* cancelled,
                                     const std::vector<std::string>& load = {});

// An error with Fault::kJudged if the `hierarchy`, a path or a word of read_hierarchy.h, is not of
// the `model`, a path, that it was matched with. `advice` ends its message.
absl::Status RefuseOtherModel(const SidecarFit& fit, absl::string_view model,
                              absl::string_view hierarchy, absl::string_view advice);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_READ_OWNED_H_
