#include "modelexport/validation/added_entries.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "modelexport/wire/cursor.h"
#include "modelexport/wire/onnx_fields.h"

namespace modelexport {
namespace {

using wire::WireType;

bool TakeVarint(absl::string_view* bytes, uint64_t* value) {
  *value = 0;
  for (size_t i = 0; i < bytes->size() && i < 10; ++i) {
    const auto byte = static_cast<uint8_t>((*bytes)[i]);
    *value |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte >= 0x80) continue;
    bytes->remove_prefix(i + 1);
    return true;
  }
  return false;
}

bool TakeBytes(uint64_t size, absl::string_view* bytes, absl::string_view* taken) {
  if (size > bytes->size()) return false;
  *taken = bytes->substr(0, size);
  bytes->remove_prefix(size);
  return true;
}

struct Part {
  uint32_t number;
  WireType type;
  absl::string_view payload;  // Of kBytes.
};

bool TakeField(absl::string_view* bytes, Part* field) {
  uint64_t key, size;
  if (!TakeVarint(bytes, &key) || key >> 32 != 0 || key >> 3 == 0) return false;
  field->number = static_cast<uint32_t>(key >> 3);
  field->type = static_cast<WireType>(key & 7);
  switch (field->type) {
    case WireType::kVarint:
      return TakeVarint(bytes, &size);
    case WireType::kFixed64:
      return TakeBytes(8, bytes, &field->payload);
    case WireType::kFixed32:
      return TakeBytes(4, bytes, &field->payload);
    case WireType::kBytes:
      return TakeVarint(bytes, &size) && TakeBytes(size, bytes, &field->payload);
    default:
      return false;
  }
}

// Key first, value second, nothing else: what every program writes.
bool ReadKey(absl::string_view entry, absl::string_view* key) {
  using namespace wire::string_entry_proto;
  Part field;
  if (!TakeField(&entry, &field) || field.number != kKey || field.type != WireType::kBytes) {
    return false;
  }
  *key = field.payload;
  if (entry.empty()) return true;
  return TakeField(&entry, &field) && field.number == kValue && field.type == WireType::kBytes &&
         entry.empty();
}

}  // namespace

bool OnlyEntriesAdded(absl::string_view before, absl::string_view after,
                      bool (*may_differ)(absl::string_view key), bool* has_entries) {
  if (!absl::StartsWith(after, before)) return false;
  *has_entries = false;
  absl::string_view rest = after;
  while (!rest.empty()) {
    const size_t begin = after.size() - rest.size();
    Part field;
    absl::string_view key;
    if (!TakeField(&rest, &field)) return false;
    const bool is_entry =
        field.number == wire::node_proto::kMetadata && field.type == WireType::kBytes;
    if (is_entry && !ReadKey(field.payload, &key)) return false;
    const bool is_ours = is_entry && may_differ(key);
    *has_entries |= is_ours;
    // A field of `before` ends within it, one added is an entry.
    const size_t end = after.size() - rest.size();
    if (begin < before.size() ? end > before.size() : !is_ours) return false;
  }
  return true;
}

}  // namespace modelexport
