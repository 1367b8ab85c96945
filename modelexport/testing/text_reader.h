// Reads the tokens of a small text format, one after the other.
#ifndef MODELEXPORT_TESTING_TEXT_READER_H_
#define MODELEXPORT_TESTING_TEXT_READER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace modelexport::testing {

// White space and comments from '#' to the end of the line separate tokens. The first error stays:
// after it, all functions return false or nothing, so that a parser needs to look at ok() only in
// its loops.
class TextReader {
 public:
  explicit TextReader(absl::string_view text) : rest_(text) {}

  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }

  // Records "line <n>: <message>, found <what comes next>", unless there is an error already.
  bool Fail(absl::string_view message);

  bool AtEnd();

  // Whether `token` is next. TryRead() also consumes it; Read() does so too, or fails.
  bool Sees(absl::string_view token);
  bool TryRead(absl::string_view token);
  bool Read(absl::string_view token);

  // Reads `open`, items separated by commas, `close`; `read_item` reads one.
  template <typename Function>
  void ReadList(absl::string_view open, absl::string_view close, Function read_item) {
    Read(open);
    while (ok() && !TryRead(close)) {
      read_item();
      if (!Sees(close)) Read(",");
    }
  }

  // The bare name that is next, or "". A name is made of letters, digits, "_./" and pairs of
  // colons, as in "/layer.0/MatMul" and "onnx::MatMul_7".
  absl::string_view PeekName();

  bool SeesString() { return Sees("\""); }
  std::string ReadString();        // In double quotes, with C escapes.
  std::string ReadName();          // Bare.
  std::string ReadNameOrString();  // A name that is not bare is in quotes.

  // A number is an integer unless it has a point or an exponent or is inf or nan.
  struct Number {
    double real = 0;
    int64_t integer = 0;
    bool is_integer = false;
  };
  bool SeesNumber();
  Number ReadNumber();
  int64_t ReadInteger();

 private:
  void SkipSpace();
  void Consume(size_t size);

  absl::string_view rest_;
  int line_ = 1;
  absl::Status status_;
};

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_TEXT_READER_H_
