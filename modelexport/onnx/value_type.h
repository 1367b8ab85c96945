// The types of values: what a TypeProto says.
#ifndef MODELEXPORT_ONNX_VALUE_TYPE_H_
#define MODELEXPORT_ONNX_VALUE_TYPE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

// One dimension of a shape: its size, or the name that it shares with equal dimensions of the
// model, or neither if nothing is known.
struct Dimension {
  absl::optional<int64_t> value;  // As the file has it: it may be negative.
  std::string symbol;             // Empty if it has none, and if there is a value.
};

// A type. All members have their defaults where the kind does not use them.
struct ValueType {
  enum class Kind : uint8_t {
    kUnknown,
    kTensor,
    kSparseTensor,
    kSequence,
    kOptional,
    kMap,
    kOpaque
  };

  Kind kind = Kind::kUnknown;

  // TensorProto.DataType: of the elements of a tensor, or of the keys of a map. 0 if not given.
  int32_t data_type = 0;

  // Of tensors and sparse tensors. Absent if not even the rank is known; empty for a scalar.
  absl::optional<std::vector<Dimension>> shape;

  // One for a sequence or an optional (the type of its elements) and for a map (the type of its
  // values); none for other kinds.
  std::vector<ValueType> element;
};

// Sequences, optionals and maps nested deeper than this are an error.
inline constexpr int kMaxTypeDepth = 32;

// Reads a TypeProto whose content is `type` in `source`. Fields that repeat are merged as protobuf
// merges them: of numbers and strings the last counts, messages of one kind are joined (a shape
// that occurs twice has the dimensions of both), and of different kinds of type or of dimension the
// last counts. Denotations and the names of opaque types are not kept.
//
// Malformed input, a shape of over kMaxDims dimensions and types nested too deep are
// kInvalidArgument with the source's name and the byte offset; errors of reading are passed on.
absl::StatusOr<ValueType> ReadValueType(const ByteSource& source, Range type);

// The same for the fields `number`, each a TypeProto, of the message in `message`: the type of a
// ValueInfoProto, or that of an AttributeProto. Kind::kUnknown if there is none.
absl::StatusOr<ValueType> ReadTypeField(const ByteSource& source, Range message, uint32_t number);

// A serialized TypeProto that reads as `type`; an empty one for Kind::kUnknown.
std::string SerializedType(const ValueType& type);

// The number of elements of a tensor. Absent for other kinds, if a dimension is not a number, and
// if one is negative or the product is over 2^48.
absl::optional<uint64_t> NumElements(const ValueType& type);

// The type in the notation of ONNX's text format (onnx/docs/Syntax.md):
//
//   float             a scalar
//   float[]           a tensor of unknown rank
//   float[N, 3, ?]    a tensor with a named, a fixed and an unknown dimension
//   seq(T)  optional(T)  map(int64, T)  sparse_tensor(float[2])  opaque
//
// "?" for an unknown type; an element type without a name is its number, as in "type99[2]".
std::string ToString(const ValueType& type);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_VALUE_TYPE_H_
