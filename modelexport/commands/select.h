// The nodes of modules, for other tools.
#ifndef MODELEXPORT_COMMANDS_SELECT_H_
#define MODELEXPORT_COMMANDS_SELECT_H_

#include <atomic>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "modelexport/commands/command.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/ownership/owned_model.h"

namespace modelexport {

struct SelectRequest {
  std::string model;      // A path.
  std::string hierarchy;  // The source of ReadOwned().
  std::vector<std::string> patterns;
  Subtrees subtrees = Subtrees::kIncluded;
  bool also = false;  // Nodes belong to all modules whose work they do, not to their owner alone.
  const std::atomic<bool>* cancelled = nullptr;
};

struct Selection {
  OwnedModel owned;
  std::vector<NodeId> nodes;  // At least one; in order.
};

// Errors are those of Pattern and of ReadOwned().
absl::StatusOr<Selection> Select(const SelectRequest& request);

// `modelexport select` (docs/commands/select.md). Returns the exit code.
int SelectCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_SELECT_H_
