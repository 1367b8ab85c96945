// Ranges of other sources, one after the other, as one source.
#ifndef MODELEXPORT_FILES_GATHERED_SOURCE_H_
#define MODELEXPORT_FILES_GATHERED_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {

// Takes about 48 bytes for each range. Nothing is read before Read().
class GatheredSource final : public ByteSource {
 public:
  explicit GatheredSource(std::string name) : name_(std::move(name)) {}

  // Adds the bytes of `range`, which must be within `source`, at the next multiple of `alignment`
  // (at least 1); zeros fill the gap. Returns where they begin. An empty range adds nothing.
  uint64_t Append(std::shared_ptr<const ByteSource> source, Range range, uint64_t alignment);

  absl::string_view name() const override { return name_; }
  uint64_t size() const override { return size_; }
  absl::Status Read(Range range, char* destination) const override;

 private:
  struct Piece {
    uint64_t begin, end;  // Of this source.
    std::shared_ptr<const ByteSource> source;
    uint64_t in_source;  // Where `begin` is there.
  };

  const std::string name_;
  std::vector<Piece> pieces_;  // In order; none is empty. What is between them is 0.
  uint64_t size_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_GATHERED_SOURCE_H_
