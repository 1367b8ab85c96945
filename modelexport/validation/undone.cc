#include "modelexport/validation/undone.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {
namespace {

constexpr uint64_t kBlock = uint64_t{1} << 20;

// Goes through `original` from its beginning. After the first difference all is taken for equal.
class Comparison {
 public:
  Comparison(const ByteSource& original, absl::Span<const Range> skipped,
             const std::atomic<bool>* cancelled, Findings* findings)
      : original_(original), skipped_(skipped), cancelled_(cancelled), findings_(*findings) {}

  absl::Status Follows(const ByteSource& source, Range range) {
    while (range.begin < range.end && !differs_) {
      if (const uint64_t skipped = Skip(range.size())) {
        range.begin += skipped;
        continue;
      }
      const uint64_t end = std::min({range.end, range.begin + kBlock, range.begin + BeforeSkip()});
      MX_ASSIGN_OR_RETURN(const std::string block, source.ReadString({range.begin, end}));
      MX_RETURN_IF_ERROR(Follows(block));
      range.begin = end;
    }
    return absl::OkStatus();
  }

  absl::Status Follows(absl::string_view bytes) {
    if (cancelled_ != nullptr && *cancelled_) return absl::CancelledError("cancelled");
    if (differs_) return absl::OkStatus();
    const uint64_t left = original_.size() - at_;
    MX_ASSIGN_OR_RETURN(const std::string expected,
                        original_.ReadString({at_, at_ + std::min<uint64_t>(left, bytes.size())}));
    const auto difference =
        std::mismatch(expected.begin(), expected.end(), bytes.begin(), bytes.end());
    at_ += difference.first - expected.begin();
    if (difference.second != bytes.end()) Differ();
    return absl::OkStatus();
  }

  void End() {
    if (!differs_ && at_ != original_.size()) Differ();
  }

 private:
  // Passes over so many bytes, at most `most`, where the original is at a range to be skipped.
  uint64_t Skip(uint64_t most) {
    while (!skipped_.empty() && skipped_[0].end <= at_) skipped_.remove_prefix(1);
    if (skipped_.empty() || at_ < skipped_[0].begin) return 0;
    const uint64_t bytes = std::min(most, skipped_[0].end - at_);
    at_ += bytes;
    return bytes;
  }

  // The bytes of the original up to the next such range, which it is not in.
  uint64_t BeforeSkip() const { return skipped_.empty() ? kBlock : skipped_[0].begin - at_; }

  void Differ() {
    differs_ = true;
    findings_.Add(
        "diff.bytes", "model",
        absl::StrCat("without what was added it differs from byte ", at_, " of the original on"));
  }

  const ByteSource& original_;
  absl::Span<const Range> skipped_;  // Those that are not passed yet.
  const std::atomic<bool>* cancelled_;
  Findings& findings_;
  uint64_t at_ = 0;
  bool differs_ = false;
};

}  // namespace

absl::Status CheckUndone(const ByteSource& original, const ByteSource& copy, const SplicePlan& undo,
                         const std::atomic<bool>* cancelled, Findings* findings,
                         absl::Span<const Range> skipped) {
  Comparison comparison(original, skipped, cancelled, findings);
  uint64_t at = 0;
  for (const Splice& splice : undo.splices()) {
    MX_RETURN_IF_ERROR(comparison.Follows(copy, {at, splice.erase.begin}));
    MX_RETURN_IF_ERROR(comparison.Follows(splice.bytes));
    at = splice.erase.end;
  }
  MX_RETURN_IF_ERROR(comparison.Follows(copy, {at, copy.size()}));
  comparison.End();
  return absl::OkStatus();
}

}  // namespace modelexport
