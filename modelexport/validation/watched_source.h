// Tells why a Cursor stopped: because the bytes are malformed, or because they cannot be read.
#ifndef MODELEXPORT_VALIDATION_WATCHED_SOURCE_H_
#define MODELEXPORT_VALIDATION_WATCHED_SOURCE_H_

#include <atomic>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/validation/finding.h"

namespace modelexport {

// Reads `source` and remembers the first failure. Not thread-safe.
class WatchedSource final : public ByteSource {
 public:
  // Both must outlive the object. Once `*cancelled` is true, reading fails with kCancelled;
  // `cancelled` may be null.
  WatchedSource(const ByteSource& source, const std::atomic<bool>* cancelled)
      : source_(source), cancelled_(cancelled) {}

  absl::string_view name() const override { return source_.name(); }
  uint64_t size() const override { return source_.size(); }

  absl::Status Read(Range range, char* destination) const override {
    const bool cancelled = cancelled_ != nullptr && cancelled_->load(std::memory_order_relaxed);
    absl::Status status =
        cancelled ? absl::CancelledError("cancelled") : source_.Read(range, destination);
    failure_.Update(status);
    return status;
  }

  // OK if every read so far succeeded.
  const absl::Status& failure() const { return failure_; }

  // Interprets the final status of a Cursor over this source. Returns failure() if there is one;
  // otherwise an error means that the bytes are malformed, which is added as a finding.
  absl::Status Conclude(const absl::Status& status, Findings* findings) const;

 private:
  const ByteSource& source_;
  const std::atomic<bool>* const cancelled_;
  mutable absl::Status failure_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_WATCHED_SOURCE_H_
