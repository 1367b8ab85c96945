// Signals that end a program, turned into a request to stop that lets it clean up.
#ifndef MODELEXPORT_TOOLS_INTERRUPTION_H_
#define MODELEXPORT_TOOLS_INTERRUPTION_H_

#include <atomic>

namespace modelexport::tools {

// From now on SIGINT, SIGTERM and SIGHUP set the flag returned, which lives as long as the program.
// A signal that is ignored (as under nohup) stays so.
const std::atomic<bool>* CancelOnSignals();

// From now on a write beyond the largest file that the system allows (`ulimit -f`) is an error,
// EFBIG, instead of a signal that ends the program and leaves its temporary file.
void FailOnTooLargeFiles();

// If a signal of CancelOnSignals() came, ends the program by it, so that its parent sees the cause.
void EndBySignal();

}  // namespace modelexport::tools

#endif  // MODELEXPORT_TOOLS_INTERRUPTION_H_
