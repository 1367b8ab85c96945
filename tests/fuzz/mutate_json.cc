#include "tests/fuzz/mutate_json.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace modelexport::fuzz {
namespace {

constexpr absl::string_view kOddValues[] = {"null",
                                            "true",
                                            "0",
                                            "-1",
                                            "1.5",
                                            "1e999",
                                            "2147483648",
                                            "9223372036854775807",
                                            "18446744073709551616",
                                            "\"\"",
                                            "\".\"",
                                            "\"\\u0000\"",
                                            "\"a.b.0.c\"",
                                            "[]",
                                            "{}",
                                            "[[[[1]]]]",
                                            "{\"\":{\"\":1}}"};

constexpr size_t kNoKey = absl::string_view::npos;

// Offsets in the text.
struct Value {
  size_t key = kNoKey;  // First byte of the member's key; kNoKey for an element.
  size_t begin = 0, end = 0;

  // Where the member or element begins.
  size_t item() const { return key == kNoKey ? begin : key; }
};

// After the string that begins at `at`.
size_t EndOfString(absl::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\';
  return std::min(at + 1, text.size());
}

size_t EndOfWord(absl::string_view text, size_t at) {
  while (at < text.size() && absl::string_view("{}[]:,\"").find(text[at]) == text.npos &&
         !absl::ascii_isspace(text[at])) {
    ++at;
  }
  return at;
}

bool IsKey(absl::string_view text, size_t end) {
  while (end < text.size() && absl::ascii_isspace(text[end])) ++end;
  return end < text.size() && text[end] == ':';
}

// All values, inner ones before those around them.
std::vector<Value> ValuesOf(absl::string_view text) {
  std::vector<Value> values, open;
  size_t key = kNoKey;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    size_t end = at + 1;
    if (c == '{' || c == '[') {
      open.push_back({key, at, at});
      key = kNoKey;
    } else if (c == '}' || c == ']') {
      if (!open.empty()) {
        values.push_back({open.back().key, open.back().begin, end});
        open.pop_back();
      }
      key = kNoKey;
    } else if (c != ',' && c != ':' && !absl::ascii_isspace(c)) {
      end = c == '"' ? EndOfString(text, at) : EndOfWord(text, at);
      const bool is_key = c == '"' && IsKey(text, end);
      if (!is_key) values.push_back({key, at, end});
      key = is_key ? at : kNoKey;
    }
    at = end;
  }
  return values;
}

std::string Replaced(absl::string_view text, size_t begin, size_t end, absl::string_view with) {
  return absl::StrCat(text.substr(0, begin), with, text.substr(end));
}

absl::string_view Item(absl::string_view text, const Value& value) {
  return text.substr(value.item(), value.end - value.item());
}

absl::string_view Content(absl::string_view text, const Value& value) {
  return text.substr(value.begin, value.end - value.begin);
}

// Without the value and a comma beside it.
std::string Without(absl::string_view text, const Value& value) {
  size_t begin = value.item(), end = value.end;
  while (end < text.size() && absl::ascii_isspace(text[end])) ++end;
  if (end < text.size() && text[end] == ',') return Replaced(text, begin, end + 1, "");
  while (begin > 0 && absl::ascii_isspace(text[begin - 1])) --begin;
  if (begin > 0 && text[begin - 1] == ',') --begin;
  return Replaced(text, begin, value.end, "");
}

std::string Swapped(absl::string_view text, const Value& a, const Value& b) {
  if (a.item() > b.item()) return Swapped(text, b, a);
  if (a.end > b.begin) return std::string(text);  // One holds the other.
  return absl::StrCat(text.substr(0, a.begin), Content(text, b),
                      text.substr(a.end, b.begin - a.end), Content(text, a), text.substr(b.end));
}

// The value under the key of `named`, which is of `donor`.
std::string UnderKeyOf(absl::string_view text, const Value& value, absl::string_view donor,
                       const Value& named) {
  if (named.key == kNoKey || value.key == kNoKey) {
    return Replaced(text, value.begin, value.end, Content(donor, named));
  }
  return Replaced(text, value.key, value.begin, donor.substr(named.key, named.begin - named.key));
}

}  // namespace

std::string MutateJson(absl::string_view text, absl::string_view donor, Random* random) {
  const std::vector<Value> values = ValuesOf(text);
  const std::vector<Value> given = ValuesOf(donor);
  if (values.empty() || given.empty()) return random->Changed(std::string(text));
  const Value& value = random->OneOf(values);
  const Value& other = random->OneOf(given);
  switch (random->Below(9)) {
    case 0:
      return Without(text, value);
    case 1:
      return Replaced(text, value.end, value.end, absl::StrCat(",", Item(text, value)));
    case 2:
      return Swapped(text, value, random->OneOf(values));
    case 3:
      return Replaced(text, value.begin, value.end, Content(donor, other));
    case 4:
      return Replaced(text, value.end, value.end, absl::StrCat(",", Item(donor, other)));
    case 5:
      return UnderKeyOf(text, value, donor, other);
    case 6:
      return Replaced(text, value.begin, value.end, random->OneOf(kOddValues));
    case 7:
      return Replaced(text, value.item(), value.end,
                      random->Changed(std::string(Item(text, value))));
    default:
      return Replaced(text, value.begin, value.end,
                      random->Changed(std::string(Content(text, value))));
  }
}

}  // namespace modelexport::fuzz
