// The runnable model of one call of a module.
#ifndef MODELEXPORT_COMMANDS_EXTRACT_H_
#define MODELEXPORT_COMMANDS_EXTRACT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/graph/type_inference.h"
#include "modelexport/report/extract_report.h"

namespace modelexport {

// `external_data` says what happens to data files: kCopy makes one new file beside the output,
// "<output>.data", with the bytes of the tensors kept; kLeave keeps the names of the old files.
struct ExtractRequest : CopyRequest {
  std::string hierarchy;           // The source of ReadOwned().
  std::string modules;             // As ChooseModules() takes them.
  absl::optional<uint32_t> call;   // Of the one module chosen; absent: the only call.
  bool all_calls = false;          // All calls of each module chosen, together.
  std::vector<std::string> split;  // For Split(): what each piece must have, as ChooseModules()
                                   // takes it.
  bool untyped = false;            // Whether inputs and outputs may lack a type or a rank.
  TypeInference inference;         // Asked where a type is not declared. May be empty.
};

struct ExtractOutcome {
  // OK, or an error whose FaultOf() says whose it is. Those of ReadOwned(), ChooseModules(),
  // CallNodes() and CutOut(), which name the model and the modules; a type that is not known;
  // external data of tensors that are no initializers, if they are to be copied.
  absl::Status status;
  ExtractReport report;  // Filled as far as the run got.
};

// Names stay. Where several modules are chosen they become one model.
ExtractOutcome Extract(const ExtractRequest& request);

struct SplitOutcome {
  // As of Extract(), also for a piece whose part is the whole; besides, those of ChainOf(), and of
  // an output of the model that no piece makes. After an error no piece has its name, unless it is
  // one of giving them their names.
  absl::Status status;
  std::vector<ExtractReport> reports;  // By piece.
};

// The whole model as the pieces of ChainOf(), in "out.0.onnx", "out.1.onnx" and so on for the
// output "out.onnx". What a piece reads by a name is an input of the model or an output of one
// before it.
SplitOutcome Split(const ExtractRequest& request);

// `modelexport extract` (docs/commands/extract.md). Returns the exit code.
int ExtractCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_EXTRACT_H_
