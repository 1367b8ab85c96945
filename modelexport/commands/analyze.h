// A table of the modules of a model.
#ifndef MODELEXPORT_COMMANDS_ANALYZE_H_
#define MODELEXPORT_COMMANDS_ANALYZE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/commands/command.h"
#include "modelexport/costs/value_shapes.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/render/table.h"

namespace modelexport {

struct AnalyzeRequest {
  std::string model;      // A path.
  std::string hierarchy;  // The source of ReadOwned().

  // Modules as a tree, for people: names without what is above them, classes without their Python
  // module, neither containers around one row nor modules without nodes. Else each module has a row
  // with its path.
  bool tree = false;
  // The root is "(root)", and what is of no module "(not attributed)"; else "" and unknown.
  bool labels = false;
  Folding folding = Folding::kOff;
  absl::optional<uint32_t> depth;  // How many levels below the root have rows. Absent: all.

  std::vector<std::string> filter;  // Patterns (modules/pattern.h); none: all modules.
  std::vector<std::string>
      columns;       // Names of AnalyzeColumns(); none: those that are usual (analyze_columns.h).
  std::string sort;  // A column: rows of one parent, the greatest first. "": none.

  // Whether MACs and activations are among the columns if none are named. `shapes` is asked if they
  // are, by this or by name. Else a tree has MACs if the file says all shapes that they need.
  bool costs = false;
  ShapeSources shapes;

  bool lines = false;     // The column "line" is shown.
  std::string placement;  // A path for ReadPlacement(): the column "placement" is shown. "": none.

  const std::atomic<bool>* cancelled = nullptr;
};

struct Analysis {
  Table table;                     // Its rows are made as they are written, of all that was read.
  std::string source;              // Where the modules come from.
  uint64_t parameters = 0;         // Of the whole file, as far as shapes are known.
  bool has_marks = false;          // Whether any row has parameters that other rows have too.
  std::vector<std::string> notes;  // What was assumed or could not be read.
};

// Errors are those of ReadOwned(), Pattern, ReadPlacement() and FindSourceLines(), and with
// Fault::kUsage a column that there is not.
absl::StatusOr<Analysis> Analyze(const AnalyzeRequest& request);

// `modelexport analyze` (docs/commands/analyze.md). Returns the exit code.
int AnalyzeCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_ANALYZE_H_
