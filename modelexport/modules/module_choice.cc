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

// Those that `text` names without a Pattern; none if it is one.
absl::StatusOr<std::vector<ModuleId>> NamedModules(const Hierarchy& hierarchy,
                                                   const std::string& text) {
  const ModuleId module = hierarchy.FindModule(text == "." ? "" : text);
  if (module.valid()) return std::vector<ModuleId>{module};
  NumberRange range;
  if (ReadRange(text, &range)) return ModulesOfRange(hierarchy, range);
  return std::vector<ModuleId>();
}

absl::StatusOr<std::vector<bool>> ModulesOfPattern(const OwnedGraph& owned, const std::string& text,
                                                   Subtrees subtrees) {
  MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse({text}));
  MX_ASSIGN_OR_RETURN(std::vector<bool> chosen, pattern.Modules(owned, subtrees));
  if (std::find(chosen.begin(), chosen.end(), true) != chosen.end()) return chosen;
  return WithFault(absl::NotFoundError(absl::StrCat("\"", text, "\" leaves no module")),
                   Fault::kJudged);
}

}  // namespace

absl::StatusOr<std::vector<ModuleId>> ChooseModules(const OwnedGraph& owned,
                                                    const std::string& text) {
  MX_ASSIGN_OR_RETURN(std::vector<ModuleId> named, NamedModules(owned.hierarchy, text));
  if (!named.empty()) return named;
  MX_ASSIGN_OR_RETURN(const std::vector<bool> chosen,
                      ModulesOfPattern(owned, text, Subtrees::kIncluded));
  return Outermost(owned.hierarchy, chosen);
}

absl::StatusOr<std::vector<bool>> MatchModules(const OwnedGraph& owned, const std::string& text) {
  MX_ASSIGN_OR_RETURN(const std::vector<ModuleId> named, NamedModules(owned.hierarchy, text));
  if (named.empty()) return ModulesOfPattern(owned, text, Subtrees::kExcluded);
  std::vector<bool> chosen(owned.hierarchy.modules().size());
  for (ModuleId module : named) chosen[module.index()] = true;
  return chosen;
}

}  // namespace modelexport
