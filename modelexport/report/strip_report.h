// What a run of `strip` did, as a plain value.
#ifndef MODELEXPORT_REPORT_STRIP_REPORT_H_
#define MODELEXPORT_REPORT_STRIP_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/base/stages.h"

namespace modelexport {

struct StripReport {
  // The files, as the user named them.
  std::string model, output;
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;  // 0 if there is no output.

  std::string removed;      // Presets, separated by commas.
  std::string left;         // Those that the output goes on listing.
  size_t entries = 0;       // Removed from nodes and the model.
  size_t nodes = 0;         // That lost entries.
  size_t names = 0;         // Of nodes and values, given back as `rename --undo` does.
  size_t nodes_in_all = 0;  // Of the model.

  std::vector<std::string> warnings;  // For the user to judge.
  std::string validation;             // Its level; "" if the run did not get there.
  std::vector<std::string> findings;  // Of validation.
  std::vector<StageTime> stages;
};

}  // namespace modelexport

#endif  // MODELEXPORT_REPORT_STRIP_REPORT_H_
