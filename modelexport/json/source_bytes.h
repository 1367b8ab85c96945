// The bytes of a source as a parser takes them, one after the other, read in blocks.
#ifndef MODELEXPORT_JSON_SOURCE_BYTES_H_
#define MODELEXPORT_JSON_SOURCE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "absl/types/optional.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

// They end at the source's end, at a NUL and where reading fails. `source` must outlive it.
class SourceBytes {
 public:
  // An input iterator; `end()` is the end of all bytes.
  class Position;

  explicit SourceBytes(const ByteSource& source);

  Position begin();
  static Position end();

  // Why the bytes that were taken ended before the source does, if they did.
  const absl::Status& status() const { return status_; }
  const absl::optional<uint64_t>& nul() const { return nul_; }  // Its offset.

 private:
  void NextBlock();

  const ByteSource& source_;
  std::string block_;
  size_t size_ = 0;          // Of what the block holds.
  uint64_t next_block_ = 0;  // Its offset.
  absl::Status status_;
  absl::optional<uint64_t> nul_;
};

class SourceBytes::Position {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Position() = default;  // The end.
  explicit Position(SourceBytes* bytes) : bytes_(bytes) { Enter(); }

  reference operator*() const { return *at_; }

  Position& operator++() {
    if (++at_ == block_end_) {
      bytes_->NextBlock();
      Enter();
    }
    return *this;
  }

  Position operator++(int) {
    const Position before = *this;
    ++*this;
    return before;
  }

  // One of both must be the end.
  friend bool operator==(const Position& a, const Position& b) {
    return a.at_ == a.block_end_ && b.at_ == b.block_end_;
  }
  friend bool operator!=(const Position& a, const Position& b) { return !(a == b); }

 private:
  void Enter() {
    at_ = bytes_->block_.data();
    block_end_ = at_ + bytes_->size_;
  }

  SourceBytes* bytes_ = nullptr;
  const char* at_ = nullptr;
  const char* block_end_ = nullptr;
};

inline SourceBytes::Position SourceBytes::begin() { return Position(this); }
inline SourceBytes::Position SourceBytes::end() { return Position(); }

}  // namespace modelexport

#endif  // MODELEXPORT_JSON_SOURCE_BYTES_H_
