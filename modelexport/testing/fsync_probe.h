// Sees every fsync() of the process, and makes it fail on demand.
//
//   fsync_probe::calls = 0;
//   file.Commit(Sync::kAlways);
//   EXPECT_EQ(fsync_probe::calls, 2);
//
// Linking it replaces the C library's function: no byte waits for a disk in such a test.
#ifndef MODELEXPORT_TESTING_FSYNC_PROBE_H_
#define MODELEXPORT_TESTING_FSYNC_PROBE_H_

namespace modelexport::testing::fsync_probe {

extern int calls;         // How often fsync() was called.
extern int failing_call;  // The call, counted from 1 as `calls` does, that fails; 0: none.
extern int failure;       // The errno with which it fails, EIO by default.

}  // namespace modelexport::testing::fsync_probe

#endif  // MODELEXPORT_TESTING_FSYNC_PROBE_H_
