#include "modelexport/evidence/names/op_names.h"

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"

namespace modelexport {
namespace {

// Operators that hand on what they read and leave no node: a node that has the name of their result
// is that of what they read, renamed when they were removed.
bool HandsOn(absl::string_view op_name) {
  return op_name == "aten.clone.default" || op_name == "aten.alias.default" ||
         op_name == "aten.detach.default";
}

// Parts that tools append to a name; more would take long on hostile ones.
constexpr int kMaxSuffixes = 16;

// "split" of "split__0".
absl::string_view WithoutResultNumber(absl::string_view name) {
  const size_t mark = name.rfind("__");
  if (mark == absl::string_view::npos || mark + 2 == name.size()) return name;
  const absl::string_view digits = name.substr(mark + 2);
  return std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ? name.substr(0, mark)
                                                                        : name;
}

// Tools that make a value on the way to another append to its name: "add" of
// "add_output_quantized", "add_3" of "add_3quant_scaled_output". Cuts the last part that does not
// begin with a digit; false if there is none.
bool CutSuffix(absl::string_view* name) {
  for (size_t end = name->size(); end-- > 1;) {
    const bool follows_number =
        absl::ascii_isdigit((*name)[end - 1]) && absl::ascii_isalpha((*name)[end]);
    const bool follows_mark =
        (*name)[end] == '_' && end + 1 < name->size() && absl::ascii_isalpha((*name)[end + 1]);
    if (!follows_number && !follows_mark) continue;
    *name = name->substr(0, end);
    return true;
  }
  return false;
}

}  // namespace

OpNames::OpNames(const Hierarchy& hierarchy) : hierarchy_(hierarchy) {
  if (hierarchy.ops_source() == OpsSource::kOnnx) return;
  FindMakers();
  for (size_t i = 0; i < hierarchy.ops().size(); ++i) {
    const absl::string_view name = hierarchy.ops()[i].node_name;
    if (!name.empty()) ops_.emplace(name, OpId(i));
  }
}

OpId OpNames::Find(absl::string_view name) const {
  auto found = ops_.find(name);
  if (found == ops_.end()) found = ops_.find(WithoutResultNumber(name));
  return found == ops_.end() ? OpId() : makers_[found->second.index()];
}

OpId OpNames::FindBeginning(absl::string_view name) const {
  int cuts = 0;
  do {
    const OpId op = Find(name);
    if (op.valid()) return op;
  } while (cuts++ < kMaxSuffixes && CutSuffix(&name));
  return OpId();
}

// Operators read earlier ones alone, so that one pass follows chains of any length.
void OpNames::FindMakers() {
  for (size_t i = 0; i < hierarchy_.ops().size(); ++i) {
    const Op& op = hierarchy_.ops()[i];
    const bool hands_on = HandsOn(op.name) && !op.reads.empty() && op.reads[0].op.valid();
    makers_.push_back(hands_on ? makers_[op.reads[0].op.index()] : OpId(i));
  }
}

const OpNames& OpNamesOf(const MatchContext& context) {
  return context.Share<OpNames>(
      [&context] { return std::make_unique<const OpNames>(context.hierarchy); });
}

}  // namespace modelexport
