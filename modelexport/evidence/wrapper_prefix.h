// Names of a file beside those of a hierarchy, where one side wraps the other in one more module.
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

// The level that only one side has. Either the file has it, because a wrapper around the described
// model was exported: then all names of the file begin with one segment that the hierarchy lacks.
// Or the hierarchy has it, because the only child of the described model was exported: then the
// file's names begin at the path of that child.
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

  // The prefix with which most names are known; none if no prefix is better. Empty names, and names
  // that are the wrapper itself, count for no choice. `only_child` is the path of the root's only
  // child; absent if the root has not just one.
  static WrapperPrefix Choose(const Style& style, absl::Span<const absl::string_view> names,
                              absl::optional<absl::string_view> only_child, CountKnown count_known);

  // The same for qualified names, such as those of tensors: `known` says whether the hierarchy has
  // a name, with the prefix applied.
  static WrapperPrefix ChooseForPaths(const Hierarchy& hierarchy,
                                      const std::vector<absl::string_view>& names,
                                      absl::FunctionRef<bool(absl::string_view)> known);

  // The first segment of the file's names that the hierarchy lacks; "" if there is none.
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
