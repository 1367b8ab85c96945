#include "modelexport/onnx/spliced_source.h"

#include <algorithm>
#include <cstring>

#include "modelexport/base/status_macros.h"

namespace modelexport {

SplicedSource::SplicedSource(const ByteSource& source, const SplicePlan& plan) : source_(source) {
  uint64_t copied = 0;
  for (const Splice& splice : plan.splices()) {
    Add(splice.erase.begin - copied, copied, nullptr);
    Add(splice.bytes.size(), 0, splice.bytes.data());
    copied = splice.erase.end;
  }
  Add(source.size() - copied, copied, nullptr);
}

void SplicedSource::Add(uint64_t size, uint64_t in_source, const char* bytes) {
  if (size == 0) return;
  pieces_.push_back({size_, size, in_source, bytes});
  size_ += size;
}

absl::Status SplicedSource::Read(Range range, char* destination) const {
  const auto after = [](uint64_t offset, const Piece& piece) { return offset < piece.begin; };
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), range.begin, after);
  if (piece != pieces_.begin()) --piece;
  for (; range.begin < range.end; ++piece) {
    const uint64_t skipped = range.begin - piece->begin;
    const uint64_t count = std::min(piece->size - skipped, range.size());
    if (piece->bytes != nullptr) {
      std::memcpy(destination, piece->bytes + skipped, count);
    } else {
      const uint64_t begin = piece->in_source + skipped;
      MX_RETURN_IF_ERROR(source_.Read({begin, begin + count}, destination));
    }
    range.begin += count;
    destination += count;
  }
  return absl::OkStatus();
}

}  // namespace modelexport
