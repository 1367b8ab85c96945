// The encoding of single protobuf fields, appended to a string.
#ifndef MODELEXPORT_PROTO_ENCODE_H_
#define MODELEXPORT_PROTO_ENCODE_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace modelexport {

inline constexpr int kMaxVarintSize = 10;

// Writes `value` in minimal form to `destination`, which must have room for kMaxVarintSize bytes.
// Returns the end of what it wrote.
inline char* EncodeVarint(uint64_t value, char* destination) {
  for (; value >= 0x80; value >>= 7) *destination++ = static_cast<char>(value | 0x80);
  *destination++ = static_cast<char>(value);
  return destination;
}

inline int VarintSize(uint64_t value) {
  int size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

void AppendVarint(uint64_t value, std::string* out);
void AppendVarintField(uint32_t number, uint64_t value, std::string* out);
void AppendBytesField(uint32_t number, absl::string_view bytes, std::string* out);

// Appends, as field `number`, a message of two strings in fields 1 and 2. An entry of a protobuf
// map and ONNX's StringStringEntryProto have this layout.
void AppendStringEntry(uint32_t number, absl::string_view key, absl::string_view value,
                       std::string* out);

}  // namespace modelexport

#endif  // MODELEXPORT_PROTO_ENCODE_H_
