// Collects what the page of `view` shows.
#ifndef MODELEXPORT_VIEW_READ_VIEW_DATA_H_
#define MODELEXPORT_VIEW_READ_VIEW_DATA_H_

#include <atomic>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/onnx/value_type.h"
#include "modelexport/view/view_data.h"

namespace modelexport {

// `types` has one for each value of the graph. `model`, `source`, `notes`, `metrics`, `marks`
// and the reasons of nodes are left to the caller. Attributes are read from the file, weights are
// not.
//
// Takes time in proportion to nodes, operands, attributes, values and modules. Ends early once
// `*cancelled` is true (null: never). Errors are those of reading attributes.
absl::StatusOr<ViewData> ReadViewData(const OwnedGraph& owned, absl::Span<const ValueType> types,
                                      const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_READ_VIEW_DATA_H_
