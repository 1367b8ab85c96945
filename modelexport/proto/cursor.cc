#include "modelexport/proto/cursor.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

constexpr int kEndGroup = 4;
constexpr size_t kMaxVarint = 10;

}  // namespace

Cursor::Cursor(const ByteSource& source) : Cursor(source, {0, source.size()}) {}

Cursor::Cursor(const ByteSource& source, Range range)
    : window_(source), limit_(range.end), next_(range.begin) {}

void Cursor::Restart(Range range) {
  next_ = range.begin;
  limit_ = range.end;
}

bool Cursor::Fail(uint64_t offset, absl::string_view message) {
  if (status_.ok()) {
    status_ = absl::InvalidArgumentError(
        absl::StrCat(window_.source().name(), ": byte ", offset, ": ", message));
  }
  return false;
}

bool Cursor::FailType(const Field& field, WireType type, absl::string_view what) {
  return Fail(field.key, absl::StrCat(what, " has wire type ", static_cast<int>(field.type),
                                      ", expected ", static_cast<int>(type)));
}

absl::string_view Cursor::NoBytes() {
  if (status_.ok()) status_ = window_.status();
  return {};
}

bool Cursor::NextAnywhere(Field* field) {
  uint64_t at = next_;
  bool end_of_group = false;
  if (!ReadKey(&at, field, &end_of_group)) return false;
  if (end_of_group) return Fail(field->key, "end of a group that did not begin");
  if (!ReadPayload(&at, field)) return false;
  next_ = field->end;
  return true;
}

bool Cursor::NextPacked(uint64_t* value) {
  return next_ != limit_ && status_.ok() && ReadVarint(&next_, value);
}

bool Cursor::NextPackedFixed(int bytes, uint64_t* value) {
  return next_ != limit_ && status_.ok() && ReadFixed(&next_, bytes, value);
}

bool Cursor::ReadKey(uint64_t* at, Field* field, bool* end_of_group) {
  field->key = *at;
  uint64_t key;
  if (!ReadVarint(at, &key)) return false;
  if (key >> 32 != 0 || key >> 3 == 0) return Fail(field->key, "a field number out of range");
  field->number = static_cast<uint32_t>(key >> 3);
  const int type = key & 7;
  *end_of_group = type == kEndGroup;
  if (type > 5) return Fail(field->key, absl::StrCat("wire type ", type, " does not exist"));
  field->type = static_cast<WireType>(type);
  return true;
}

bool Cursor::ReadPayload(uint64_t* at, Field* field) {
  field->length = field->begin = *at;
  field->value = 0;
  switch (field->type) {
    case WireType::kVarint:
      if (!ReadVarint(at, &field->value)) return false;
      break;
    case WireType::kFixed64:
      if (!ReadFixed(at, 8, &field->value)) return false;
      break;
    case WireType::kFixed32:
      if (!ReadFixed(at, 4, &field->value)) return false;
      break;
    case WireType::kGroup:
      if (!SkipGroup(at, *field)) return false;
      break;
    case WireType::kBytes: {
      uint64_t size;
      if (!ReadVarint(at, &size)) return false;
      field->begin = *at;
      if (size > limit_ - *at) {
        return Fail(field->key, absl::StrCat("field ", field->number, " has length ", size,
                                             ", past the end of its message at byte ", limit_));
      }
      *at += size;
    }
  }
  field->end = *at;
  return true;
}

// Iterative, so that hostile nesting costs no stack.
bool Cursor::SkipGroup(uint64_t* at, const Field& group) {
  uint32_t open[kMaxGroupDepth] = {group.number};
  int depth = 1;
  Field field;
  while (depth > 0) {
    if (*at == limit_) return Fail(group.key, "a group without its end");
    bool end_of_group = false;
    if (!ReadKey(at, &field, &end_of_group)) return false;
    if (end_of_group) {
      if (field.number != open[--depth]) return Fail(field.key, "the end of another group");
    } else if (field.type == WireType::kGroup) {
      if (depth == kMaxGroupDepth) return Fail(field.key, "groups nested over 100 deep");
      open[depth++] = field.number;
    } else if (!ReadPayload(at, &field)) {
      return false;
    }
  }
  return true;
}

// The end of the message bounds the varint, not only that of the source.
bool Cursor::ReadVarint(uint64_t* at, uint64_t* value) {
  const size_t usable = std::min<uint64_t>(kMaxVarint, limit_ - *at);
  const absl::string_view bytes = Bytes(Range{*at, *at + usable});
  if (!status_.ok()) return false;
  uint64_t result = 0;
  for (size_t i = 0; i < usable; ++i) {
    const uint8_t byte = bytes[i];
    result |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      *at += i + 1;
      *value = result;
      return true;
    }
  }
  return Fail(*at, usable == kMaxVarint ? "a varint over 10 bytes"
                                        : "a varint past the end of its message");
}

bool Cursor::ReadFixed(uint64_t* at, int bytes, uint64_t* value) {
  if (static_cast<uint64_t>(bytes) > limit_ - *at) {
    return Fail(*at, "a fixed-size number past the end of its message");
  }
  const absl::string_view text = Bytes(Range{*at, *at + bytes});
  if (!status_.ok()) return false;
  *value = 0;
  for (int i = 0; i < bytes; ++i) *value |= static_cast<uint64_t>(uint8_t(text[i])) << (8 * i);
  *at += bytes;
  return true;
}

}  // namespace modelexport
