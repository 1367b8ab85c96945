#include "modelexport/modules/glob.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {
namespace {

constexpr size_t kNoMatch = static_cast<size_t>(-1);

bool IsDigit(absl::string_view text, size_t at) {
  return at < text.size() && absl::ascii_isdigit(text[at]);
}

bool ContinuesCharacter(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// "2-11" as numbers.
bool ParseRange(absl::string_view text, uint64_t* least, uint64_t* most) {
  const std::vector<absl::string_view> ends = absl::StrSplit(text, '-');
  return ends.size() == 2 && IsDigit(ends[0], 0) && IsDigit(ends[1], 0) &&
         absl::SimpleAtoi(ends[0], least) && absl::SimpleAtoi(ends[1], most) && *least <= *most;
}

// Wildcard matching with one point to come back to: what matched before a later `*` need not be
// tried again. `match(p, i)` is the end of what item p of the pattern matches at i, or kNoMatch;
// `is_any(p)` whether it matches anything. Takes time in proportion to both sizes, multiplied.
template <typename IsAny, typename Match>
bool MatchesAll(size_t pattern_size, size_t size, const IsAny& is_any, const Match& match) {
  size_t p = 0, at = 0;
  size_t star = kNoMatch, star_at = 0;
  while (at < size || p < pattern_size) {
    if (p < pattern_size && is_any(p)) {
      star = p++;
      star_at = at;
      continue;
    }
    const size_t end = p < pattern_size ? match(p, at) : kNoMatch;
    if (end != kNoMatch) {
      ++p;
      at = end;
    } else {
      if (star == kNoMatch || star_at >= size) return false;
      p = star + 1;
      at = ++star_at;
    }
  }
  return true;
}

}  // namespace

absl::StatusOr<Glob> Glob::Parse(absl::string_view text) {
  Glob glob;
  if (text == ".") return glob;
  glob.segments_.emplace_back();
  for (size_t at = 0; at < text.size();) {
    if (text[at] == '.') {
      glob.segments_.emplace_back();
      glob.literal_ += '.';
      ++at;
    } else {
      MX_ASSIGN_OR_RETURN(at, glob.AddToken(text, at));
    }
  }
  for (Segment& segment : glob.segments_) {
    if (segment.tokens.empty()) return absl::InvalidArgumentError("a segment is empty");
    segment.is_any_path = segment.tokens.size() == 2 &&
                          segment.tokens[0].kind == Token::Kind::kAnyText &&
                          segment.tokens[1].kind == Token::Kind::kAnyText;
  }
  return glob;
}

absl::StatusOr<size_t> Glob::AddToken(absl::string_view text, size_t at) {
  Token& token = segments_.back().tokens.emplace_back();
  if (text[at] == '*' || text[at] == '?') {
    token.kind = text[at] == '*' ? Token::Kind::kAnyText : Token::Kind::kAnyCharacter;
    is_literal_ = false;
    return at + 1;
  }
  if (text[at] == '[') {
    const size_t end = text.find(']', at);
    if (end == absl::string_view::npos ||
        !ParseRange(text.substr(at + 1, end - at - 1), &token.least, &token.most)) {
      return absl::InvalidArgumentError("\"[\" wants two numbers, as in [0-11]");
    }
    token.kind = Token::Kind::kNumber;
    is_literal_ = false;
    return end + 1;
  }
  if (text[at] == '\\' && ++at == text.size()) {
    return absl::InvalidArgumentError("nothing follows the last \"\\\"");
  }
  token.byte = text[at];
  literal_ += text[at];
  return at + 1;
}

bool Glob::Matches(absl::string_view name) const {
  if (is_literal_) return name == literal_;
  std::vector<absl::string_view> names;
  if (!name.empty()) names = absl::StrSplit(name, '.');
  return MatchesAll(
      segments_.size(), names.size(), [this](size_t p) { return segments_[p].is_any_path; },
      [&](size_t p, size_t at) {
        return at < names.size() && MatchesSegment(segments_[p], names[at]) ? at + 1 : kNoMatch;
      });
}

bool Glob::MatchesSegment(const Segment& segment, absl::string_view name) {
  const std::vector<Token>& tokens = segment.tokens;
  return MatchesAll(
      tokens.size(), name.size(), [&](size_t p) { return tokens[p].kind == Token::Kind::kAnyText; },
      [&](size_t p, size_t at) { return MatchToken(tokens[p], name, at); });
}

size_t Glob::MatchToken(const Token& token, absl::string_view name, size_t at) {
  if (at >= name.size()) return kNoMatch;
  if (token.kind == Token::Kind::kByte) return name[at] == token.byte ? at + 1 : kNoMatch;
  if (token.kind == Token::Kind::kAnyCharacter) {
    do ++at;
    while (at < name.size() && ContinuesCharacter(name[at]));
    return at;
  }
  // A number is all digits that follow each other, not a part of them.
  if (at > 0 && IsDigit(name, at - 1)) return kNoMatch;
  size_t end = at;
  while (IsDigit(name, end)) ++end;
  uint64_t number;
  const bool matches = absl::SimpleAtoi(name.substr(at, end - at), &number) &&
                       token.least <= number && number <= token.most;
  return matches ? end : kNoMatch;
}

}  // namespace modelexport
