// The element types of TensorProto.DataType that are numbers, and how their bytes read.
#ifndef MODELEXPORT_ONNX_ELEMENT_TYPE_H_
#define MODELEXPORT_ONNX_ELEMENT_TYPE_H_

#include <cstddef>
#include <cstdint>

namespace modelexport {

namespace data_type {
enum : int32_t {
  kFloat = 1,
  kUint8 = 2,
  kInt8 = 3,
  kUint16 = 4,
  kInt16 = 5,
  kInt32 = 6,
  kInt64 = 7,
  kBool = 9,
  kFloat16 = 10,
  kDouble = 11,
  kUint32 = 12,
  kUint64 = 13,
  kBfloat16 = 16,
  kFloat8E4M3Fn = 17,
  kFloat8E4M3FnUz = 18,
  kFloat8E5M2 = 19,
  kFloat8E5M2FnUz = 20,
  kUint4 = 21,
  kInt4 = 22,
};
}  // namespace data_type

// What a type of elements is like.
struct ElementType {
  int32_t data_type;
  uint32_t bits;  // Of one element in raw_data; two of 4 bits share a byte, the low one first.
  uint32_t typed_field;  // The field of TensorProto that holds them if raw_data does not.
  double (*decode)(uint64_t bits);  // Of the `bits` lowest bits; the others are anything.
  // Decodes `count` elements as raw_data has them, from bytes that need not be aligned. Null for
  // types of less than a byte.
  void (*decode_raw)(const char* bytes, size_t count, double* elements);
  bool is_float;
  int mantissa_bits;  // Of floats, without the hidden one.
};

// Null for types that are not numbers or not known.
const ElementType* ElementTypeOf(int32_t data_type);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_ELEMENT_TYPE_H_
