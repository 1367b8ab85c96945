#include "modelexport/base/threads.h"

namespace modelexport {

void RunBoth(absl::FunctionRef<void()> first, absl::FunctionRef<void()> second) {
  auto other = Start(true, second);
  first();
  other.get();
}

}  // namespace modelexport
