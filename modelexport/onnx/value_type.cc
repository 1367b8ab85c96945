#include "modelexport/onnx/value_type.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/data_type.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/onnx/tensor_elements.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {

using Kind = ValueType::Kind;

// Reads messages into a type that may have been read in part.
class TypeReader {
 public:
  TypeReader(const ByteSource& source, Range message) : cursor_(source, message) {}

  absl::StatusOr<ValueType> Run() {
    ReadType(0, &type_);
    return Result();
  }

  absl::StatusOr<ValueType> RunOnFields(uint32_t number) {
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number != number) continue;
      if (cursor_.Expect(field, WireType::kBytes, "a type")) ReadTypeIn(field, 0, &type_);
    }
    return Result();
  }

 private:
  absl::StatusOr<ValueType> Result() {
    MX_RETURN_IF_ERROR(cursor_.status());
    return std::move(type_);
  }

  void ReadTypeIn(const Field& at, int depth, ValueType* type) {
    const Cursor::Message message(cursor_, at);
    ReadType(depth, type);
  }

  // The current message, a TypeProto within `depth` others.
  void ReadType(int depth, ValueType* type) {
    using namespace type_proto;
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kTensor:
          ReadTensor(field, Kind::kTensor, type);
          break;
        case kSparseTensor:
          ReadTensor(field, Kind::kSparseTensor, type);
          break;
        case kSequence:
          ReadContainer(field, Kind::kSequence, depth, type);
          break;
        case kOptional:
          ReadContainer(field, Kind::kOptional, depth, type);
          break;
        case kMap:
          ReadMap(field, depth, type);
          break;
        case kOpaque:
          if (cursor_.Expect(field, WireType::kBytes, "an opaque type"))
            Become(Kind::kOpaque, type);
          break;
      }
    }
  }

  // What was read before stays if it is of the same kind.
  static void Become(Kind kind, ValueType* type) {
    if (type->kind == kind) return;
    *type = ValueType();
    type->kind = kind;
    if (kind == Kind::kSequence || kind == Kind::kOptional || kind == Kind::kMap) {
      type->element.resize(1);
    }
  }

  void ReadTensor(const Field& at, Kind kind, ValueType* type) {
    using namespace type_proto::tensor;
    if (!cursor_.Expect(at, WireType::kBytes, "a tensor type")) return;
    Become(kind, type);
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == kElemType) ReadDataType(field, type);
      if (field.number == kShape) ReadShape(field, type);
    }
  }

  void ReadDataType(const Field& field, ValueType* type) {
    if (!cursor_.Expect(field, WireType::kVarint, "an element type")) return;
    type->data_type = static_cast<int32_t>(field.value);
  }

  void ReadShape(const Field& at, ValueType* type) {
    if (!cursor_.Expect(at, WireType::kBytes, "a shape")) return;
    if (!type->shape.has_value()) type->shape.emplace();
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number != tensor_shape_proto::kDim) continue;
      if (type->shape->size() == kMaxDims) {
        cursor_.Fail(field.key, absl::StrCat("a shape of over ", kMaxDims, " dimensions"));
        return;
      }
      type->shape->push_back(ReadDimension(field));
    }
  }

  Dimension ReadDimension(const Field& at) {
    using namespace tensor_shape_proto::dimension;
    Dimension dimension;
    if (!cursor_.Expect(at, WireType::kBytes, "a dimension")) return dimension;
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == kValue && cursor_.Expect(field, WireType::kVarint, "dim_value")) {
        dimension = {static_cast<int64_t>(field.value), ""};
      } else if (field.number == kParam && cursor_.Expect(field, WireType::kBytes, "dim_param")) {
        dimension = {absl::nullopt, std::string(cursor_.Bytes(field))};
      }
    }
    return dimension;
  }

  void ReadContainer(const Field& at, Kind kind, int depth, ValueType* type) {
    if (!cursor_.Expect(at, WireType::kBytes, "a container type")) return;
    Become(kind, type);
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == type_proto::container::kElemType) ReadElement(field, depth, type);
    }
  }

  void ReadMap(const Field& at, int depth, ValueType* type) {
    using namespace type_proto::map;
    if (!cursor_.Expect(at, WireType::kBytes, "a map type")) return;
    Become(Kind::kMap, type);
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == kKeyType) ReadDataType(field, type);
      if (field.number == kValueType) ReadElement(field, depth, type);
    }
  }

  void ReadElement(const Field& field, int depth, ValueType* type) {
    if (!cursor_.Expect(field, WireType::kBytes, "the type of elements")) return;
    if (depth == kMaxTypeDepth) {
      cursor_.Fail(field.key, absl::StrCat("types nested over ", kMaxTypeDepth, " deep"));
      return;
    }
    ReadTypeIn(field, depth + 1, &type->element[0]);
  }

  Cursor cursor_;
  ValueType type_;
};

uint32_t FieldOf(Kind kind) {
  switch (kind) {
    case Kind::kTensor:
      return type_proto::kTensor;
    case Kind::kSparseTensor:
      return type_proto::kSparseTensor;
    case Kind::kSequence:
      return type_proto::kSequence;
    case Kind::kOptional:
      return type_proto::kOptional;
    case Kind::kMap:
      return type_proto::kMap;
    case Kind::kOpaque:
    case Kind::kUnknown:
      break;
  }
  return type_proto::kOpaque;
}

std::string SerializedDimension(const Dimension& dimension) {
  using namespace tensor_shape_proto::dimension;
  std::string bytes;
  if (dimension.value.has_value()) {
    AppendVarintField(kValue, static_cast<uint64_t>(*dimension.value), &bytes);
  } else if (!dimension.symbol.empty()) {
    AppendBytesField(kParam, dimension.symbol, &bytes);
  }
  return bytes;
}

std::string SerializedShape(const std::vector<Dimension>& shape) {
  std::string bytes;
  for (const Dimension& dimension : shape) {
    AppendBytesField(tensor_shape_proto::kDim, SerializedDimension(dimension), &bytes);
  }
  return bytes;
}

// Sign-extended, as protobuf writes an int32.
void AppendDataType(uint32_t number, int32_t data_type, std::string* bytes) {
  if (data_type == 0) return;
  AppendVarintField(number, static_cast<uint64_t>(int64_t{data_type}), bytes);
}

// Of the message for the kind of `type`.
std::string SerializedFields(const ValueType& type) {
  std::string bytes;
  switch (type.kind) {
    case Kind::kTensor:
    case Kind::kSparseTensor:
      AppendDataType(type_proto::tensor::kElemType, type.data_type, &bytes);
      if (type.shape.has_value()) {
        AppendBytesField(type_proto::tensor::kShape, SerializedShape(*type.shape), &bytes);
      }
      break;
    case Kind::kSequence:
    case Kind::kOptional:
      AppendBytesField(type_proto::container::kElemType, SerializedType(type.element[0]), &bytes);
      break;
    case Kind::kMap:
      AppendDataType(type_proto::map::kKeyType, type.data_type, &bytes);
      AppendBytesField(type_proto::map::kValueType, SerializedType(type.element[0]), &bytes);
      break;
    case Kind::kOpaque:
    case Kind::kUnknown:
      break;
  }
  return bytes;
}

std::string TextOf(const Dimension& dimension) {
  if (dimension.value.has_value()) return absl::StrCat(*dimension.value);
  return dimension.symbol.empty() ? "?" : dimension.symbol;
}

std::string TensorText(const ValueType& type) {
  const std::string text = DataTypeName(type.data_type);
  if (!type.shape.has_value()) return absl::StrCat(text, "[]");
  if (type.shape->empty()) return text;
  const auto append = [](std::string* out, const Dimension& dimension) {
    out->append(TextOf(dimension));
  };
  return absl::StrCat(text, "[", absl::StrJoin(*type.shape, ", ", append), "]");
}

}  // namespace

absl::StatusOr<ValueType> ReadValueType(const ByteSource& source, Range type) {
  return TypeReader(source, type).Run();
}

absl::StatusOr<ValueType> ReadTypeField(const ByteSource& source, Range message, uint32_t number) {
  return TypeReader(source, message).RunOnFields(number);
}

std::string SerializedType(const ValueType& type) {
  std::string bytes;
  if (type.kind != Kind::kUnknown) {
    AppendBytesField(FieldOf(type.kind), SerializedFields(type), &bytes);
  }
  return bytes;
}

absl::optional<uint64_t> NumElements(const ValueType& type) {
  if (type.kind != Kind::kTensor || !type.shape.has_value()) return absl::nullopt;
  std::vector<int64_t> dims;
  for (const Dimension& dimension : *type.shape) {
    if (!dimension.value.has_value()) return absl::nullopt;
    dims.push_back(*dimension.value);
  }
  return CountElements(dims);
}

std::string ToString(const ValueType& type) {
  switch (type.kind) {
    case Kind::kTensor:
      return TensorText(type);
    case Kind::kSparseTensor:
      return absl::StrCat("sparse_tensor(", TensorText(type), ")");
    case Kind::kSequence:
      return absl::StrCat("seq(", ToString(type.element[0]), ")");
    case Kind::kOptional:
      return absl::StrCat("optional(", ToString(type.element[0]), ")");
    case Kind::kMap:
      return absl::StrCat("map(", DataTypeName(type.data_type), ", ", ToString(type.element[0]),
                          ")");
    case Kind::kOpaque:
      return "opaque";
    case Kind::kUnknown:
      break;
  }
  return "?";
}

}  // namespace modelexport
