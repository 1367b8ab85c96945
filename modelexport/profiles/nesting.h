// Executions of one thread, one within another.
#ifndef MODELEXPORT_PROFILES_NESTING_H_
#define MODELEXPORT_PROFILES_NESTING_H_

#include <cstdint>
#include <vector>

#include "modelexport/profiles/kernel_table.h"

namespace modelexport {

// One execution of a kernel. Times are microseconds.
struct Execution {
  uint32_t kernel = 0;  // Of KernelTable::Find().
  double thread = 0;
  double begin = 0;
  double duration = 0;

  double end() const { return begin + duration; }
};

// An execution once it is known within which other it was.
struct KernelTime {
  uint32_t kernel = 0;  // Of KernelTable::kernels().
  double own = 0;       // Without what ran within; less than 0 where clocks were rounded.
};

// Appends an entry for each of `executions`, which are of one thread and in the order of their
// ends. The sum of what is appended is that of the outermost durations. Takes time in proportion to
// the executions, times a logarithm.
void Nest(std::vector<Execution> executions, KernelTable* kernels, std::vector<KernelTime>* times);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_NESTING_H_
