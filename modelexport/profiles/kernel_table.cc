#include "modelexport/profiles/kernel_table.h"

#include "absl/strings/str_cat.h"

namespace modelexport {

uint32_t KernelTable::Find(absl::string_view name, absl::string_view op_type,
                           absl::optional<uint32_t> position) {
  key_.clear();
  // The sizes keep names with any characters apart.
  absl::StrAppend(&key_, name.size(), " ", name, op_type.size(), " ", op_type);
  if (position.has_value()) absl::StrAppend(&key_, *position);
  const auto known = found_by_key_.find(key_);
  if (known != found_by_key_.end()) return known->second;
  const uint32_t found = static_cast<uint32_t>(found_.size());
  found_by_key_.emplace(key_, found);
  Kernel& kernel = found_.emplace_back();
  kernel.name = std::string(name);
  kernel.op_type = std::string(op_type);
  kernel.position = position;
  return found;
}

uint32_t KernelTable::Within(uint32_t found, uint32_t parent) {
  const auto [place, is_new] =
      within_.try_emplace({found, parent}, static_cast<uint32_t>(kernels_.size()));
  if (is_new) {
    kernels_.push_back(found_[found]);
    kernels_.back().parent = parent;
  }
  return place->second;
}

}  // namespace modelexport
