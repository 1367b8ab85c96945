#include "modelexport/render/wrapped.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace modelexport {
namespace {

void AppendParagraph(absl::string_view paragraph, size_t width, size_t indent, std::string* out) {
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) absl::StrAppend(out, std::string(indent, ' '), line, "\n");
    line.clear();
  };
  for (const absl::string_view word :
       absl::StrSplit(paragraph, absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (indent + line.size() + 1 + word.size() > width) end_line();
    absl::StrAppend(&line, line.empty() ? "" : " ", word);
  }
  end_line();
}

}  // namespace

std::string Wrapped(absl::string_view text, size_t width, size_t indent) {
  std::string wrapped;
  for (const absl::string_view paragraph : absl::StrSplit(text, "\n\n", absl::SkipWhitespace())) {
    if (!wrapped.empty()) wrapped += "\n";
    AppendParagraph(paragraph, width, indent, &wrapped);
  }
  return wrapped;
}

}  // namespace modelexport
