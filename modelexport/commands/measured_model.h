// A model with what a profiler measured of it, for commands that ask where its time goes.
#ifndef MODELEXPORT_COMMANDS_MEASURED_MODEL_H_
#define MODELEXPORT_COMMANDS_MEASURED_MODEL_H_

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/costs/value_shapes.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/profiles/kernel_nodes.h"
#include "modelexport/profiles/kernel_shares.h"
#include "modelexport/profiles/profile.h"
#include "modelexport/profiles/profile_forms.h"

namespace modelexport {

struct MeasureRequest {
  std::string model;      // A path: the graph that ran.
  std::string events;     // A path: what the profiler wrote.
  std::string hierarchy;  // The source of ReadOwned().
  ProfileOptions options;
  FusedLayers fused = FusedLayers::kSplit;
  ShapeSources shapes;  // For the MACs by which layers of several modules are divided.
  // An error if a smaller share of the time is attributed to modules, or the model is surely not
  // the one that ran. 0: neither is asked.
  double min_attributed = 0.5;
};

struct MeasuredModel {
  OwnedModel owned;
  Profile profile;
  KernelNodes nodes;
  KernelShares shares;
};

// Errors are those of ReadOwned(), ReadProfileFile() and ReadNodeCosts(); with Fault::kJudged, too
// little is attributed, with how to get the right file.
absl::StatusOr<MeasuredModel> Measure(const MeasureRequest& request);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_MEASURED_MODEL_H_
