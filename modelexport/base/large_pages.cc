#include "modelexport/base/large_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace modelexport {

void PreferLargePages(const void* memory, size_t size) {
  constexpr uintptr_t kLargePage = 2 << 20;
  const auto begin = reinterpret_cast<uintptr_t>(memory);
  const uintptr_t first = (begin + kLargePage - 1) / kLargePage * kLargePage;
  const uintptr_t last = (begin + size) / kLargePage * kLargePage;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

}  // namespace modelexport
