// Why a node of a model has the owner that TagFile() would give it.
#ifndef MODELEXPORT_COMMANDS_EXPLAIN_H_
#define MODELEXPORT_COMMANDS_EXPLAIN_H_

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/commands/command.h"
#include "modelexport/evidence/strategy.h"
#include "modelexport/report/explanation.h"

namespace modelexport {

struct ExplainRequest {
  // Paths. `hierarchy` may be kEmbeddedHierarchy (read_hierarchy.h).
  std::string model;
  std::string hierarchy;

  std::string node;  // Its place, a value that it makes, or its name (graph/find_nodes.h).
  Strategy strategy;
};

// An error with Fault::kUsage if `node` means no node, or several, which it then lists.
absl::StatusOr<Explanation> Explain(const ExplainRequest& request);

// `modelexport explain` (docs/cli.md). Returns the exit code.
int ExplainCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_EXPLAIN_H_
