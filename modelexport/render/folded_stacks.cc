#include "modelexport/render/folded_stacks.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "modelexport/render/printable.h"

namespace modelexport {
namespace {

std::string Frame(const std::string& name) {
  return Printable(absl::StrReplaceAll(absl::StripAsciiWhitespace(name), {{";", ","}}));
}

}  // namespace

std::string RenderFolded(const std::vector<FoldedStack>& stacks) {
  std::string text;
  for (const FoldedStack& stack : stacks) {
    if (stack.value <= 0) continue;
    const auto append = [](std::string* out, const std::string& name) { *out += Frame(name); };
    absl::StrAppend(&text, absl::StrJoin(stack.frames, ";", append), " ", stack.value, "\n");
  }
  return text;
}

}  // namespace modelexport
