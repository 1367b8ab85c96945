// Reads the fields of a small message that is in memory as a whole, several times as fast as a
// Cursor, which reads files.
//
//   FieldView field;
//   while (!bytes.empty()) {
//     if (!TakeField(&bytes, &field)) return Malformed();
//     ...
//   }
#ifndef MODELEXPORT_PROTO_MESSAGE_VIEW_H_
#define MODELEXPORT_PROTO_MESSAGE_VIEW_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {

// One field. `payload` is part of the message's own memory.
struct FieldView {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t value = 0;         // Set for kVarint alone.
  absl::string_view payload;  // Set for kBytes, kFixed64 and kFixed32 alone.
};

// Does what TakeVarint() does, for varints of more than one byte.
bool TakeLongVarint(absl::string_view* bytes, uint64_t* value);

// Removes a varint from the front of `bytes`. Returns false if it is cut short or longer than ten
// bytes. Bits beyond the 64th are dropped.
inline bool TakeVarint(absl::string_view* bytes, uint64_t* value) {
  if (bytes->empty() || static_cast<uint8_t>(bytes->front()) >= 0x80) {
    return TakeLongVarint(bytes, value);
  }
  *value = static_cast<uint8_t>(bytes->front());
  bytes->remove_prefix(1);
  return true;
}

// Removes the first `size` bytes of `bytes`. Returns false if there are fewer.
inline bool TakeBytes(uint64_t size, absl::string_view* bytes, absl::string_view* taken) {
  if (size > bytes->size()) return false;
  *taken = bytes->substr(0, size);
  bytes->remove_prefix(size);
  return true;
}

// Removes the first field of a message from `bytes`. Returns false, and leaves `bytes` unspecified,
// if there is no field, if it is malformed or cut short, or if it is a group, which is not read.
inline bool TakeField(absl::string_view* bytes, FieldView* field) {
  uint64_t key, size;
  if (!TakeVarint(bytes, &key) || key >> 32 != 0 || key >> 3 == 0) return false;
  field->number = static_cast<uint32_t>(key >> 3);
  field->type = static_cast<WireType>(key & 7);
  if (field->type == WireType::kBytes) {  // Nearly all are.
    return TakeVarint(bytes, &size) && TakeBytes(size, bytes, &field->payload);
  }
  switch (field->type) {
    case WireType::kVarint:
      return TakeVarint(bytes, &field->value);
    case WireType::kFixed64:
      return TakeBytes(8, bytes, &field->payload);
    case WireType::kFixed32:
      return TakeBytes(4, bytes, &field->payload);
    default:
      return false;
  }
}

}  // namespace modelexport

#endif  // MODELEXPORT_PROTO_MESSAGE_VIEW_H_
