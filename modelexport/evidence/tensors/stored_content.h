// Reads what stored values hold, as the source's numbers.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_STORED_CONTENT_H_
#define MODELEXPORT_EVIDENCE_TENSORS_STORED_CONTENT_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/evidence/tensors/content_sums.h"
#include "modelexport/evidence/tensors/quantization.h"
#include "modelexport/evidence/tensors/stored_values.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// One stored value. Reads nothing until it is asked for sums.
class StoredContent {
 public:
  // All must outlive the object.
  StoredContent(const GraphView& graph, const StoredValues& values, ValueId id, StoredValue value);

  const StoredValue& value() const { return value_; }

  // Whether it can hold a tensor with elements of this sidecar dtype ("" may be any): floats hold
  // floats, integers hold integers or, where an operator gives them a scale, floats.
  bool MayHold(absl::string_view dtype) const;

  bool is_quantized() const { return quantization_.has_value(); }

  // Of all elements.
  absl::StatusOr<ContentSums> Sums() const;

  // For each axis that is `wanted` the sums of the elements at each index of it; empty for the
  // others.
  absl::StatusOr<std::vector<std::vector<ContentSums>>> SumsAlongAxes(
      const std::vector<bool>& wanted) const;

 private:
  class Scales;

  // Calls `visit` with runs of consecutive elements and their errors' sizes.
  template <typename Visit>
  absl::Status ReadReal(Visit visit) const;

  const GraphView& graph_;
  const StoredValues& values_;
  StoredValue value_;
  absl::optional<Quantization> quantization_;  // Of integers.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_STORED_CONTENT_H_
