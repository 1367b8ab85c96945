// Where a field is, as ModelIndex and its companions keep it.
#ifndef MODELEXPORT_ONNX_FRAMED_FIELD_H_
#define MODELEXPORT_ONNX_FRAMED_FIELD_H_

#include <cstdint>

#include "modelexport/onnx/model_records.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {

// `field` must be of type kBytes.
inline Framed FramedOf(const Field& field) {
  Framed framed;
  framed.begin = field.key;
  framed.size = field.end - field.key;
  framed.key_size = field.length - field.key;
  framed.length_size = field.begin - field.length;
  return framed;
}

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_FRAMED_FIELD_H_
