#include "modelexport/evidence/wrapper_prefix.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

absl::string_view FirstSegment(absl::string_view name, char separator) {
  return name.substr(0, name.find(separator));
}

// Whether `inner` is `outer` or begins with its segments.
bool IsWithin(absl::string_view outer, absl::string_view inner, char separator) {
  return absl::StartsWith(inner, outer) &&
         (inner.size() == outer.size() || inner[outer.size()] == separator);
}

// The first `levels` segments of the first name that has more; "" if none has.
absl::string_view FirstLevels(absl::Span<const absl::string_view> names, size_t levels,
                              char separator) {
  for (absl::string_view name : names) {
    size_t end = name.find(separator);
    for (size_t level = 1; level < levels && end != name.npos; ++level) {
      end = name.find(separator, end + 1);
    }
    if (end != name.npos) return name.substr(0, end);
  }
  return "";
}

// The first `levels` segments that all names have in common, but for names that are the first few
// of these themselves; "" if there are none.
absl::string_view SharedLevels(absl::Span<const absl::string_view> names, size_t levels,
                               char separator) {
  const absl::string_view shared = FirstLevels(names, levels, separator);
  const bool all = std::all_of(names.begin(), names.end(), [&](absl::string_view name) {
    return name.empty() || IsWithin(shared, name, separator) || IsWithin(name, shared, separator);
  });
  return all ? shared : "";
}

// Each once.
std::vector<absl::string_view> FirstSegments(const std::vector<absl::string_view>& names,
                                             char separator) {
  absl::flat_hash_set<absl::string_view> seen;
  std::vector<absl::string_view> first;
  for (absl::string_view name : names) {
    const absl::string_view segment = FirstSegment(name, separator);
    if (seen.insert(segment).second) first.push_back(segment);
  }
  return first;
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
                                    FindStarts find_starts, CountKnown count_known) {
  const std::vector<absl::string_view> sample = SampleOf(names);
  WrapperPrefix best(style);
  size_t most = count_known(best, sample);
  if (most == sample.size()) return best;
  const bool are_mostly_known = 2 * most >= sample.size();
  for (size_t level = 1; level <= kMaxLevels; ++level) {
    WrapperPrefix of_file(style);
    of_file.dropped_ = std::string(SharedLevels(names, level, style.separator));
    if (of_file.dropped_.empty()) break;
    std::vector<absl::string_view> below;
    for (absl::string_view name : sample) {
      if (!IsWithin(name, of_file.dropped_, style.separator)) below.push_back(name);
    }
    const size_t count = count_known(of_file, below);
    if (count > most) best = of_file;
    most = std::max(most, count);
  }
  if (are_mostly_known) return best;
  const std::vector<absl::string_view> first = FirstSegments(sample, style.separator);
  WrapperPrefix of_hierarchy(style);
  size_t num_best = 1;  // That know `most`.
  for (const std::string& start : find_starts(first)) {
    WrapperPrefix begun(style);
    begun.prepended_ = start;
    const size_t count = count_known(begun, sample);
    if (count > most) of_hierarchy = begun;
    num_best = count > most ? 1 : num_best + (count == most);
    most = std::max(most, count);
  }
  if (!of_hierarchy.prepended_.has_value()) return best;
  return num_best == 1 ? of_hierarchy : WrapperPrefix(style);
}

std::vector<size_t> WrapperPrefix::MostFrequent(absl::Span<const size_t> places) {
  absl::flat_hash_map<size_t, size_t> counts;
  std::vector<size_t> each;
  for (const size_t place : places) {
    if (counts[place]++ == 0) each.push_back(place);
  }
  std::stable_sort(each.begin(), each.end(),
                   [&](size_t a, size_t b) { return counts[a] > counts[b]; });
  if (each.size() > kMaxStarts) each.resize(kMaxStarts);
  return each;
}

WrapperPrefix WrapperPrefix::ChooseForPaths(const Hierarchy& hierarchy,
                                            const std::vector<absl::string_view>& names,
                                            absl::FunctionRef<bool(absl::string_view)> known) {
  const auto find_starts = [&](absl::Span<const absl::string_view> first) {
    const absl::flat_hash_set<absl::string_view> wanted(first.begin(), first.end());
    std::vector<size_t> parents;
    for (const Module& module : hierarchy.modules()) {
      if (!module.parent.valid() || module.parent == Hierarchy::root()) continue;
      const absl::string_view name = module.path.substr(module.path.rfind('.') + 1);
      if (wanted.contains(name)) parents.push_back(module.parent.index());
    }
    std::vector<std::string> starts;
    for (const size_t parent : MostFrequent(parents)) {
      starts.emplace_back(hierarchy.module(ModuleId(parent)).path);
    }
    return starts;
  };
  return Choose(kPaths, names, find_starts,
                [&](const WrapperPrefix& prefix, absl::Span<const absl::string_view> sample) {
                  return static_cast<size_t>(std::count_if(
                      sample.begin(), sample.end(),
                      [&](absl::string_view name) { return known(prefix.Apply(name)); }));
                });
}

std::string WrapperPrefix::Apply(absl::string_view name) const {
  if (IsWithin(name, dropped_, style_.separator)) {
    name = "";
  } else if (!dropped_.empty() && IsWithin(dropped_, name, style_.separator)) {
    name.remove_prefix(dropped_.size() + 1);
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
