#include "modelexport/modules/module_choice.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/modules/pattern.h"

namespace modelexport {
namespace {

struct NumberRange {
  absl::string_view before;  // What each path begins with.
  uint32_t first = 0, last = 0;
};

// Whether `text` is <before><first>..<last>, with two whole numbers of which the first is a whole
// segment's beginning.
bool ReadRange(absl::string_view text, NumberRange* range) {
  const size_t points = text.rfind("..");
  if (points == absl::string_view::npos) return false;
  size_t first = points;
  while (first > 0 && absl::ascii_isdigit(text[first - 1])) --first;
  if (first > 0 && text[first - 1] != '.') return false;
  range->before = text.substr(0, first);
  return absl::SimpleAtoi(text.substr(first, points - first), &range->first) &&
         absl::SimpleAtoi(text.substr(points + 2), &range->last);
}

absl::StatusOr<std::vector<ModuleId>> ModulesOfRange(const Hierarchy& hierarchy,
                                                     const NumberRange& range) {
  std::vector<ModuleId> modules;
  // Ends at the first that is missing: after no more steps than there are modules.
  for (uint64_t i = range.first; i <= range.last; ++i) {
    const std::string path = absl::StrCat(range.before, i);
    modules.push_back(hierarchy.FindModule(path));
    if (modules.back().valid()) continue;
    return WithFault(absl::NotFoundError(absl::StrCat("there is no module ", path)),
                     Fault::kJudged);
  }
  if (modules.empty()) {
    return WithFault(absl::InvalidArgumentError("the range ends before it begins"), Fault::kUsage);
  }
  std::sort(modules.begin(), modules.end());
  return modules;
}

// A parent precedes its children.
std::vector<ModuleId> Outermost(const Hierarchy& hierarchy, const std::vector<bool>& chosen) {
  std::vector<ModuleId> modules;
  for (size_t m = 0; m < chosen.size(); ++m) {
    const ModuleId parent = hierarchy.modules()[m].parent;
    if (chosen[m] && !(parent.valid() && chosen[parent.index()])) modules.emplace_back(m);
  }
  return modules;
}

}  // namespace

absl::StatusOr<std::vector<ModuleId>> ChooseModules(const OwnedGraph& owned,
                                                    const std::string& text) {
  const ModuleId module = owned.hierarchy.FindModule(text == "." ? "" : text);
  if (module.valid()) return std::vector<ModuleId>{module};
  NumberRange range;
  if (ReadRange(text, &range)) return ModulesOfRange(owned.hierarchy, range);
  MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse({text}));
  MX_ASSIGN_OR_RETURN(const std::vector<bool> chosen, pattern.Modules(owned));
  std::vector<ModuleId> modules = Outermost(owned.hierarchy, chosen);
  if (!modules.empty()) return modules;
  return WithFault(absl::NotFoundError(absl::StrCat("\"", text, "\" leaves no module")),
                   Fault::kJudged);
}

}  // namespace modelexport
