// A node with the values of its inputs, as far as they are known.
#ifndef MODELEXPORT_VALIDATION_SHAPES_KNOWN_NODE_H_
#define MODELEXPORT_VALIDATION_SHAPES_KNOWN_NODE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/validation/shapes/small_tensor.h"

// onnx/onnx_pb.h declares them.
namespace onnx {
class AttributeProto;
class NodeProto;
class TensorProto;
class TypeProto;
}  // namespace onnx

namespace modelexport {

class KnownNode {
 public:
  // The arguments are those of EvaluateNode() and must outlive the object.
  KnownNode(const onnx::NodeProto& node, const std::vector<const onnx::TensorProto*>& inputs,
            const std::vector<const onnx::TypeProto*>& types);

  // Whether there are inputs and all that are not left out are known small tensors.
  bool IsKnown() const;

  size_t num_inputs() const { return inputs_.size(); }
  bool Has(size_t i) const;  // Whether the input is there and not left out.

  // Of an input that is known.
  const SmallTensor& in(size_t i) const { return *inputs_[i]; }
  int32_t type(size_t i) const;  // Its TensorProto::DataType.

  // Null where the type of an input is not known.
  const onnx::TypeProto* value_type(size_t i) const {
    return i < types_.size() ? types_[i] : nullptr;
  }

  const onnx::AttributeProto* Attribute(absl::string_view name) const;  // Null: it has none.
  int64_t Int(absl::string_view name, int64_t otherwise) const;

  // The numbers of the attribute, as old versions of operators have it, or of an input. Absent if
  // there is neither, or the input is not of integers.
  absl::optional<std::vector<int64_t>> Ints(absl::string_view name, size_t input) const;

 private:
  const onnx::NodeProto& node_;
  const std::vector<const onnx::TensorProto*>& protos_;
  const std::vector<const onnx::TypeProto*>& types_;
  std::vector<SmallResult> inputs_;
};

// Of a TensorProto::DataType.
bool IsInteger(int32_t type);
bool IsFloat(int32_t type);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_SHAPES_KNOWN_NODE_H_
