#include "modelexport/files/gathered_source.h"

#include <algorithm>
#include <cstring>

#include "modelexport/base/status_macros.h"

namespace modelexport {

uint64_t GatheredSource::Append(std::shared_ptr<const ByteSource> source, Range range,
                                uint64_t alignment) {
  if (range.size() == 0) return size_;
  const uint64_t begin = (size_ + alignment - 1) / alignment * alignment;
  size_ = begin + range.size();
  pieces_.push_back({begin, size_, std::move(source), range.begin});
  return begin;
}

absl::Status GatheredSource::Read(Range range, char* destination) const {
  auto piece = std::upper_bound(
      pieces_.begin(), pieces_.end(), range.begin,
      [](uint64_t offset, const Piece& candidate) { return offset < candidate.end; });
  uint64_t at = range.begin;
  for (; piece != pieces_.end() && piece->begin < range.end; ++piece) {
    const uint64_t begin = std::max(piece->begin, range.begin);
    const uint64_t end = std::min(piece->end, range.end);
    const uint64_t from = piece->in_source + (begin - piece->begin);
    std::memset(destination + (at - range.begin), 0, begin - at);
    MX_RETURN_IF_ERROR(
        piece->source->Read({from, from + (end - begin)}, destination + (begin - range.begin)));
    at = end;
  }
  std::memset(destination + (at - range.begin), 0, range.end - at);
  return absl::OkStatus();
}

}  // namespace modelexport
