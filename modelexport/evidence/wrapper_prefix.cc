#include "modelexport/evidence/wrapper_prefix.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

constexpr size_t kMaxSample = 4096;

absl::string_view FirstAtom(absl::string_view name) { return name.substr(0, name.find('.')); }

// The first atom that all names have in common; empty if there is none.
absl::string_view SharedFirstAtom(const std::vector<absl::string_view>& names) {
  absl::string_view shared;
  for (absl::string_view name : names) {
    if (name.empty()) continue;
    if (shared.empty()) shared = FirstAtom(name);
    if (FirstAtom(name) != shared) return "";
  }
  return shared;
}

}  // namespace

PathAlignment PathAlignment::Choose(const Hierarchy& hierarchy,
                                    const std::vector<absl::string_view>& names,
                                    absl::FunctionRef<bool(absl::string_view)> known) {
  PathAlignment best;
  size_t most = 0;
  const size_t step = names.size() / kMaxSample + 1;
  const auto consider = [&](const PathAlignment& alignment) {
    size_t count = 0;
    for (size_t i = 0; i < names.size(); i += step) {
      const std::string name = alignment.Apply(names[i]);
      // Of the root and of a wrapper itself nothing is left to find.
      count += !names[i].empty() && !name.empty() && known(name);
    }
    if (count > most) best = alignment;
    most = std::max(most, count);
  };
  PathAlignment alignment;
  consider(alignment);
  alignment.drop_ = std::string(SharedFirstAtom(names));
  if (!alignment.drop_.empty()) consider(alignment);
  alignment.drop_.clear();
  const auto children = hierarchy.children(Hierarchy::root());
  if (children.size() == 1) {
    alignment.prepend_ = std::string(hierarchy.module(children[0]).path);
    consider(alignment);
  }
  return best;
}

std::string PathAlignment::Apply(absl::string_view name) const {
  if (!drop_.empty() && FirstAtom(name) == drop_) {
    name.remove_prefix(std::min(name.size(), drop_.size() + 1));
  }
  if (prepend_.empty()) return std::string(name);
  return name.empty() ? prepend_ : absl::StrCat(prepend_, ".", name);
}

std::string PathAlignment::Describe() const {
  if (!drop_.empty()) {
    return absl::StrCat("the file's names begin with \"", drop_,
                        "\", a wrapper that the hierarchy does not have");
  }
  if (!prepend_.empty()) {
    return absl::StrCat("the file's names begin at \"", prepend_,
                        "\", below a wrapper that the file does not have");
  }
  return "";
}

}  // namespace modelexport
