#include "modelexport/evidence/names/scope_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "modelexport/base/number_text.h"

namespace modelexport {
namespace {

// The scope that a name begins with.
absl::optional<absl::string_view> ScopeOf(absl::string_view name) {
  if (name.empty() || name[0] != '/') return absl::nullopt;
  const size_t last = name.rfind('/');
  if (last + 1 == name.size()) return absl::nullopt;
  return last == 0 ? "" : name.substr(1, last - 1);
}

// "/q/MatMul" of "/q/MatMul_output_0"; absent for names that have no such end.
absl::optional<absl::string_view> MakerOf(absl::string_view value_name) {
  const size_t size = value_name.size();
  while (!value_name.empty() && absl::ascii_isdigit(value_name.back())) value_name.remove_suffix(1);
  if (value_name.size() == size || !absl::ConsumeSuffix(&value_name, "_output_")) {
    return absl::nullopt;
  }
  return value_name;
}

}  // namespace

absl::optional<absl::string_view> ScopeOfNodeName(absl::string_view node_name) {
  return MakerOf(node_name).has_value() ? absl::nullopt : ScopeOf(node_name);
}

absl::optional<absl::string_view> ScopeOfValueName(absl::string_view value_name) {
  const absl::optional<absl::string_view> maker = MakerOf(value_name);
  return maker.has_value() ? ScopeOf(*maker) : absl::nullopt;
}

bool NamesOperator(absl::string_view node_name, absl::string_view op_type) {
  absl::string_view last = node_name.substr(node_name.rfind('/') + 1);  // npos + 1 == 0
  if (!absl::ConsumePrefix(&last, op_type)) return false;
  return last.empty() || (absl::ConsumePrefix(&last, "_") && IsNumber(last));
}

bool IsNamedAfterRemoved(absl::string_view value_name, absl::string_view op_type) {
  const absl::optional<absl::string_view> maker = MakerOf(value_name);
  if (!maker.has_value()) return false;
  for (const absl::string_view removed : {"Cast", "Dropout", "Identity"}) {
    if (NamesOperator(*maker, removed)) return removed != op_type;
  }
  return false;
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
