#include "modelexport/validation/shapes/known_node.h"

#include <algorithm>

#include "modelexport/validation/shapes/small_proto.h"
#include "onnx/onnx_pb.h"

namespace modelexport {

using onnx::TensorProto;

KnownNode::KnownNode(const onnx::NodeProto& node, const std::vector<const TensorProto*>& inputs,
                     const std::vector<const onnx::TypeProto*>& types)
    : node_(node), protos_(inputs), types_(types) {
  for (const TensorProto* input : inputs) {
    inputs_.push_back(input != nullptr ? FromProto(*input) : absl::nullopt);
  }
}

bool KnownNode::IsKnown() const {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (Has(i) && !inputs_[i].has_value()) return false;
  }
  return !inputs_.empty();
}

bool KnownNode::Has(size_t i) const {
  return i < inputs_.size() && !node_.input(static_cast<int>(i)).empty();
}

int32_t KnownNode::type(size_t i) const { return protos_[i]->data_type(); }

const onnx::AttributeProto* KnownNode::Attribute(absl::string_view name) const {
  const auto found = std::find_if(node_.attribute().begin(), node_.attribute().end(),
                                  [&](const auto& each) { return each.name() == name; });
  return found == node_.attribute().end() ? nullptr : &*found;
}

int64_t KnownNode::Int(absl::string_view name, int64_t otherwise) const {
  const onnx::AttributeProto* attribute = Attribute(name);
  return attribute != nullptr ? attribute->i() : otherwise;
}

absl::optional<std::vector<int64_t>> KnownNode::Ints(absl::string_view name, size_t input) const {
  if (const onnx::AttributeProto* attribute = Attribute(name)) {
    return std::vector<int64_t>(attribute->ints().begin(), attribute->ints().end());
  }
  if (!Has(input) || !IsInteger(type(input))) return absl::nullopt;
  return std::vector<int64_t>(in(input).numbers.begin(), in(input).numbers.end());
}

bool IsInteger(int32_t type) { return type == TensorProto::INT32 || type == TensorProto::INT64; }

bool IsFloat(int32_t type) { return type == TensorProto::FLOAT || type == TensorProto::DOUBLE; }

}  // namespace modelexport
