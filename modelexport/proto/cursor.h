// Walks the fields of serialized protobuf messages in a ByteSource, without a schema and without
// reading the payloads that nobody asks for.
//
//   Cursor cursor(source);
//   Field field;
//   while (cursor.Next(&field)) {
//     if (field.number == 3 && cursor.Expect(field, WireType::kBytes, "NodeProto.name")) {
//       name = std::string(cursor.Bytes(field));
//     }
//   }
//   MX_RETURN_IF_ERROR(cursor.status());
//
// The encoding is that of protobuf.dev/programming-guides/encoding. The first error stays: after
// it, Next() returns false for good, and status() names the source and the byte offset.
#ifndef MODELEXPORT_PROTO_CURSOR_H_
#define MODELEXPORT_PROTO_CURSOR_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/window.h"

namespace modelexport {

// Groups, which ONNX does not use but unknown fields may, are returned whole.
enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kGroup = 3, kFixed32 = 5 };

// Where a field is. Offsets are absolute in the source.
struct Field {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t key = 0;     // First byte of the key.
  uint64_t length = 0;  // First byte after the key: of the length prefix, if the type has one.
  uint64_t begin = 0;   // First byte of the payload.
  uint64_t end = 0;     // After the last byte of the payload (of a group: of its end key).
  uint64_t value = 0;   // The number that a varint or fixed field holds.

  Range payload() const { return {begin, end}; }
};

// Groups nested deeper than this are an error, as in protobuf's own parsers.
inline constexpr int kMaxGroupDepth = 100;

// `source` must outlive the cursor. Not thread-safe.
class Cursor {
 public:
  // A cursor over the message in `range` of `source`; by default the whole source is one message.
  explicit Cursor(const ByteSource& source);
  Cursor(const ByteSource& source, Range range);

  // Starts over on another message of the same source. A recorded error stays.
  void Restart(Range range);

  // Advances to the next field of the current message, over what is unread of the one before.
  // Returns false at the end of the message and after an error.
  bool Next(Field* field) {
    return NextInWindow(field) || (next_ != limit_ && status_.ok() && NextAnywhere(field));
  }

  // Advances to the next of the varints that make up the current message, a packed repeated field.
  bool NextPacked(uint64_t* value);

  // Likewise for numbers of `bytes` bytes, 4 or 8, in a packed field of fixed-size numbers.
  bool NextPackedFixed(int bytes, uint64_t* value);

  // The payload of a kBytes field that Next() has returned, however long ago, or any other range
  // within the source; empty after an error. Valid until the next call.
  absl::string_view Bytes(const Field& field) { return Bytes(field.payload()); }
  absl::string_view Bytes(Range range) {
    const char* const bytes = status_.ok() ? window_.Get(range) : nullptr;
    if (bytes == nullptr) return NoBytes();
    return {bytes, static_cast<size_t>(range.size())};
  }

  // True if the field has the type that the schema gives it; otherwise fails, naming `what`.
  bool Expect(const Field& field, WireType type, absl::string_view what) {
    return field.type == type || FailType(field, type, what);
  }

  // Records an error at a byte offset, unless there is one already. Returns false.
  bool Fail(uint64_t offset, absl::string_view message);

  const absl::Status& status() const { return status_; }

  // Makes `field`, just returned by Next(), the current message for the lifetime of the object.
  class Message {
   public:
    Message(Cursor& cursor, const Field& field)
        : cursor_(cursor), outer_limit_(cursor.limit_), end_(field.end) {
      cursor.next_ = field.begin;
      cursor.limit_ = field.end;
    }
    ~Message() {
      cursor_.next_ = end_;
      cursor_.limit_ = outer_limit_;
    }
    Message(const Message&) = delete;
    Message& operator=(const Message&) = delete;

   private:
    Cursor& cursor_;
    const uint64_t outer_limit_;
    const uint64_t end_;
  };

 private:
  // The hot path: a field number below 16, and a varint of one byte or a payload whose length has
  // at most two. False, with nothing changed, for all else.
  bool NextInWindow(Field* field) {
    if (window_.Available(next_) < kShortHeader || limit_ - next_ < kShortHeader) return false;
    const auto* const p = reinterpret_cast<const uint8_t*>(window_.At(next_));
    if (p[0] >= 0x80 || p[0] < 8 || p[1] >= 0x80 || !status_.ok()) {
      return p[0] < 0x80 && (p[0] & 7) == 2 && p[0] >= 8 && p[2] < 0x80 && status_.ok() &&
             SetBytes(p[0] >> 3, 3, (p[1] & 0x7F) | p[2] << 7, field);
    }
    if ((p[0] & 7) == 2) return SetBytes(p[0] >> 3, 2, p[1], field);
    if ((p[0] & 7) != 0) return false;
    *field = {static_cast<uint32_t>(p[0] >> 3),
              WireType::kVarint,
              next_,
              next_ + 1,
              next_ + 1,
              next_ + 2,
              p[1]};
    next_ += 2;
    return true;
  }

  bool SetBytes(uint32_t number, uint64_t header, uint64_t size, Field* field) {
    if (size > limit_ - next_ - header) return false;
    *field = {number, WireType::kBytes, next_, next_ + 1, next_ + header, next_ + header + size, 0};
    next_ = field->end;
    return true;
  }

  static constexpr uint64_t kShortHeader = 3;

  bool NextAnywhere(Field* field);
  bool FailType(const Field& field, WireType type, absl::string_view what);
  absl::string_view NoBytes();
  // These read at `*at` and move it past what they read.
  bool ReadVarint(uint64_t* at, uint64_t* value);
  bool ReadFixed(uint64_t* at, int bytes, uint64_t* value);
  bool ReadKey(uint64_t* at, Field* field, bool* end_of_group);
  bool ReadPayload(uint64_t* at, Field* field);
  bool SkipGroup(uint64_t* at, const Field& group);

  Window window_;
  absl::Status status_;
  uint64_t limit_;  // End of the current message.
  uint64_t next_;   // Where the next field begins.
};

}  // namespace modelexport

#endif  // MODELEXPORT_PROTO_CURSOR_H_
