// A model without the elements of its large tensors, for what looks at shapes alone.
#ifndef MODELEXPORT_EDITS_LIGHT_COPY_H_
#define MODELEXPORT_EDITS_LIGHT_COPY_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/splice_plan.h"

namespace modelexport {

// Initializers that take more bytes of the model than this lose them.
inline constexpr uint64_t kHeavyTensor = uint64_t{1} << 20;

// Such initializers keep their name, type and dims, and say that their elements are stored outside.
// Sparse ones and tensors in attributes stay. Immutable once made.
class LightCopy {
 public:
  LightCopy(const ModelIndex& index, const Declarations& declared);

  // They live as long as the object.
  absl::Span<const Edit> edits() const { return edits_; }

 private:
  std::vector<Edit> edits_;
  std::deque<std::string> bytes_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_LIGHT_COPY_H_
