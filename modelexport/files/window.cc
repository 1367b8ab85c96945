#include "modelexport/files/window.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace modelexport {
namespace {

constexpr size_t kFirstRead = 4 << 10;
// What was just read is then still in the processor's cache, beside a reader's tables.
constexpr size_t kLargestRead = 64 << 10;

}  // namespace

const char* Window::Load(Range range) {
  if (!status_.ok()) return nullptr;
  // A short hop over a payload is no jump.
  const bool goes_on = range.begin >= begin_ && range.begin <= end_ + read_ahead_;
  read_ahead_ =
      goes_on ? std::min(std::max(2 * read_ahead_, kFirstRead), kLargestRead) : kFirstRead;
  const uint64_t kept = Available(range.begin);
  const uint64_t wanted = std::max<uint64_t>(range.size(), read_ahead_);
  const uint64_t size = std::min(std::max(wanted, kept), source_.size() - range.begin);
  std::unique_ptr<char[]> larger;
  if (size > capacity_) {
    capacity_ = std::max<uint64_t>(size, kLargestRead);
    larger.reset(new char[capacity_]);
  }
  char* const data = larger != nullptr ? larger.get() : data_.get();
  if (kept > 0) std::memmove(data, At(range.begin), kept);
  if (larger != nullptr) data_ = std::move(larger);
  begin_ = end_ = range.begin;
  status_ = source_.Read({range.begin + kept, range.begin + size}, data_.get() + kept);
  if (!status_.ok()) return nullptr;
  end_ = range.begin + size;
  return data_.get();
}

}  // namespace modelexport
