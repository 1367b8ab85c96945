// The kernels that a profile names, each once.
#ifndef MODELEXPORT_PROFILES_KERNEL_TABLE_H_
#define MODELEXPORT_PROFILES_KERNEL_TABLE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/profiles/profile.h"

namespace modelexport {

// Takes memory in proportion to different kernels, not to how often they are asked for.
class KernelTable {
 public:
  // What a profile says of a kernel, as a number; equal words give the same one.
  uint32_t Find(absl::string_view name, absl::string_view op_type,
                absl::optional<uint32_t> position);

  // The position in kernels() of what Find() gave, where it ran within the kernel `parent`, which
  // is one too, or in none (Kernel::kNone).
  uint32_t Within(uint32_t found, uint32_t parent);

  const std::vector<Kernel>& kernels() const { return kernels_; }
  std::vector<Kernel> Take() { return std::move(kernels_); }

 private:
  std::string key_;
  absl::flat_hash_map<std::string, uint32_t> found_by_key_;
  std::vector<Kernel> found_;
  absl::flat_hash_map<std::pair<uint32_t, uint32_t>, uint32_t> within_;
  std::vector<Kernel> kernels_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_KERNEL_TABLE_H_
