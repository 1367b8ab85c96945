#include "modelexport/render/markup.h"

#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "modelexport/render/printable.h"

namespace modelexport {
namespace {

constexpr absl::string_view kInterpreted = "\\`*_|<[&~$";

}  // namespace

std::string MarkdownText(absl::string_view text) {
  std::string escaped;
  for (const char byte : ValidUtf8(text)) {
    if (absl::StrContains(kInterpreted, absl::string_view(&byte, 1))) escaped += '\\';
    escaped += byte;
  }
  return escaped;
}

std::string HtmlText(absl::string_view text) {
  return absl::StrReplaceAll(
      ValidUtf8(text),
      {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

}  // namespace modelexport
