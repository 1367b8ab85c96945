// Where the time of a model goes, by module: what a profiler measured, summed up by owners.
#ifndef MODELEXPORT_COMMANDS_PROFILE_H_
#define MODELEXPORT_COMMANDS_PROFILE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/commands/command.h"
#include "modelexport/modules/module_rows.h"
#include "modelexport/profiles/flame.h"
#include "modelexport/profiles/kernel_shares.h"
#include "modelexport/profiles/profile.h"
#include "modelexport/render/table.h"

namespace modelexport {

struct ProfileRequest {
  std::string model;      // A path: the graph that ran.
  std::string events;     // A path: what the profiler wrote.
  std::string hierarchy;  // The source of ReadOwned().
  size_t warmup = 1;      // As ProfileOptions.
  std::string metric;     // As ProfileOptions.
  std::string layers;     // As ProfileOptions.
  FusedLayers fused = FusedLayers::kSplit;
  // An error if a smaller share of the time is attributed to modules, or the model is surely not
  // the one that ran. 0: neither is asked.
  double min_attributed = 0.5;

  // As AnalyzeRequest.
  bool tree = false;
  bool labels = false;
  Folding folding = Folding::kOff;
  absl::optional<uint32_t> depth;
  std::vector<std::string> filter;
  std::string sort = "total";  // total, own or module.

  const std::atomic<bool>* cancelled = nullptr;
};

struct ModuleProfile {
  Table table;
  std::string source;  // Where the modules come from.
  KeptRuns runs;
  double kernel_time = 0;             // Of a run; what is not attributed too.
  absl::optional<double> attributed;  // A share of it; absent if it is 0.
  std::string metric;                 // Profile::metric.
  absl::optional<double> divided;     // The share of divided layers; absent if there is none.
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
