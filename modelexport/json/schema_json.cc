#include "modelexport/json/schema_json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/json/source_bytes.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using nlohmann::json;

constexpr int kNumberOverflow = 406;  // nlohmann's id of that error.

std::string Expected(unsigned kinds) {
  std::vector<absl::string_view> names;
  if (kinds & kJsonString) names.push_back("a string");
  if (kinds & kJsonInteger) names.push_back("an integer from 0 to 9223372036854775807");
  if (kinds & kJsonNumber) names.push_back("a number");
  if (kinds & kJsonObject) names.push_back("an object");
  if (kinds & kJsonList) names.push_back("a list");
  if (kinds & kJsonNull) names.push_back("null");
  return absl::StrJoin(names, " or ");
}

// A number as written, which may be long.
std::string Shortened(absl::string_view number) {
  return number.size() <= 40 ? std::string(number) : absl::StrCat(number.substr(0, 40), "...");
}

// "[json.exception...] parse error at line 1, column 2: syntax error ... - ...; last read: ...".
absl::string_view Reason(absl::string_view what) {
  what.remove_prefix(std::min(what.find("syntax error"), what.size()));
  return what.substr(0, what.find("; last read: "));
}

using JsonEvents = nlohmann::json_sax<json>;

// What the parser reads, perhaps twice.
class JsonText {
 public:
  virtual ~JsonText() = default;
  virtual uint64_t size() const = 0;
  virtual void Parse(JsonEvents* events) = 0;

  // A few bytes from `offset` on, which may be at or after the end.
  virtual std::string From(uint64_t offset) const = 0;

 protected:
  static constexpr uint64_t kFew = 16;
};

class JsonInMemory final : public JsonText {
 public:
  explicit JsonInMemory(absl::string_view text) : text_(text) {}

  uint64_t size() const override { return text_.size(); }
  void Parse(JsonEvents* events) override { json::sax_parse(text_.begin(), text_.end(), events); }
  std::string From(uint64_t offset) const override {
    return std::string(text_.substr(std::min<uint64_t>(offset, text_.size()), kFew));
  }

 private:
  const absl::string_view text_;
};

class JsonInSource final : public JsonText {
 public:
  explicit JsonInSource(const ByteSource& source) : source_(source) {}

  uint64_t size() const override { return source_.size(); }

  void Parse(JsonEvents* events) override {
    SourceBytes bytes(source_);
    json::sax_parse(bytes.begin(), SourceBytes::end(), events);
    status_ = bytes.status();
    nul_ = bytes.nul();
  }

  std::string From(uint64_t offset) const override {
    const uint64_t begin = std::min(offset, source_.size());
    return source_.ReadString({begin, std::min(begin + kFew, source_.size())}).value_or("");
  }

  const absl::Status& status() const { return status_; }
  const absl::optional<uint64_t>& nul() const { return nul_; }

 private:
  const ByteSource& source_;
  absl::Status status_;
  absl::optional<uint64_t> nul_;
};

// The path of the value that cannot be read, ignored ones included, which SchemaReader keeps no
// path of. A second reading, for errors alone.
class BadValueFinder : public JsonEvents {
 public:
  explicit BadValueFinder(const std::atomic<bool>* cancelled) : cancelled_(cancelled) {}

  const std::string& path() const { return path_; }

  bool null() override { return Begin(); }
  bool boolean(bool) override { return Begin(); }
  bool number_integer(int64_t) override { return Begin(); }
  bool number_unsigned(uint64_t) override { return Begin(); }
  bool number_float(double, const std::string&) override { return Begin(); }
  bool string(std::string&) override { return Begin(); }
  bool binary(json::binary_t&) override { return Begin(); }
  bool start_object(size_t) override { return Open(/*is_list=*/false); }
  bool start_array(size_t) override { return Open(/*is_list=*/true); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(std::string& name) override {
    frames_.back().name = name;
    return true;
  }

  bool parse_error(size_t, const std::string&, const json::exception&) override {
    Begin();
    path_ = "$";
    for (const Frame& frame : frames_) {
      absl::StrAppend(&path_,
                      frame.is_list ? absl::StrCat("[", frame.begun - 1, "]") : Step(frame.name));
    }
    return false;
  }

 private:
  struct Frame {
    bool is_list;
    size_t begun = 0;  // Of a list: elements so far.
    std::string name;  // Of an object: the current member.
  };

  // As SchemaReader shows members that it knows.
  static std::string Step(const std::string& name) {
    const bool is_word = std::all_of(name.begin(), name.end(), [](unsigned char byte) {
      return absl::ascii_isalnum(byte) || byte == '_';
    });
    return is_word && !name.empty() ? absl::StrCat(".", name) : JsonStep(name);
  }

  bool Begin() {
    if (!frames_.empty()) ++frames_.back().begun;
    return !EndsEarly(cancelled_, num_values_++);
  }

  bool Open(bool is_list) {
    const bool goes_on = Begin();
    frames_.push_back({is_list, 0, ""});
    return goes_on;
  }

  bool Close() {
    frames_.pop_back();
    return true;
  }

  const std::atomic<bool>* const cancelled_;
  size_t num_values_ = 0;  // Begun.
  std::vector<Frame> frames_;
  std::string path_;
};

class SchemaReader : public JsonEvents {
 public:
  SchemaReader(JsonText* text, const JsonSchema& schema, JsonSink* sink,
               const std::atomic<bool>* cancelled)
      : text_(*text), root_(schema), sink_(*sink), cancelled_(cancelled) {}

  const absl::Status& status() const { return status_; }

  bool null() override {
    return Value(
        kJsonNull, [] { return "null"; },
        [this](const JsonSchema& schema) { sink_.OnNull(schema.id); });
  }

  bool boolean(bool value) override {
    return Value(
        0, [value] { return value ? "true" : "false"; }, [](const JsonSchema&) {});
  }

  // Called for negative numbers alone.
  bool number_integer(int64_t value) override {
    return Value(
        kJsonNumber, [value] { return absl::StrCat(value); },
        [&](const JsonSchema& schema) { sink_.OnNumber(schema.id, static_cast<double>(value)); });
  }

  bool number_unsigned(uint64_t value) override {
    const bool fits = value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    return Value(
        fits ? kJsonNumber | kJsonInteger : kJsonNumber, [value] { return absl::StrCat(value); },
        [&](const JsonSchema& schema) {
          if (schema.kinds & kJsonInteger) {
            sink_.OnInteger(schema.id, static_cast<int64_t>(value));
          } else {
            sink_.OnNumber(schema.id, static_cast<double>(value));
          }
        });
  }

  bool number_float(double value, const std::string& written) override {
    return Value(
        kJsonNumber, [&written] { return Shortened(written); },
        [&](const JsonSchema& schema) { sink_.OnNumber(schema.id, value); });
  }

  bool string(std::string& value) override {
    return Value(
        kJsonString, [] { return "a string"; },
        [&](const JsonSchema& schema) { sink_.OnString(schema.id, value); });
  }

  bool binary(json::binary_t&) override { return true; }  // Not in JSON text.

  bool start_object(size_t) override { return Open(/*is_list=*/false); }
  bool start_array(size_t) override { return Open(/*is_list=*/true); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(std::string& name) override {
    if (ignored_depth_ > 0) return true;
    Frame& frame = frames_.back();
    const absl::Span<const JsonMember> members = frame.schema->members;
    frame.member = nullptr;
    frame.other.reset();
    for (size_t i = 0; i < members.size(); ++i) {
      if (members[i].name != name) continue;
      frame.member = &members[i];
      if (frame.seen & (1u << i)) return FailHere("given twice");
      frame.seen |= 1u << i;
      return true;
    }
    if (frame.schema->others == nullptr) return true;
    frame.other = name;
    sink_.OnName(frame.schema->others->id, name);
    return true;
  }

  bool parse_error(size_t position, const std::string&, const json::exception& error) override {
    const absl::string_view reason = Reason(error.what());
    const size_t offset = position > 0 ? position - 1 : 0;
    const std::string rest = text_.From(offset);
    if (error.id == kNumberOverflow) return FailAtBad("a number too large for float64");
    // What Python writes for numbers that JSON cannot express.
    if (absl::StrContains(reason, "value") &&
        (absl::StartsWith(rest, "NaN") || absl::StartsWith(rest, "Infinity"))) {
      return FailAtBad("not a finite number");
    }
    Fail(absl::StrCat("byte ", offset, ": ", reason));
    if (offset >= text_.size()) status_ = absl::DataLossError(status_.message());
    return false;
  }

 private:
  // An open object or list that the schema knows.
  struct Frame {
    Frame(const JsonSchema* schema, bool is_list) : schema(schema), is_list(is_list) {}

    const JsonSchema* schema;
    bool is_list;
    size_t begun = 0;                    // Of a list: elements so far.
    const JsonMember* member = nullptr;  // Of an object: the current one; null if not listed.
    absl::optional<std::string> other;   // Of an object: the name of one not listed.
    uint32_t seen = 0;                   // Of an object: a bit for each member.
  };

  // The schema of the value that begins here; null if it is to be ignored.
  const JsonSchema* Next() {
    if (frames_.empty()) return &root_;
    Frame& frame = frames_.back();
    if (!frame.is_list) {
      return frame.member == nullptr ? frame.schema->others : &frame.member->schema;
    }
    ++frame.begun;
    return frame.schema->element;
  }

  // Counts a value. Whether the reading goes on.
  bool GoOn() {
    if (!EndsEarly(cancelled_, num_values_++)) return true;
    status_ = CheckCancelled(cancelled_);
    return false;
  }

  template <typename Found, typename Deliver>
  bool Value(unsigned kinds, Found found, Deliver deliver) {
    if (!GoOn()) return false;
    if (ignored_depth_ > 0) return true;
    const JsonSchema* const schema = Next();
    if (schema == nullptr) return true;
    if ((schema->kinds & kinds) == 0) return FailKind(*schema, found());
    deliver(*schema);
    return true;
  }

  bool Open(bool is_list) {
    if (!GoOn()) return false;
    const JsonSchema* const schema = ignored_depth_ > 0 ? nullptr : Next();
    if (schema == nullptr) {
      ++ignored_depth_;
      return true;
    }
    if ((schema->kinds & (is_list ? kJsonList : kJsonObject)) == 0) {
      return FailKind(*schema, is_list ? "a list" : "an object");
    }
    if (frames_.size() == kMaxJsonDepth) return FailHere("nested too deeply");
    frames_.emplace_back(schema, is_list);
    return true;
  }

  bool Close() {
    if (ignored_depth_ > 0) {
      --ignored_depth_;
      return true;
    }
    Frame& frame = frames_.back();
    for (size_t i = 0; i < frame.schema->members.size(); ++i) {
      const JsonMember& member = frame.schema->members[i];
      if (!member.required || (frame.seen & (1u << i))) continue;
      frame.member = &member;
      return FailHere("missing");
    }
    status_ = sink_.OnEnd(frame.schema->id);
    frames_.pop_back();
    return status_.ok();
  }

  std::string Path() const {
    std::string path = "$";
    for (const Frame& frame : frames_) {
      if (frame.is_list) {
        absl::StrAppend(&path, "[", frame.begun - 1, "]");
      } else if (frame.member != nullptr) {
        absl::StrAppend(&path, ".", frame.member->name);
      } else if (frame.other.has_value()) {
        absl::StrAppend(&path, JsonStep(*frame.other));
      }
    }
    return path;
  }

  bool Fail(absl::string_view message) {
    status_ = absl::InvalidArgumentError(message);
    return false;
  }

  bool FailHere(absl::string_view message) { return Fail(absl::StrCat(Path(), ": ", message)); }

  bool FailAtBad(absl::string_view message) {
    BadValueFinder finder(cancelled_);
    text_.Parse(&finder);
    status_ = CheckCancelled(cancelled_);
    return status_.ok() && Fail(absl::StrCat(finder.path(), ": ", message));
  }

  bool FailKind(const JsonSchema& schema, absl::string_view found) {
    return FailHere(absl::StrCat("expected ", Expected(schema.kinds), ", found ", found));
  }

  JsonText& text_;
  const JsonSchema& root_;
  JsonSink& sink_;
  const std::atomic<bool>* const cancelled_;
  std::vector<Frame> frames_;
  size_t ignored_depth_ = 0;  // Open objects and lists of an ignored value.
  size_t num_values_ = 0;     // Begun.
  absl::Status status_;
};

}  // namespace

void JsonSink::OnNull(int) {}
void JsonSink::OnInteger(int, int64_t) {}
void JsonSink::OnNumber(int, double) {}
void JsonSink::OnString(int, absl::string_view) {}
void JsonSink::OnName(int, absl::string_view) {}
absl::Status JsonSink::OnEnd(int) { return absl::OkStatus(); }

namespace {

absl::Status NulError(uint64_t offset) {
  return absl::InvalidArgumentError(absl::StrCat("byte ", offset, ": NUL, so this is not JSON"));
}

}  // namespace

absl::Status ReadJson(absl::string_view json_text, const JsonSchema& schema, JsonSink* sink,
                      const std::atomic<bool>* cancelled) {
  // nlohmann takes NUL for the end of the text.
  const size_t nul = json_text.find('\0');
  if (nul != absl::string_view::npos) return NulError(nul);
  JsonInMemory text(json_text);
  SchemaReader reader(&text, schema, sink, cancelled);
  text.Parse(&reader);
  if (!absl::IsDataLoss(reader.status())) return reader.status();
  return absl::InvalidArgumentError(reader.status().message());
}

absl::Status ReadJson(const ByteSource& source, const JsonSchema& schema, JsonSink* sink,
                      const std::atomic<bool>* cancelled) {
  JsonInSource text(source);
  SchemaReader reader(&text, schema, sink, cancelled);
  text.Parse(&reader);
  MX_RETURN_IF_ERROR(text.status());
  if (text.nul().has_value()) return NulError(*text.nul());
  return reader.status();
}

std::string JsonStep(absl::string_view name) {
  std::string step = "[";
  AppendJsonString(name, &step);
  return step + "]";
}

namespace {

// Whether eight characters stand at `i` of which none needs to be escaped.
bool HasEightPlain(absl::string_view text, size_t i) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  if (text.size() - i < 8) return false;
  uint64_t eight;
  std::memcpy(&eight, text.data() + i, 8);
  // The highest bit of a byte is set if it, or one below it, is less than `limit`.
  const auto less = [](uint64_t bytes, uint64_t limit) { return (bytes - kOnes * limit) & ~bytes; };
  return ((less(eight, 0x20) | less(eight ^ (kOnes * '"'), 1) | less(eight ^ (kOnes * '\\'), 1)) &
          (kOnes << 7)) == 0;
}

}  // namespace

void AppendJsonString(absl::string_view text, std::string* json_text) {
  json_text->push_back('"');
  size_t appended = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    while (HasEightPlain(text, i)) i += 8;
    if (i == text.size()) break;
    const char c = text[i];
    if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
    json_text->append(text.data() + appended, i - appended);
    appended = i + 1;
    if (c == '"' || c == '\\') {
      json_text->push_back('\\');
      json_text->push_back(c);
    } else {
      absl::StrAppendFormat(json_text, "\\u%04x", static_cast<int>(c));
    }
  }
  json_text->append(text.data() + appended, text.size() - appended);
  json_text->push_back('"');
}

}  // namespace modelexport
