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
#ifndef MODELEXPORT_WIRE_CURSOR_H_
#define MODELEXPORT_WIRE_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "modelexport/wire/byte_source.h"

namespace modelexport::wire {

// Groups, which ONNX does not use but unknown fields may, are returned whole.
enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kGroup = 3, kFixed32 = 5 };

// Where a field lies. Offsets are absolute in the source.
struct Field {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t key = 0;     // First byte of the key.
  uint64_t length = 0;  // First byte behind the key: of the length prefix, if the type has one.
  uint64_t begin = 0;   // First byte of the payload.
  uint64_t end = 0;     // Behind the last byte of the payload (of a group: of its end key).
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
  bool Next(Field* field);

  // Advances to the next of the varints that make up the current message, a packed repeated field.
  bool NextPacked(uint64_t* value);

  // The payload of a kBytes field that Next() has returned, however long ago; empty after an
  // error. Valid until the next call.
  absl::string_view Bytes(const Field& field) { return Bytes(field.payload()); }

  // The same for any bytes of the source, whatever the current message; Next() goes on where it
  // was.
  absl::string_view Bytes(Range range);

  // True if the field has the type that the schema gives it; otherwise fails, naming `what`.
  bool Expect(const Field& field, WireType type, absl::string_view what);

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
  uint64_t offset() const { return window_end_ - static_cast<uint64_t>(window_limit_ - p_); }
  uint64_t available() const { return static_cast<uint64_t>(window_limit_ - p_); }
  bool SeekTo(uint64_t offset);
  bool Ensure(size_t bytes);
  bool Refill(size_t bytes);
  bool ReadVarint(uint64_t* value);
  bool ReadFixed(int bytes, uint64_t* value);
  bool ReadKey(Field* field, bool* end_of_group);
  bool ReadPayload(Field* field);
  bool SkipGroup(const Field& group);

  const ByteSource& source_;
  absl::Status status_;
  uint64_t limit_;  // End of the current message.
  uint64_t next_;   // Where the next field begins.

  // The part of the source in memory: [p_, window_limit_) is unread, window_end_ its end offset.
  std::unique_ptr<char[]> window_;
  size_t capacity_ = 0;
  const char* p_ = nullptr;
  const char* window_limit_ = nullptr;
  uint64_t window_end_;
  size_t read_ahead_;
};

}  // namespace modelexport::wire

#endif  // MODELEXPORT_WIRE_CURSOR_H_
