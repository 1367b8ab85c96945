#include "modelexport/testing/text_reader.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace modelexport::testing {
namespace {

bool InName(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == '/'; }

// The bytes of the number at the start of `text`, as far as they look like one.
absl::string_view NumberAt(absl::string_view text) {
  size_t size = 0;
  while (size < text.size() && (absl::ascii_isalnum(text[size]) || text[size] == '.' ||
                                text[size] == '-' || text[size] == '+')) {
    ++size;
  }
  return text.substr(0, size);
}

// The text between the quote at the start of `text` and the next one that is not escaped.
absl::string_view QuotedAt(absl::string_view text) {
  size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return end < text.size() ? text.substr(1, end - 1) : absl::string_view();
}

}  // namespace

bool TextReader::Fail(absl::string_view message) {
  if (!ok()) return false;
  const absl::string_view next = rest_.substr(0, std::min<size_t>(rest_.find('\n'), 30));
  status_ =
      absl::InvalidArgumentError(absl::StrCat("line ", line_, ": ", message, ", found ",
                                              AtEnd() ? "the end" : absl::StrCat("`", next, "`")));
  return false;
}

void TextReader::Consume(size_t size) {
  line_ += static_cast<int>(std::count(rest_.begin(), rest_.begin() + size, '\n'));
  rest_.remove_prefix(size);
}

void TextReader::SkipSpace() {
  while (!rest_.empty()) {
    if (rest_[0] == '#') {
      Consume(std::min(rest_.find('\n'), rest_.size()));
    } else if (absl::ascii_isspace(rest_[0])) {
      Consume(1);
    } else {
      return;
    }
  }
}

bool TextReader::AtEnd() {
  SkipSpace();
  return rest_.empty();
}

bool TextReader::Sees(absl::string_view token) {
  SkipSpace();
  return ok() && absl::StartsWith(rest_, token);
}

bool TextReader::TryRead(absl::string_view token) {
  if (!Sees(token)) return false;
  Consume(token.size());
  return true;
}

bool TextReader::Read(absl::string_view token) {
  return TryRead(token) || Fail(absl::StrCat("expected `", token, "`"));
}

absl::string_view TextReader::PeekName() {
  SkipSpace();
  if (!ok() || rest_.empty() || absl::ascii_isdigit(rest_[0]) || rest_[0] == '.') return "";
  size_t size = 0;
  while (size < rest_.size()) {
    if (InName(rest_[size])) {
      ++size;
    } else if (absl::StartsWith(rest_.substr(size), "::")) {
      size += 2;
    } else {
      break;
    }
  }
  return rest_.substr(0, size);
}

std::string TextReader::ReadName() {
  const std::string name(PeekName());
  if (name.empty()) Fail("expected a name");
  if (ok()) Consume(name.size());
  return name;
}

std::string TextReader::ReadString() {
  if (!SeesString()) {
    Fail("expected a string in quotes");
    return "";
  }
  const absl::string_view quoted = QuotedAt(rest_);
  std::string unescaped;
  if (quoted.data() == nullptr || !absl::CUnescape(quoted, &unescaped)) {
    Fail("expected a string with its closing quote and valid escapes");
    return "";
  }
  Consume(quoted.size() + 2);
  return unescaped;
}

std::string TextReader::ReadNameOrString() { return SeesString() ? ReadString() : ReadName(); }

bool TextReader::SeesNumber() {
  const absl::string_view name = PeekName();
  return name == "inf" || name == "nan" || Sees("-") || Sees("+") ||
         (ok() && !rest_.empty() && absl::ascii_isdigit(rest_[0]));
}

TextReader::Number TextReader::ReadNumber() {
  Number number;
  if (!SeesNumber()) {
    Fail("expected a number");
    return number;
  }
  const absl::string_view text = NumberAt(rest_);
  number.is_integer = absl::SimpleAtoi(text, &number.integer);
  if (!absl::SimpleAtod(text, &number.real)) Fail("expected a number");
  if (ok()) Consume(text.size());
  return number;
}

int64_t TextReader::ReadInteger() {
  const Number number = SeesNumber() ? ReadNumber() : Number();
  if (!number.is_integer) Fail("expected an integer");
  return number.integer;
}

}  // namespace modelexport::testing
