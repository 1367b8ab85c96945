#include "modelexport/onnx/string_entry.h"

#include "modelexport/onnx/onnx_fields.h"

namespace modelexport {

StringEntry ReadStringEntry(Cursor& cursor, const Field& at) {
  using namespace string_entry_proto;
  StringEntry entry;
  const Cursor::Message message(cursor, at);
  Field field;
  while (cursor.Next(&field)) {
    if (field.type != WireType::kBytes) continue;
    if (field.number == kKey) entry.key = std::string(cursor.Bytes(field));
    if (field.number == kValue) entry.value = std::string(cursor.Bytes(field));
  }
  return entry;
}

}  // namespace modelexport
