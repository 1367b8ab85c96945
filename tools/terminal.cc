#include "tools/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace modelexport::tools {
namespace {

constexpr size_t kUsualWidth = 80;

absl::string_view Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

size_t WidthOfOutput() {
  size_t columns;
  if (absl::SimpleAtoi(Variable("COLUMNS"), &columns) && columns > 0) return columns;
  winsize size = {};
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : kUsualWidth;
}

bool OutputShowsColours() {
  const absl::string_view kind = Variable("TERM");
  return isatty(STDOUT_FILENO) == 1 && Variable("NO_COLOR").empty() && !kind.empty() &&
         kind != "dumb";
}

}  // namespace modelexport::tools
