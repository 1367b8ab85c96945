// A model in which the outputs of module calls are outputs of the graph too.
#ifndef MODELEXPORT_COMMANDS_TAP_H_
#define MODELEXPORT_COMMANDS_TAP_H_

#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/copy_request.h"
#include "modelexport/graph/type_inference.h"
#include "modelexport/render/value_list.h"
#include "modelexport/report/tap_report.h"

namespace modelexport {

// `output` may be "": then nothing is written.
struct TapRequest : CopyRequest {
  std::string hierarchy;             // The source of ReadOwned().
  std::string modules = "**";        // As MatchModules() takes them.
  bool untyped = false;              // Whether the new outputs may lack a type or a rank.
  TypeInference inference;           // Asked where a type is not declared. May be empty.
  absl::optional<ValueTarget> list;  // Of what the values are listed for.
};

struct TapOutcome {
  // OK, or an error whose FaultOf() says whose it is. Those of ReadOwned() and MatchModules(),
  // which name the model; with Fault::kJudged: no chosen call has an output, a type is not known,
  // RenderValueList() refuses a name.
  absl::Status status;
  TapReport report;  // Filled as far as the run got.
  std::string list;  // Of all values, each once, as RenderValueList() has them.
};

TapOutcome Tap(const TapRequest& request);

// `modelexport tap` (docs/commands/tap.md). Returns the exit code.
int TapCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_TAP_H_
