#include "modelexport/wire/cursor.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace modelexport::wire {
namespace {

// After a jump little is read, since another jump is likely; then the reads grow.
constexpr size_t kFirstRead = 4 << 10;
constexpr size_t kLargestRead = 256 << 10;
constexpr int kEndGroup = 4;
constexpr size_t kMaxVarint = 10;

}  // namespace

Cursor::Cursor(const ByteSource& source) : Cursor(source, {0, source.size()}) {}

Cursor::Cursor(const ByteSource& source, Range range)
    : source_(source),
      limit_(range.end),
      next_(range.begin),
      window_end_(range.begin),
      read_ahead_(kFirstRead) {}

void Cursor::Restart(Range range) {
  next_ = range.begin;
  limit_ = range.end;
}

bool Cursor::Fail(uint64_t offset, absl::string_view message) {
  if (status_.ok()) {
    status_ =
        absl::InvalidArgumentError(absl::StrCat(source_.name(), ": byte ", offset, ": ", message));
  }
  return false;
}

bool Cursor::Expect(const Field& field, WireType type, absl::string_view what) {
  if (field.type == type) return true;
  return Fail(field.key, absl::StrCat(what, " has wire type ", static_cast<int>(field.type),
                                      ", expected ", static_cast<int>(type)));
}

bool Cursor::Next(Field* field) {
  if (next_ == limit_ || !status_.ok() || !SeekTo(next_)) return false;
  bool end_of_group = false;
  if (!ReadKey(field, &end_of_group)) return false;
  if (end_of_group) return Fail(field->key, "end of a group that did not begin");
  if (!ReadPayload(field)) return false;
  next_ = field->end;
  return true;
}

bool Cursor::NextPacked(uint64_t* value) {
  if (next_ == limit_ || !status_.ok() || !SeekTo(next_) || !ReadVarint(value)) return false;
  next_ = offset();
  return true;
}

absl::string_view Cursor::Bytes(Range range) {
  const size_t size = range.size();
  if (!status_.ok() || !SeekTo(range.begin) || !Ensure(size)) return {};
  const absl::string_view bytes(p_, size);
  p_ += size;
  return bytes;
}

bool Cursor::ReadKey(Field* field, bool* end_of_group) {
  field->key = offset();
  uint64_t key;
  if (!ReadVarint(&key)) return false;
  if (key >> 32 != 0 || key >> 3 == 0) return Fail(field->key, "a field number out of range");
  field->number = static_cast<uint32_t>(key >> 3);
  const int type = key & 7;
  *end_of_group = type == kEndGroup;
  if (type > 5) return Fail(field->key, absl::StrCat("wire type ", type, " does not exist"));
  field->type = static_cast<WireType>(type);
  return true;
}

bool Cursor::ReadPayload(Field* field) {
  field->length = field->begin = offset();
  switch (field->type) {
    case WireType::kVarint:
      if (!ReadVarint(&field->value)) return false;
      break;
    case WireType::kFixed64:
      if (!ReadFixed(8, &field->value)) return false;
      break;
    case WireType::kFixed32:
      if (!ReadFixed(4, &field->value)) return false;
      break;
    case WireType::kGroup:
      if (!SkipGroup(*field)) return false;
      break;
    case WireType::kBytes: {
      uint64_t size;
      if (!ReadVarint(&size)) return false;
      field->begin = offset();
      if (size > limit_ - field->begin) {
        return Fail(field->key, absl::StrCat("field ", field->number, " has length ", size,
                                             ", past the end of its message at byte ", limit_));
      }
      field->end = field->begin + size;
      return true;
    }
  }
  field->end = offset();
  return true;
}

// Iterative, so that hostile nesting costs no stack.
bool Cursor::SkipGroup(const Field& group) {
  uint32_t open[kMaxGroupDepth] = {group.number};
  int depth = 1;
  Field field;
  while (depth > 0) {
    if (offset() == limit_) return Fail(group.key, "a group without its end");
    bool end_of_group = false;
    if (!ReadKey(&field, &end_of_group)) return false;
    if (end_of_group) {
      if (field.number != open[--depth]) return Fail(field.key, "the end of another group");
    } else if (field.type == WireType::kGroup) {
      if (depth == kMaxGroupDepth) return Fail(field.key, "groups nested over 100 deep");
      open[depth++] = field.number;
    } else if (!ReadPayload(&field) || !SeekTo(field.end)) {
      return false;
    }
  }
  return true;
}

bool Cursor::ReadVarint(uint64_t* value) {
  // The limit bounds the value, not only the window: a varint may not cross its message's end.
  const size_t usable = std::min<uint64_t>(kMaxVarint, limit_ - offset());
  if (!Ensure(usable)) return false;
  uint64_t result = 0;
  for (size_t i = 0; i < usable; ++i) {
    const uint8_t byte = p_[i];
    result |= static_cast<uint64_t>(byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      p_ += i + 1;
      *value = result;
      return true;
    }
  }
  return Fail(offset(), usable == kMaxVarint ? "a varint over 10 bytes"
                                             : "a varint past the end of its message");
}

bool Cursor::ReadFixed(int bytes, uint64_t* value) {
  if (static_cast<uint64_t>(bytes) > limit_ - offset()) {
    return Fail(offset(), "a fixed-size number past the end of its message");
  }
  if (!Ensure(bytes)) return false;
  *value = 0;
  for (int i = 0; i < bytes; ++i) *value |= static_cast<uint64_t>(uint8_t(p_[i])) << (8 * i);
  p_ += bytes;
  return true;
}

bool Cursor::SeekTo(uint64_t offset) {
  if (offset == this->offset()) return true;
  const uint64_t window_begin = window_end_ - static_cast<uint64_t>(window_limit_ - window_.get());
  if (window_begin <= offset && offset <= window_end_) {
    p_ = window_limit_ - (window_end_ - offset);
    return true;
  }
  // A short payload that ends just behind the window is not yet a jump.
  if (offset < window_end_ || offset - window_end_ > kFirstRead) read_ahead_ = kFirstRead;
  p_ = window_limit_ = window_.get();
  window_end_ = offset;
  return true;
}

bool Cursor::Ensure(size_t bytes) { return available() >= bytes || Refill(bytes); }

// Moves the unread bytes to the front and reads on behind them. The caller has checked that the
// source holds `bytes` more.
bool Cursor::Refill(size_t bytes) {
  const size_t unread = available();
  const size_t wanted = std::max(bytes, read_ahead_);
  const size_t target =
      unread + std::min<uint64_t>(wanted - std::min(wanted, unread), source_.size() - window_end_);
  if (target > capacity_) {
    capacity_ = std::max(target, kLargestRead);
    std::unique_ptr<char[]> larger(new char[capacity_]);
    if (unread > 0) std::memcpy(larger.get(), p_, unread);
    window_ = std::move(larger);
  } else if (unread > 0) {
    std::memmove(window_.get(), p_, unread);
  }
  const Range range{window_end_, window_end_ + (target - unread)};
  p_ = window_.get();
  window_limit_ = p_ + unread;
  status_ = source_.Read(range, window_.get() + unread);
  if (!status_.ok()) return false;
  window_limit_ += range.size();
  window_end_ = range.end;
  read_ahead_ = std::min(read_ahead_ * 2, kLargestRead);
  return true;
}

}  // namespace modelexport::wire
