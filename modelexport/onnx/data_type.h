// The numbers of TensorProto.DataType, their names and sizes: all of them, numbers or not. How
// elements are decoded is in element_type.h.
#ifndef MODELEXPORT_ONNX_DATA_TYPE_H_
#define MODELEXPORT_ONNX_DATA_TYPE_H_

#include <cstdint>
#include <string>

namespace modelexport {

// The name in ONNX's text format (onnx/docs/Syntax.md), such as "float" or "int4"; "type<number>"
// for 0, negative numbers and types later than onnx 1.23.2.
std::string DataTypeName(int32_t data_type);

// The bits of one element where elements are stored one after the other without gaps; 0 for
// strings, whose sizes differ, and for types without a name.
uint32_t BitsPerElement(int32_t data_type);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_DATA_TYPE_H_
