#include "modelexport/evidence/tensors/tensor_names.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/evidence/mangle.h"
#include "modelexport/evidence/name_prefix.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

template <typename Lookup>
TensorId FindOrQuantized(absl::string_view name, Lookup lookup) {
  const TensorId tensor = lookup(name);
  if (tensor.valid() || !absl::ConsumeSuffix(&name, kQuantizedSuffix)) return tensor;
  return lookup(name);
}

}  // namespace

TensorNames::TensorNames(const Hierarchy& hierarchy, const std::vector<absl::string_view>& names)
    : hierarchy_(hierarchy) {
  const auto known = [this](absl::string_view name) { return Find(name).valid(); };
  const WrapperPrefix wrapper = WrapperPrefix::ChooseForPaths(hierarchy, names, known);
  note_ = wrapper.Describe();
  if (!note_.empty()) {
    wrapper_ = wrapper;
    return;
  }
  prefix_ = FindNamePrefix(names, known);
  if (!prefix_.empty()) {
    note_ = absl::StrCat("all names begin with \"", prefix_, "\"");
  } else {
    TryMangled(names);
  }
}

// Where more names are known so than as they are, and at least two.
void TensorNames::TryMangled(const std::vector<absl::string_view>& names) {
  const auto count = [&] {
    return std::count_if(names.begin(), names.end(),
                         [this](absl::string_view name) { return Find(name).valid(); });
  };
  const auto num_known = count();
  if (2 * static_cast<size_t>(num_known) >= names.size()) return;
  for (size_t t = 0; t < hierarchy_.tensors().size(); ++t) {
    const auto added = mangled_.emplace(Mangle(hierarchy_.tensors()[t].name), TensorId(t));
    if (!added.second) added.first->second = TensorId();
  }
  const auto num_mangled = count();
  if (num_mangled >= 2 && num_mangled > num_known) {
    note_ = "names have \"_\" for other characters than letters and digits";
  } else {
    mangled_.clear();
  }
}

TensorId TensorNames::Find(absl::string_view name) const {
  name = absl::StripPrefix(name, prefix_);
  return FindOrQuantized(wrapper_.has_value() ? wrapper_->Apply(name) : std::string(name),
                         [this](absl::string_view each) {
                           const TensorId tensor = hierarchy_.FindTensor(each);
                           if (tensor.valid() || mangled_.empty()) return tensor;
                           const auto found = mangled_.find(Mangle(each));
                           return found == mangled_.end() ? TensorId() : found->second;
                         });
}

}  // namespace modelexport
