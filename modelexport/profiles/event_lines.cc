#include "modelexport/profiles/event_lines.h"

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/json/plain_json.h"

namespace modelexport {
namespace {

constexpr uint64_t kBlock = 256 << 10;
constexpr size_t kMaxLine = 1 << 20;

absl::string_view WithoutSpace(absl::string_view line) {
  constexpr absl::string_view kSpace = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
  return line.substr(0, line.find_last_not_of(kSpace) + 1);  // npos + 1 == 0
}

class EventLines {
 public:
  EventLines(const JsonSchema& element, JsonSink* sink) : element_(element), sink_(*sink) {}

  bool is_whole() const { return state_ == kAfterEnd; }

  // One line without its end. Whether it is as it should be.
  bool Take(absl::string_view line) {
    line = WithoutSpace(line);
    if (line.empty()) return true;
    switch (state_) {
      case kBeforeBegin:
        state_ = kFirst;
        return line == "[";
      case kAfterEnd:
        return false;
      default:
        return line == "]" ? End() : TakeElement(line);
    }
  }

 private:
  enum State : uint8_t { kBeforeBegin, kFirst, kAfterComma, kAfterLast, kAfterEnd };

  bool End() {
    const bool may_end = state_ != kAfterComma;
    state_ = kAfterEnd;
    return may_end;
  }

  bool TakeElement(absl::string_view line) {
    if (state_ == kAfterLast) return false;
    state_ = absl::ConsumeSuffix(&line, ",") ? kAfterComma : kAfterLast;
    return ReadPlainJson(line, element_, &sink_);
  }

  const JsonSchema& element_;
  JsonSink& sink_;
  State state_ = kBeforeBegin;
};

}  // namespace

bool ReadEventLines(const ByteSource& source, const JsonSchema& element, JsonSink* sink,
                    const std::atomic<bool>* cancelled) {
  EventLines lines(element, sink);
  std::string text;  // What was read and is not yet taken.
  size_t num_lines = 0;
  for (uint64_t begin = 0; begin < source.size();) {
    const uint64_t end = std::min(source.size(), begin + kBlock);
    const size_t kept = text.size();
    text.resize(kept + static_cast<size_t>(end - begin));
    if (!source.Read({begin, end}, &text[kept]).ok()) return false;
    begin = end;
    size_t taken = 0;
    for (size_t mark; (mark = text.find('\n', std::max(taken, kept))) != std::string::npos;) {
      if (EndsEarly(cancelled, num_lines++)) return false;
      if (!lines.Take(absl::string_view(text).substr(taken, mark - taken))) return false;
      taken = mark + 1;
    }
    text.erase(0, taken);
    if (text.size() > kMaxLine) return false;
  }
  return lines.Take(text) && lines.is_whole();
}

}  // namespace modelexport
