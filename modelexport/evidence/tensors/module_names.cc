#include "modelexport/evidence/tensors/module_names.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/evidence/name_prefix.h"

namespace modelexport {
namespace {

using Names = std::vector<absl::string_view>;

bool MayCount(absl::string_view name) {
  return ModuleNames::IsQualified(name) && !ModuleNames::ServesQuantization(name);
}

Names Counting(const Names& names) {
  Names counting;
  std::copy_if(names.begin(), names.end(), std::back_inserter(counting), MayCount);
  return counting;
}

ModuleId ModuleOf(const Hierarchy& hierarchy, absl::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == name.npos ? ModuleId() : hierarchy.FindModule(name.substr(0, dot));
}

WrapperPrefix ChooseWrapper(const Hierarchy& hierarchy, const Names& names) {
  return WrapperPrefix::ChooseForPaths(
      hierarchy, names, [&](absl::string_view name) { return ModuleOf(hierarchy, name).valid(); });
}

}  // namespace

bool ModuleNames::IsQualified(absl::string_view name) {
  return absl::StrContains(name, '.') && !absl::StrContains(name, '/') &&
         !absl::StrContains(name, ':');
}

bool ModuleNames::ServesQuantization(absl::string_view name) {
  return absl::EndsWith(name, "_scale") || absl::EndsWith(name, "_zero_point");
}

ModuleNames::ModuleNames(const Hierarchy& hierarchy, const Names& names)
    : hierarchy_(hierarchy),
      wrapper_(ChooseWrapper(hierarchy, Counting(names))),
      note_(wrapper_.Describe()) {
  if (!note_.empty()) return;
  prefix_ = FindNamePrefix(Counting(names), [this](absl::string_view name) {
    return ModuleOf(hierarchy_, name).valid();
  });
  if (!prefix_.empty()) note_ = absl::StrCat("all names begin with \"", prefix_, "\"");
}

std::string ModuleNames::NameOf(absl::string_view name) const {
  return wrapper_.Apply(absl::StripPrefix(name, prefix_));
}

ModuleId ModuleNames::Find(absl::string_view name) const {
  return MayCount(name) ? ModuleOf(hierarchy_, NameOf(name)) : ModuleId();
}

}  // namespace modelexport
