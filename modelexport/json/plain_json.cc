#include "modelexport/json/plain_json.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"

namespace modelexport {
namespace {

constexpr int kMaxDepth = 32;
constexpr size_t kMaxDigits = 18;   // Of a number that is delivered: less than 2^63.
constexpr size_t kMaxWritten = 64;  // Characters of any other: finite as float64.

class PlainReader {
 public:
  PlainReader(absl::string_view text, JsonSink* sink)
      : at_(text.data()), end_(text.data() + text.size()), sink_(*sink) {}

  bool Run(const JsonSchema& schema) {
    if (!Value(&schema, 0)) return false;
    SkipSpace();
    return at_ == end_;
  }

 private:
  void SkipSpace() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool Take(char wanted) {
    SkipSpace();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  // A value to be ignored has no schema.
  bool Value(const JsonSchema* schema, int depth) {
    SkipSpace();
    if (at_ == end_ || depth == kMaxDepth) return false;
    switch (*at_) {
      case '{':
        return Accepts(schema, kJsonObject) && Object(schema, depth);
      case '[':
        return Accepts(schema, kJsonList) && List(schema, depth);
      case '"':
        return Accepts(schema, kJsonString) && Text(schema);
      default:
        return schema == nullptr ? Number() || Word() : WholeNumber(*schema);
    }
  }

  static bool Accepts(const JsonSchema* schema, unsigned kind) {
    return schema == nullptr || (schema->kinds & kind) != 0;
  }

  bool Object(const JsonSchema* schema, int depth) {
    ++at_;
    uint32_t seen = 0;
    if (!Take('}')) {
      do {
        absl::string_view name;
        SkipSpace();
        if (!String(&name) || !Take(':')) return false;
        if (!Value(MemberOf(schema, name, &seen), depth + 1)) return false;
        if (is_twice_) return false;
      } while (Take(','));
      if (!Take('}')) return false;
    }
    if (schema == nullptr) return true;
    for (size_t i = 0; i < schema->members.size(); ++i) {
      if (schema->members[i].required && (seen & (1u << i)) == 0) return false;
    }
    return schema->others == nullptr && sink_.OnEnd(schema->id).ok();
  }

  const JsonSchema* MemberOf(const JsonSchema* schema, absl::string_view name, uint32_t* seen) {
    if (schema == nullptr) return nullptr;
    for (size_t i = 0; i < schema->members.size(); ++i) {
      if (schema->members[i].name != name) continue;
      is_twice_ = is_twice_ || (*seen & (1u << i)) != 0;
      *seen |= 1u << i;
      return &schema->members[i].schema;
    }
    return nullptr;
  }

  bool List(const JsonSchema* schema, int depth) {
    ++at_;
    if (!Take(']')) {
      do {
        if (!Value(schema == nullptr ? nullptr : schema->element, depth + 1)) return false;
      } while (Take(','));
      if (!Take(']')) return false;
    }
    return schema == nullptr || sink_.OnEnd(schema->id).ok();
  }

  bool Text(const JsonSchema* schema) {
    absl::string_view text;
    if (!String(&text)) return false;
    if (schema != nullptr) sink_.OnString(schema->id, text);
    return true;
  }

  bool String(absl::string_view* text) {
    if (at_ == end_ || *at_ != '"') return false;
    const char* const begin = ++at_;
    while (at_ != end_ && *at_ != '"') {
      // Not ASCII is below ' ' or above '~', as char has a sign or has none (aarch64).
      if (*at_ == '\\' || *at_ < ' ' || *at_ > '~') return false;
      ++at_;
    }
    if (at_ == end_) return false;
    *text = absl::string_view(begin, static_cast<size_t>(at_++ - begin));
    return true;
  }

  bool WholeNumber(const JsonSchema& schema) {
    const char* const begin = at_;
    int64_t value = 0;
    for (; at_ != end_ && absl::ascii_isdigit(*at_); ++at_) {
      if (static_cast<size_t>(at_ - begin) == kMaxDigits) return false;
      value = 10 * value + (*at_ - '0');
    }
    if (!IsWhole(begin) || (at_ != end_ && (*at_ == '.' || *at_ == 'e' || *at_ == 'E'))) {
      return false;
    }
    if (schema.kinds & kJsonInteger) {
      sink_.OnInteger(schema.id, value);
    } else if (schema.kinds & kJsonNumber) {
      sink_.OnNumber(schema.id, static_cast<double>(value));
    } else {
      return false;
    }
    return true;
  }

  // Digits without a needless 0, from `begin` up to here.
  bool IsWhole(const char* begin) const {
    return at_ != begin && (*begin != '0' || at_ == begin + 1);
  }

  void SkipDigits() {
    while (at_ != end_ && absl::ascii_isdigit(*at_)) ++at_;
  }

  // Without an exponent.
  bool Number() {
    const char* const begin = at_;
    if (*at_ == '-') ++at_;
    const char* const whole = at_;
    SkipDigits();
    if (!IsWhole(whole)) return false;
    if (at_ != end_ && *at_ == '.') {
      const char* const fraction = ++at_;
      SkipDigits();
      if (at_ == fraction) return false;
    }
    const bool has_exponent = at_ != end_ && (*at_ == 'e' || *at_ == 'E');
    return !has_exponent && static_cast<size_t>(at_ - begin) <= kMaxWritten;
  }

  bool Word() {
    for (const absl::string_view word : {"true", "false", "null"}) {
      if (absl::string_view(at_, static_cast<size_t>(end_ - at_)).substr(0, word.size()) != word) {
        continue;
      }
      at_ += word.size();
      return true;
    }
    return false;
  }

  const char* at_;
  const char* const end_;
  JsonSink& sink_;
  bool is_twice_ = false;  // A member of the schema was given twice.
};

}  // namespace

bool ReadPlainJson(absl::string_view text, const JsonSchema& schema, JsonSink* sink) {
  return PlainReader(text, sink).Run(schema);
}

}  // namespace modelexport
