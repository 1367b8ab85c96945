// The numbers in a node's attributes, which ModelIndex leaves unread.
#ifndef MODELEXPORT_ONNX_ATTRIBUTE_NUMBERS_H_
#define MODELEXPORT_ONNX_ATTRIBUTE_NUMBERS_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// At most so many numbers of an attribute are read.
inline constexpr size_t kMaxAttributeNumbers = 1 << 20;

// The numbers of the attribute `name` of a node: the one of `f` or `i`, or those of `floats` or
// `ints`, in order. Empty if there is no such attribute, if it holds something else, cannot be
// read, or holds more numbers than kMaxAttributeNumbers.
std::vector<double> AttributeNumbers(const ModelIndex& index, NodeId node, absl::string_view name);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_ATTRIBUTE_NUMBERS_H_
