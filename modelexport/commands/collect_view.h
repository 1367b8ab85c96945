// What a page or a viewer is given of a model file.
#ifndef MODELEXPORT_COMMANDS_COLLECT_VIEW_H_
#define MODELEXPORT_COMMANDS_COLLECT_VIEW_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "modelexport/costs/value_shapes.h"
#include "modelexport/profiles/profile_forms.h"
#include "modelexport/view/view_data.h"

namespace modelexport {

struct ViewSources {
  std::string model;                  // A path.
  std::string hierarchy;              // The source of ReadOwned().
  std::string events;                 // The path of a profile of the model; "": none.
  ProfileOptions how_to_read_events;  // But for `cancelled`.
  std::string compare;                // The path of another version of the model; "": none.
  ShapeSources shapes;                // For types and costs that the model does not say.
  std::string written;                // Where the result will go; "": to no file.
  const std::atomic<bool>* cancelled = nullptr;
};

// Errors are those of ReadOwned(), RefuseDataFile(), ReadNodeCosts(), NodeTimes(), NodeFates() and
// ReadViewData().
absl::StatusOr<ViewData> CollectView(const ViewSources& sources);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_COLLECT_VIEW_H_
