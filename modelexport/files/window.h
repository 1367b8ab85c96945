// The part of a ByteSource that is in memory, for a reader that mostly goes forward.
#ifndef MODELEXPORT_FILES_WINDOW_H_
#define MODELEXPORT_FILES_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

// `source` must outlive the window. The window reads ahead: little after a jump, since another jump
// is then likely, and up to 64 KiB while the reader goes on. Not thread-safe.
class Window {
 public:
  explicit Window(const ByteSource& source) : source_(source) {}

  // The bytes of `range`, which must be within the source; null after an error, which status()
  // keeps. Valid until the next call.
  const char* Get(Range range) {
    if (range.begin >= begin_ && range.end <= end_) return data_.get() + (range.begin - begin_);
    return Load(range);
  }

  // How many bytes from `offset` on are in memory.
  uint64_t Available(uint64_t offset) const {
    return offset >= begin_ && offset < end_ ? end_ - offset : 0;
  }

  // The bytes that Available() counts.
  const char* At(uint64_t offset) const { return data_.get() + (offset - begin_); }

  const ByteSource& source() const { return source_; }
  const absl::Status& status() const { return status_; }

 private:
  const char* Load(Range range);

  const ByteSource& source_;
  absl::Status status_;
  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0;
  uint64_t begin_ = 0;  // Of the bytes in data_.
  uint64_t end_ = 0;
  size_t read_ahead_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_WINDOW_H_
