#include "modelexport/json/source_bytes.h"

#include <algorithm>
#include <cstring>

namespace modelexport {
namespace {

constexpr uint64_t kBlockSize = 256 << 10;

}  // namespace

SourceBytes::SourceBytes(const ByteSource& source)
    : source_(source), block_(std::min(kBlockSize, source.size()), '\0') {
  NextBlock();
}

void SourceBytes::NextBlock() {
  const uint64_t end = std::min<uint64_t>(next_block_ + block_.size(), source_.size());
  size_ = 0;
  if (next_block_ == end) return;
  status_ = source_.Read({next_block_, end}, &block_[0]);
  if (status_.ok()) {
    size_ = end - next_block_;
    const void* const nul = std::memchr(block_.data(), '\0', size_);
    if (nul != nullptr) {
      size_ = static_cast<const char*>(nul) - block_.data();
      nul_ = next_block_ + size_;
    }
  }
  next_block_ = status_.ok() && !nul_.has_value() ? end : source_.size();
}

}  // namespace modelexport
