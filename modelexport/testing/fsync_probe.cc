#include "modelexport/testing/fsync_probe.h"

#include <cerrno>

namespace modelexport::testing::fsync_probe {

int calls = 0;
int failing_call = 0;
int failure = EIO;

}  // namespace modelexport::testing::fsync_probe

extern "C" int fsync(int) {
  namespace probe = modelexport::testing::fsync_probe;
  if (++probe::calls != probe::failing_call) return 0;
  errno = probe::failure;
  return -1;
}
