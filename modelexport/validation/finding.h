// A finding, which is something that a check found wrong, and the collector of findings.
#ifndef MODELEXPORT_VALIDATION_FINDING_H_
#define MODELEXPORT_VALIDATION_FINDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

enum class Severity : uint8_t { kWarning, kError };

absl::string_view NameOf(Severity severity);  // "warning", "error"

struct Finding {
  Severity severity = Severity::kError;
  std::string code;     // One of FindingCodes().
  std::string place;    // "#3", "/7:then_branch#0", "function:d:n:o#2", `initializer "w"`, "model".
  std::string message;  // Without a period at the end.
};

// One kind of finding. Names are stable: users filter by them. Texts may improve.
struct FindingCode {
  absl::string_view name;
  Severity severity;
  absl::string_view meaning;  // One sentence.
};

// All kinds, in the order of the documentation.
absl::Span<const FindingCode> FindingCodes();

// Counts findings, and keeps the first kKept of each code, in the order in which they were added.
class Findings {
 public:
  static constexpr uint64_t kKept = 20;

  // Counts one finding of `code`, which is one of FindingCodes(). Returns true if its text is
  // wanted; the caller then adds it by Keep().
  bool Count(absl::string_view code);
  void Keep(absl::string_view code, std::string place, std::string message);

  // Does both at once, for findings that are few.
  void Add(absl::string_view code, std::string place, std::string message);

  // Has the same effect as adding the findings of `other` now, in their order.
  void Append(const Findings& other);

  const std::vector<Finding>& kept() const { return kept_; }

  // The numbers of all findings, whether kept or not.
  uint64_t count(absl::string_view code) const;
  uint64_t errors() const { return CountOf(Severity::kError); }
  uint64_t warnings() const { return CountOf(Severity::kWarning); }

  // For people and tests: one line for each finding kept, as `error tag.missing #3: no
  // modelexport.tag`, then one for each code with more, as `error tag.missing: 7 more`. Empty if
  // there are no findings.
  std::string ToText() const;

 private:
  uint64_t CountOf(Severity severity) const;

  std::vector<Finding> kept_;
  std::vector<uint64_t> counts_;  // By position in FindingCodes(); empty before the first.
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_FINDING_H_
