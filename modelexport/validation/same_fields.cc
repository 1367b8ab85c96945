#include "modelexport/validation/same_fields.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
namespace {

bool TakeLongVarint(absl::string_view* bytes, uint64_t* value) {
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

inline bool TakeVarint(absl::string_view* bytes, uint64_t* value) {
  if (bytes->empty() || static_cast<uint8_t>(bytes->front()) >= 0x80) {
    return TakeLongVarint(bytes, value);
  }
  *value = static_cast<uint8_t>(bytes->front());
  bytes->remove_prefix(1);
  return true;
}

inline bool TakeBytes(uint64_t size, absl::string_view* bytes, absl::string_view* taken) {
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

inline bool TakeField(absl::string_view* bytes, Part* field) {
  uint64_t key, size;
  if (!TakeVarint(bytes, &key) || key >> 32 != 0 || key >> 3 == 0) return false;
  field->number = static_cast<uint32_t>(key >> 3);
  field->type = static_cast<WireType>(key & 7);
  if (field->type == WireType::kBytes) {
    return TakeVarint(bytes, &size) && TakeBytes(size, bytes, &field->payload);
  }
  switch (field->type) {
    case WireType::kVarint:
      return TakeVarint(bytes, &size);
    case WireType::kFixed64:
      return TakeBytes(8, bytes, &field->payload);
    case WireType::kFixed32:
      return TakeBytes(4, bytes, &field->payload);
    default:
      return false;
  }
}

// Key first, value second, nothing else: what every program writes.
bool ReadKey(absl::string_view entry, absl::string_view* key) {
  using namespace string_entry_proto;
  Part field;
  if (!TakeField(&entry, &field) || field.number != kKey || field.type != WireType::kBytes) {
    return false;
  }
  *key = field.payload;
  if (entry.empty()) return true;
  return TakeField(&entry, &field) && field.number == kValue && field.type == WireType::kBytes &&
         entry.empty();
}

// False also for malformed fields.
bool HasNoMetadata(absl::string_view node) {
  Part field;
  while (!node.empty()) {
    if (!TakeField(&node, &field) || field.number == node_proto::kMetadata) return false;
  }
  return true;
}

enum class Taken { kField, kEnd, kUnusual };

// Takes the next field that is no entry that may differ, with its key and length.
Taken TakeCommon(absl::string_view* bytes, MayDiffer may_differ, absl::string_view* field,
                 bool* has_entries) {
  while (!bytes->empty()) {
    const absl::string_view rest = *bytes;
    Part part;
    if (!TakeField(bytes, &part)) return Taken::kUnusual;
    *field = rest.substr(0, rest.size() - bytes->size());
    if (part.number != node_proto::kMetadata || part.type != WireType::kBytes) {
      return Taken::kField;
    }
    absl::string_view key;
    if (!ReadKey(part.payload, &key)) return Taken::kUnusual;
    if (!may_differ(key)) return Taken::kField;
    *has_entries = true;
  }
  return Taken::kEnd;
}

}  // namespace

bool SameFields(absl::string_view a, absl::string_view b, MayDiffer in_a, MayDiffer in_b,
                bool* has_entries) {
  *has_entries = false;
  // What tagging makes of most nodes: entries behind the same bytes.
  if (absl::StartsWith(b, a) && HasNoMetadata(a)) {
    b.remove_prefix(a.size());
    a = "";
  }
  absl::string_view field_a, field_b;
  while (true) {
    const Taken taken = TakeCommon(&a, in_a, &field_a, has_entries);
    if (taken == Taken::kUnusual) return false;
    if (TakeCommon(&b, in_b, &field_b, has_entries) != taken) return false;
    if (taken == Taken::kEnd) return true;
    if (field_a != field_b) return false;
  }
}

}  // namespace modelexport
