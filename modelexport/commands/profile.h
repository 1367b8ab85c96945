// Where the time of a model goes, by module: what a profiler measured, summed up by owners.
#ifndef MODELEXPORT_COMMANDS_PROFILE_H_
#define MODELEXPORT_COMMANDS_PROFILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/measured_model.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/profiles/flame.h"
#include "modelexport/profiles/profile.h"
#include "modelexport/render/table.h"

namespace modelexport {

struct ProfileRequest {
  MeasureRequest measure;

  // Paths of another profile, and of the graph that ran there ("": the same). "": none.
  std::string against;
  std::string against_model;

  // Whether there is a column of MACs for each second, for which `measure.shapes` is asked.
  bool costs = false;

  // As AnalyzeRequest.
  bool tree = false;
  bool labels = false;
  Folding folding = Folding::kOff;
  absl::optional<uint32_t> depth;
  std::vector<std::string> filter;
  std::string sort = "total";  // total, own or module.
};

struct ModuleProfile {
  Table table;
  std::string source;  // Where the modules come from.
  KeptRuns runs;
  double kernel_time = 0;             // Of a run; what is not attributed too.
  absl::optional<double> attributed;  // A share of it; absent if it is 0.
  std::string metric;                 // Profile::metric.
  absl::optional<double> divided;     // The share of divided layers; absent if there is none.
  double by_macs = 0;                 // The part of it that was divided by MACs, also a share.
  absl::optional<double> shared;      // The share of nodes that do the work of several modules.
  std::vector<Flame> flames;          // Times are sums over the kept runs.
  std::vector<std::string> notes;
};

// Errors are those of ReadOwned(), Pattern and ReadProfileFile(); with Fault::kJudged, too little
// is attributed.
absl::StatusOr<ModuleProfile> ProfileModules(const ProfileRequest& request);

// `modelexport profile` (docs/commands/profile.md). Returns the exit code.
int ProfileCommand(const Console& console, const Arguments& arguments);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_PROFILE_H_
