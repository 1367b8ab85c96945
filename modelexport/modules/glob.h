// Names with wildcards: of paths, classes and operators.
#ifndef MODELEXPORT_MODULES_GLOB_H_
#define MODELEXPORT_MODULES_GLOB_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// Segments between points, as in paths of modules. In a segment `*` is any text, `?` any one
// character, `[2-11]` a whole number of that range, both ends included, and a backslash takes the
// meaning of the character after it. The segment `**` is any number of segments, also none. "." is
// the root, whose path is empty.
class Glob {
 public:
  // An error says what is wrong, in the words of a user's pattern.
  static absl::StatusOr<Glob> Parse(absl::string_view text);

  // The time is that of the lengths of `name` and of the glob, multiplied.
  bool Matches(absl::string_view name) const;

  // The one name that it matches, if it has no wildcards: then `is_literal` is true.
  bool is_literal() const { return is_literal_; }
  const std::string& literal() const { return literal_; }

  bool has_several_segments() const { return segments_.size() > 1; }

 private:
  struct Token {
    enum class Kind : uint8_t { kByte, kAnyText, kAnyCharacter, kNumber };
    Kind kind = Kind::kByte;
    char byte = 0;
    uint64_t least = 0, most = 0;  // Of kNumber.
  };
  struct Segment {
    bool is_any_path = false;  // "**".
    std::vector<Token> tokens;
  };

  absl::StatusOr<size_t> AddToken(absl::string_view text, size_t at);
  static bool MatchesSegment(const Segment& segment, absl::string_view name);
  static size_t MatchToken(const Token& token, absl::string_view name, size_t at);

  std::vector<Segment> segments_;
  bool is_literal_ = true;
  std::string literal_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_MODULES_GLOB_H_
