// Attributes and tensors without what is for people alone, so that equal ones have equal bytes.
#ifndef MODELEXPORT_MODULES_PLAIN_ATTRIBUTE_H_
#define MODELEXPORT_MODULES_PLAIN_ATTRIBUTE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// A TensorProto without its name and its doc_string. Fields stay in their order, as in all of
// these.
std::string PlainTensor(absl::string_view tensor);

// An AttributeProto without its doc_string, with plain tensors. Graphs are left out.
std::string PlainAttribute(absl::string_view attribute);

// The attributes of a node as fields of a NodeProto, plain, in the order of their bytes. An error:
// the node's message takes more than `max_size` bytes (kResourceExhausted), or cannot be read.
absl::StatusOr<std::string> PlainAttributes(const ModelIndex& index, NodeId node,
                                            uint64_t max_size);

// An attribute `value` that holds a TensorProto, which is made plain, as a field of a NodeProto.
std::string TensorAttribute(absl::string_view tensor);

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_PLAIN_ATTRIBUTE_H_
