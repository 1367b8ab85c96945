#include "modelexport/evidence/wrapper_prefix.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

absl::string_view FirstSegment(absl::string_view name, char separator) {
  return name.substr(0, name.find(separator));
}

// The first segment that all names have in common; "" if there is none.
absl::string_view SharedFirstSegment(absl::Span<const absl::string_view> names, char separator) {
  absl::string_view shared;
  for (absl::string_view name : names) {
    if (name.empty()) continue;
    if (shared.empty()) shared = FirstSegment(name, separator);
    if (FirstSegment(name, separator) != shared) return "";
  }
  return shared;
}

std::vector<absl::string_view> SampleOf(absl::Span<const absl::string_view> names) {
  std::vector<absl::string_view> sample;
  const size_t step = WrapperPrefix::SampleStep(names.size());
  for (size_t i = 0; i < names.size(); i += step) {
    if (!names[i].empty()) sample.push_back(names[i]);
  }
  return sample;
}

}  // namespace

WrapperPrefix WrapperPrefix::Choose(const Style& style, absl::Span<const absl::string_view> names,
                                    absl::optional<absl::string_view> only_child,
                                    CountKnown count_known) {
  const std::vector<absl::string_view> sample = SampleOf(names);
  WrapperPrefix best(style);
  size_t most = count_known(best, sample);
  if (most == sample.size()) return best;
  const auto consider = [&](const WrapperPrefix& other,
                            absl::Span<const absl::string_view> considered) {
    const size_t count = count_known(other, considered);
    if (count > most) best = other;
    most = std::max(most, count);
  };
  WrapperPrefix of_file(style);
  of_file.dropped_ = std::string(SharedFirstSegment(names, style.separator));
  if (!of_file.dropped_.empty()) {
    std::vector<absl::string_view> below = sample;
    below.erase(std::remove(below.begin(), below.end(), of_file.dropped_), below.end());
    consider(of_file, below);
  }
  WrapperPrefix of_hierarchy(style);
  if (only_child.has_value()) {
    of_hierarchy.prepended_ = std::string(*only_child);
    consider(of_hierarchy, sample);
  }
  return best;
}

WrapperPrefix WrapperPrefix::ChooseForPaths(const Hierarchy& hierarchy,
                                            const std::vector<absl::string_view>& names,
                                            absl::FunctionRef<bool(absl::string_view)> known) {
  const absl::Span<const ModuleId> children = hierarchy.children(Hierarchy::root());
  absl::optional<absl::string_view> only_child;
  if (children.size() == 1) only_child = hierarchy.module(children[0]).path;
  return Choose(kPaths, names, only_child,
                [&](const WrapperPrefix& prefix, absl::Span<const absl::string_view> sample) {
                  return static_cast<size_t>(std::count_if(
                      sample.begin(), sample.end(),
                      [&](absl::string_view name) { return known(prefix.Apply(name)); }));
                });
}

std::string WrapperPrefix::Apply(absl::string_view name) const {
  if (!dropped_.empty() && FirstSegment(name, style_.separator) == dropped_) {
    name.remove_prefix(std::min(name.size(), dropped_.size() + 1));
  }
  if (!prepended_.has_value()) return std::string(name);
  return name.empty() ? *prepended_
                      : absl::StrCat(*prepended_, std::string(1, style_.separator), name);
}

std::string WrapperPrefix::Describe() const {
  if (!dropped_.empty()) {
    return absl::StrCat("the file's ", style_.with, " \"", dropped_,
                        "\", a wrapper that the hierarchy does not have");
  }
  if (prepended_.has_value()) {
    return absl::StrCat("the file's ", style_.at, " \"", *prepended_,
                        "\", below a wrapper that the file does not have");
  }
  return "";
}

}  // namespace modelexport
