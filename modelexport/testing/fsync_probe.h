// Sees every fsync() of the process, and makes it fail on demand.
//
//   fsync_probe::calls = 0;
//   file.Commit(Sync::kAlways);
//   EXPECT_EQ(fsync_probe::calls, 2);
//
// Linking it replaces the C library's function, so such a test never waits for a disk.
#ifndef MODELEXPORT_TESTING_FSYNC_PROBE_H_
#define MODELEXPORT_TESTING_FSYNC_PROBE_H_

namespace modelexport::testing::fsync_probe {

extern int calls;         // How often fsync() was called.
extern int failing_call;  // The number of the call that fails, from 1; 0 if none does.
extern int failure;       // The errno with which it fails, EIO by default.

}  // namespace modelexport::testing::fsync_probe

#endif  // MODELEXPORT_TESTING_FSYNC_PROBE_H_
