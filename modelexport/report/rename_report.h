// What a run of `rename` did, as a plain value.
#ifndef MODELEXPORT_REPORT_RENAME_REPORT_H_
#define MODELEXPORT_REPORT_RENAME_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/base/stages.h"

namespace modelexport {

struct RenameReport {
  // The files, as the user named them.
  std::string model, output;
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;  // 0 if there is no output.

  bool undone = false;      // The counts are of names given back.
  size_t nodes = 0;         // Whose names in the output are not those before any `rename`.
  size_t values = 0;        // Likewise.
  size_t nodes_in_all = 0;  // Of the model.

  std::vector<std::string> warnings;  // For the user to judge.
  std::string validation;             // Its level; "" if the run did not get there.
  std::vector<std::string> findings;  // Of validation.
  std::vector<StageTime> stages;
};

}  // namespace modelexport

#endif  // MODELEXPORT_REPORT_RENAME_REPORT_H_
