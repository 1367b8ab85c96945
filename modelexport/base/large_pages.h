// Memory by the megabyte, with fewer stops at the system.
#ifndef MODELEXPORT_BASE_LARGE_PAGES_H_
#define MODELEXPORT_BASE_LARGE_PAGES_H_

#include <cstddef>
#include <vector>

namespace modelexport {

// Asks the system to back memory that nobody has written yet by large pages: a fault for each of
// the small ones takes longer than filling it. A hint: a system that has none does nothing. What is
// never written costs one large page at most.
void PreferLargePages(const void* memory, size_t size);

// vector->reserve(count) with such memory.
template <typename T>
void ReserveInLargePages(size_t count, std::vector<T>* vector) {
  if (count <= vector->capacity()) return;
  std::vector<T> larger;
  larger.reserve(count);
  PreferLargePages(larger.data(), count * sizeof(T));
  larger.insert(larger.end(), vector->begin(), vector->end());
  vector->swap(larger);
}

// vector->resize(count) likewise.
template <typename T>
void ResizeInLargePages(size_t count, std::vector<T>* vector) {
  ReserveInLargePages(count, vector);
  vector->resize(count);
}

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_LARGE_PAGES_H_
