// What differs between two model files, module by module.
#ifndef MODELEXPORT_COMMANDS_COMPARE_H_
#define MODELEXPORT_COMMANDS_COMPARE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/commands/command.h"
#include "modelexport/modules/changed_rows.h"
#include "modelexport/modules/comparison.h"

namespace modelexport {

struct CompareRequest {
  Sides<std::string> models;  // Paths.
  std::string hierarchy;      // The source of ReadOwned(), for both.

  // Modules more levels below the root count as the one above them. Absent: none do.
  absl::optional<uint32_t> depth;

  // Patterns (modules/pattern.h) of modules whose changes are allowed.
  std::vector<std::string> allow;

  const std::atomic<bool>* cancelled = nullptr;
};

struct ComparedFiles {
  Sides<std::string> models;   // Paths, as given.
  Sides<std::string> sources;  // Where the modules come from: OwnedModel::source.
  Sides<std::vector<std::string>> notes;
  ModelComparison comparison;
  std::vector<ChangedRow> rows;  // ChangedRows().
};

// Errors are those of OwnModel(); a hierarchy that describes another model; and, with
// Fault::kUsage, a pattern that is malformed or matches nothing in either model.
absl::StatusOr<ComparedFiles> CompareModels(const CompareRequest& request);

// `modelexport compare` (docs/commands/compare.md). Returns the exit code.
int CompareCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COMPARE_H_
