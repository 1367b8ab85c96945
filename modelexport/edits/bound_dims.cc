#include "modelexport/edits/bound_dims.h"

#include <utility>

#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {

uint32_t FieldOf(ValueRecord::Role role) {
  switch (role) {
    case ValueRecord::Role::kInput:
      return graph_proto::kInput;
    case ValueRecord::Role::kOutput:
      return graph_proto::kOutput;
    case ValueRecord::Role::kValueInfo:
      break;
  }
  return graph_proto::kValueInfo;
}

std::string FieldWith(const ModelIndex& index, const ValueRecord& value, const ValueType& type) {
  std::string content, field;
  AppendBytesField(value_info_proto::kName, index.text(value.name), &content);
  AppendBytesField(value_info_proto::kType, SerializedType(type), &content);
  AppendBytesField(FieldOf(value.role), content, &field);
  return field;
}

}  // namespace

bool BindDims(const DimValues& dims, ValueType* type) {
  if (type->kind != ValueType::Kind::kTensor || !type->shape.has_value()) return false;
  bool any = false;
  for (Dimension& dim : *type->shape) {
    const auto found = dim.value.has_value() ? dims.end() : dims.find(dim.symbol);
    if (found == dims.end()) continue;
    dim = {found->second, ""};
    any = true;
  }
  return any;
}

absl::StatusOr<BoundDims> BoundDims::Make(const ModelIndex& index, const Declarations& declared,
                                          const DimValues& dims) {
  BoundDims bound;
  if (dims.empty()) return bound;
  for (size_t g = 0; g < index.graphs().size(); ++g) {
    if (index.graphs()[g].kind == GraphRecord::Kind::kFunction) continue;
    for (const ValueRecord& value : declared.values(GraphId(g))) {
      if (!value.name.valid()) continue;
      MX_ASSIGN_OR_RETURN(ValueType type, ReadValueType(index.source(), value));
      if (!BindDims(dims, &type)) continue;
      bound.bytes_.push_back(FieldWith(index, value, type));
      const Range range = value.range.whole();
      bound.edits_.push_back({MessageRef::Of(GraphId(g)), {range, bound.bytes_.back()}});
    }
  }
  return bound;
}

}  // namespace modelexport
