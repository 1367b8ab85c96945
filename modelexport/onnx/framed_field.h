// Where a field is, as ModelIndex and its companions keep it.
#ifndef MODELEXPORT_ONNX_FRAMED_FIELD_H_
#define MODELEXPORT_ONNX_FRAMED_FIELD_H_

#include <cstdint>

#include "modelexport/onnx/model_records.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {

// `field` must be of type kBytes.
inline Framed FramedOf(const Field& field) {
  return {field.key, field.end, static_cast<uint8_t>(field.length - field.key),
          static_cast<uint8_t>(field.begin - field.length)};
}

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_FRAMED_FIELD_H_
