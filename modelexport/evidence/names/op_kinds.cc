#include "modelexport/evidence/names/op_kinds.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace modelexport {
namespace {

// "add" of "add_7": what exporters number.
absl::string_view KindOf(absl::string_view name) {
  size_t end = name.size();
  while (end > 0 && absl::ascii_isdigit(name[end - 1])) --end;
  return end > 1 && end < name.size() && name[end - 1] == '_' ? name.substr(0, end - 1) : name;
}

}  // namespace

OpKinds::OpKinds(const Hierarchy& hierarchy, const NamedOps& named)
    : of_op_(hierarchy.ops().size(), kNone) {
  absl::flat_hash_map<absl::string_view, size_t> counts;
  for (OpId op : named) {
    if (op.valid()) ++counts[KindOf(hierarchy.op(op).node_name)];
  }
  std::vector<std::pair<absl::string_view, size_t>> sorted(counts.begin(), counts.end());
  absl::c_sort(sorted, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  absl::flat_hash_map<absl::string_view, uint8_t> numbers;
  for (const auto& [name, count] : sorted) {
    if (names_.size() < kMost) names_.emplace_back(name);
    numbers[name] = static_cast<uint8_t>(names_.size() - 1);
  }
  if (sorted.size() > kMost) absl::StrAppend(&names_.back(), " and others");
  for (size_t op = 0; op < of_op_.size(); ++op) {
    const auto found = numbers.find(KindOf(hierarchy.ops()[op].node_name));
    if (found != numbers.end()) of_op_[op] = found->second;
  }
}

NamedOps OpKinds::Without(size_t kind, NamedOps named) const {
  for (OpId& op : named) {
    if (op.valid() && of(op) == kind) op = OpId();
  }
  return named;
}

}  // namespace modelexport
