// What a profiler measured of a model, kernel by kernel, whoever wrote it down.
#ifndef MODELEXPORT_PROFILES_PROFILE_H_
#define MODELEXPORT_PROFILES_PROFILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"

namespace modelexport {

// One thing that a profile has figures of: a node, as the profile calls it.
struct Kernel {
  static constexpr uint32_t kNone = UINT32_MAX;

  std::string name;
  std::string op_type;  // "" if the profile does not say.
  // Among the nodes of its graph that are no Constants, from 0; absent if the profile does not say.
  absl::optional<uint32_t> position;
  // Of a layer that is made of several nodes: the names of these, or of initializers that they
  // read. If `parts_are_ends`, the first and the last of the nodes; those between are not known.
  // Then the members above but `name` say nothing.
  std::vector<std::string> parts;
  bool parts_are_ends = false;
  uint32_t parent = kNone;  // The kernel within whose time this one ran, which is earlier.

  // Over the kept runs. `own` is without the kernels within; clocks that count whole microseconds
  // may make it a little less than 0.
  double own = 0;
  uint64_t executions = 0;
};

// Which runs the figures are of.
struct KeptRuns {
  size_t seen = 0;    // Runs that are complete.
  size_t warmup = 0;  // That many of them, the first, were left out,
  size_t kept = 1;    // and of the others these are kept: what the sums are divided by.
  // Of the kernel time of single runs, those of the warm-up left out; absent if the profile tells
  // nothing of single runs.
  absl::optional<double> least, median, most;
};

struct Profile {
  std::string form;             // A word of kProfileForms.
  std::string metric;           // What `own` counts; "" for microseconds.
  std::vector<Kernel> kernels;  // In the order in which they ran, as far as that is known.
  KeptRuns runs;
  // Time of the kept runs in which no kernel ran; absent if unknown.
  absl::optional<double> outside;
  std::vector<std::string> notes;  // What was left out, and why.
};

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_PROFILE_H_
