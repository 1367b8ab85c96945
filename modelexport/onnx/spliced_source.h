// A file as a plan would write it, read without being written.
#ifndef MODELEXPORT_ONNX_SPLICED_SOURCE_H_
#define MODELEXPORT_ONNX_SPLICED_SOURCE_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/splice_plan.h"

namespace modelexport {

// Has the name of `source`. Takes about 64 bytes of memory for each splice.
class SplicedSource final : public ByteSource {
 public:
  // `source` must be the one that the plan was made for. Both must outlive the object.
  SplicedSource(const ByteSource& source, const SplicePlan& plan);

  absl::string_view name() const override { return source_.name(); }
  uint64_t size() const override { return size_; }
  absl::Status Read(Range range, char* destination) const override;

 private:
  // `size` bytes that begin at `begin` of this source.
  struct Piece {
    uint64_t begin, size;
    uint64_t in_source;  // Where they are there, if `bytes` is null.
    const char* bytes;
  };

  void Add(uint64_t size, uint64_t in_source, const char* bytes);

  const ByteSource& source_;
  std::vector<Piece> pieces_;  // None is empty.
  uint64_t size_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_SPLICED_SOURCE_H_
