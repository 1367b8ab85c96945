// A ByteSource in memory that records which ranges were read, and fails on demand.
#ifndef MODELEXPORT_TESTING_RECORDING_SOURCE_H_
#define MODELEXPORT_TESTING_RECORDING_SOURCE_H_

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"

namespace modelexport::testing {

class RecordingSource final : public ByteSource {
 public:
  explicit RecordingSource(std::string bytes) : bytes_(std::move(bytes)) {}

  absl::string_view name() const override { return "recorded"; }
  uint64_t size() const override { return bytes_.size(); }

  absl::Status Read(Range range, char* destination) const override {
    EXPECT_LE(range.begin, range.end);
    EXPECT_LE(range.end, bytes_.size());
    if (range.end > fail_from_) return absl::DataLossError("the disk is on fire");
    reads_.push_back(range);
    std::memcpy(destination, bytes_.data() + range.begin, range.size());
    return absl::OkStatus();
  }

  // From now on, reads that go past `offset` fail.
  void FailFrom(uint64_t offset) { fail_from_ = offset; }

  const std::vector<Range>& reads() const { return reads_; }

  // How many bytes of `range` were read; a byte counts each time that it was read.
  uint64_t BytesRead(Range range) const {
    uint64_t total = 0;
    for (const Range& read : reads_) {
      const uint64_t begin = std::max(read.begin, range.begin);
      const uint64_t end = std::min(read.end, range.end);
      if (begin < end) total += end - begin;
    }
    return total;
  }
  uint64_t BytesRead() const { return BytesRead({0, size()}); }

 private:
  const std::string bytes_;
  uint64_t fail_from_ = UINT64_MAX;
  mutable std::vector<Range> reads_;
};

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_RECORDING_SOURCE_H_
