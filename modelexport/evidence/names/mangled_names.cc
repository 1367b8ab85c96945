#include "modelexport/evidence/names/mangled_names.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/evidence/mangle.h"

namespace modelexport {
namespace {

constexpr int kMaxSteps = 2000;

// Removes "_<number>" from the front.
bool ConsumeNumber(absl::string_view* text) {
  size_t end = 1;
  if (!absl::StartsWith(*text, "_")) return false;
  while (end < text->size() && absl::ascii_isdigit((*text)[end])) ++end;
  if (end == 1) return false;
  text->remove_prefix(end);
  return true;
}

}  // namespace

MangledNames::MangledNames(const ScopeTree& tree) : tree_(tree) {
  for (absl::string_view segment : tree.segments()) segments_[Mangle(segment)].push_back(segment);
}

// Reads one name from the front, in all ways.
class MangledNames::Reader {
 public:
  Reader(const MangledNames& names, absl::string_view op_type)
      : names_(names), op_(absl::StrCat("_", Mangle(op_type))) {}

  absl::optional<std::string> Run(const std::string& mangled) {
    Read(ScopeTree::root(), mangled, "");
    if (results_.empty()) {
      any_operator_ = true;
      Read(ScopeTree::root(), mangled, "");
    }
    if (results_.size() == 1 && steps_ < kMaxSteps) return results_[0];
    return absl::nullopt;
  }

 private:
  void Read(ScopeId scope, absl::string_view rest, const std::string& read) {
    if (++steps_ >= kMaxSteps) return;
    TakeOperator(rest, read);
    for (size_t end = rest.find('_', 1); end != rest.npos; end = rest.find('_', end + 1)) {
      if (++steps_ >= kMaxSteps) return;
      const auto found = names_.segments_.find(rest.substr(1, end - 1));
      if (found == names_.segments_.end()) continue;
      for (absl::string_view segment : found->second) {
        const ScopeId child = names_.tree_.Child(scope, segment);
        if (!child.valid()) continue;
        const std::string path = absl::StrCat(read, "/", segment);
        absl::string_view behind = rest.substr(end);
        Read(child, behind, path);
        const absl::string_view numbered = behind;  // The scope of a repeated call.
        if (ConsumeNumber(&behind)) {
          const size_t size = numbered.size() - behind.size();
          TakeOperator(behind, absl::StrCat(path, numbered.substr(0, size)));
        }
      }
    }
  }

  // What comes after the scope. Of several ways to read a name those with the longest scope count.
  void TakeOperator(absl::string_view rest, const std::string& scope) {
    if (scope.empty() || scope.size() < scope_size_ || !IsOperator(rest)) return;
    if (scope.size() > scope_size_) results_.clear();
    scope_size_ = scope.size();
    const std::string name = absl::StrCat(scope, "/", rest.substr(1));
    if (std::find(results_.begin(), results_.end(), name) == results_.end()) {
      results_.push_back(name);
    }
  }

  // "_Conv", "_Conv_1", "_Conv_output_0"; of a node that a tool made also what begins like the name
  // of an operator: "_MatMul_quant".
  bool IsOperator(absl::string_view rest) const {
    if (any_operator_) return rest.size() > 1 && absl::ascii_isupper(rest[1]);
    if (!absl::ConsumePrefix(&rest, op_)) return false;
    ConsumeNumber(&rest);
    if (rest.empty()) return true;
    return absl::ConsumePrefix(&rest, "_output") && ConsumeNumber(&rest) && rest.empty();
  }

  const MangledNames& names_;
  const std::string op_;
  bool any_operator_ = false;
  int steps_ = 0;
  size_t scope_size_ = 0;  // Of results_.
  std::vector<std::string> results_;
};

absl::optional<std::string> MangledNames::Restore(absl::string_view name,
                                                  absl::string_view op_type) const {
  // It began with "/", which was replaced.
  if (!absl::StartsWith(name, "_")) return absl::nullopt;
  return Reader(*this, op_type).Run(Mangle(name));
}

}  // namespace modelexport
