// Names of a file beside those of a hierarchy, where one side is a part of the other.
#ifndef MODELEXPORT_EVIDENCE_WRAPPER_PREFIX_H_
#define MODELEXPORT_EVIDENCE_WRAPPER_PREFIX_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// The levels that only one side has. Either the file has them, because wrappers around the
// described model were exported: then all names of the file begin with segments that the hierarchy
// lacks. Or the hierarchy has them, because one of its modules was exported: then the file's names
// begin at the path of that module.
class WrapperPrefix {
 public:
  // How names are written, and the words about them in Describe().
  struct Style {
    char separator;
    absl::string_view with;  // "the file's <with> "..."
    absl::string_view at;
  };
  static constexpr Style kPaths = {'.', "names begin with", "names begin at"};
  static constexpr Style kScopes = {'/', "scopes lie below", "scopes begin at"};

  // Of the sampled names, how many the hierarchy has if `prefix` is taken into account.
  using CountKnown = absl::FunctionRef<size_t(const WrapperPrefix& prefix,
                                              absl::Span<const absl::string_view> sample)>;

  // Of many names, every SampleStep(count)-th is looked at: a few thousand are enough to choose.
  static size_t SampleStep(size_t count) { return count / 4096 + 1; }

  // Paths at which the names of the file may begin, which need not be good ones; asked for only if
  // fewer than half of the names are known without. `first` has the first segments of names, each
  // once.
  using FindStarts =
      absl::FunctionRef<std::vector<std::string>(absl::Span<const absl::string_view> first)>;

  // More are not tried.
  static constexpr size_t kMaxLevels = 8;
  static constexpr size_t kMaxStarts = 8;

  // The prefix with which most names are known; none if no prefix is better, or if it could be any
  // of several paths. Empty names, and names that are the wrapper itself, count for no choice.
  static WrapperPrefix Choose(const Style& style, absl::Span<const absl::string_view> names,
                              FindStarts find_starts, CountKnown count_known);

  // The numbers that occur most often, of the places that have a child for a first segment of
  // names; at most kMaxStarts, the most frequent ones first.
  static std::vector<size_t> MostFrequent(absl::Span<const size_t> places);

  // The same for qualified names, such as those of tensors: `known` says whether the hierarchy has
  // a name, with the prefix applied.
  static WrapperPrefix ChooseForPaths(const Hierarchy& hierarchy,
                                      const std::vector<absl::string_view>& names,
                                      absl::FunctionRef<bool(absl::string_view)> known);

  // The first segments of the file's names that the hierarchy lacks, as "model" or "net.model"; ""
  // if there are none.
  const std::string& dropped() const { return dropped_; }

  // The path at which the file's names begin; absent if they begin at the root.
  const absl::optional<std::string>& prepended() const { return prepended_; }

  // A qualified name of the file as the hierarchy would have it.
  std::string Apply(absl::string_view name) const;

  // For people: `the file's names begin with "model", a wrapper that the hierarchy does not have`;
  // "" if there is no prefix.
  std::string Describe() const;

 private:
  explicit WrapperPrefix(const Style& style) : style_(style) {}

  Style style_;
  std::string dropped_;
  absl::optional<std::string> prepended_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_WRAPPER_PREFIX_H_
