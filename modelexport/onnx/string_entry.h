// One StringStringEntryProto, as ONNX has them in metadata and for external data.
#ifndef MODELEXPORT_ONNX_STRING_ENTRY_H_
#define MODELEXPORT_ONNX_STRING_ENTRY_H_

#include <string>

#include "modelexport/proto/cursor.h"

namespace modelexport {

struct StringEntry {
  std::string key, value;
};

// `at`, of type kBytes, must be the field at which `cursor` is; afterwards it is beyond it. The
// last of a repeated field counts; what is absent or of another type is "".
StringEntry ReadStringEntry(Cursor& cursor, const Field& at);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_STRING_ENTRY_H_
