#include "modelexport/matching/scope_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace modelexport {
namespace {

bool IsNumber(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

absl::optional<absl::string_view> ScopeOfNodeName(absl::string_view node_name) {
  if (node_name.empty() || node_name[0] != '/') return absl::nullopt;
  const size_t last = node_name.rfind('/');
  if (last + 1 == node_name.size()) return absl::nullopt;
  return last == 0 ? "" : node_name.substr(1, last - 1);
}

absl::optional<absl::string_view> ScopeOfValueName(absl::string_view value_name) {
  constexpr absl::string_view kMark = "_output_";
  absl::string_view rest = value_name;
  while (!rest.empty() && absl::ascii_isdigit(rest.back())) rest.remove_suffix(1);
  if (rest.size() == value_name.size() || !absl::ConsumeSuffix(&rest, kMark)) return absl::nullopt;
  return ScopeOfNodeName(rest);
}

absl::optional<NumberedSegment> CutNumber(absl::string_view segment) {
  const size_t mark = segment.rfind('_');
  if (mark == absl::string_view::npos || mark == 0) return absl::nullopt;
  const absl::string_view digits = segment.substr(mark + 1);
  NumberedSegment cut{segment.substr(0, mark), 0};
  if (!IsNumber(digits) || digits[0] == '0' || !absl::SimpleAtoi(digits, &cut.number)) {
    return absl::nullopt;
  }
  return cut;
}

absl::string_view SegmentOfPath(absl::string_view module_path) {
  size_t end = module_path.size();
  while (true) {
    const size_t dot = end == 0 ? absl::string_view::npos : module_path.rfind('.', end - 1);
    const size_t begin = dot + 1;  // npos + 1 == 0
    if (!IsNumber(module_path.substr(begin, end - begin))) return module_path.substr(begin);
    if (begin == 0) return module_path;
    end = dot;
  }
}

}  // namespace modelexport
