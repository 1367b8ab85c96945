// What a run of `outline` did, as a plain value.
#ifndef MODELEXPORT_REPORT_OUTLINE_REPORT_H_
#define MODELEXPORT_REPORT_OUTLINE_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/base/stages.h"

namespace modelexport {

struct OutlineReport {
  struct Function {
    std::string name;
    size_t calls = 0;  // In the main graph and in other functions.
    size_t nodes = 0;  // Of its body, calls of other functions among them.
    size_t inputs = 0, outputs = 0;
    std::vector<std::string> modules;  // That its calls are of: "encoder.layer.0", "proj, call 2".
  };
  struct Left {
    std::string module;
    std::string reason;
  };

  // The files, as the user named them.
  std::string model, output;
  uint64_t bytes_in = 0;
  uint64_t bytes_out = 0;  // 0 if there is no output.

  std::vector<Function> functions;
  std::vector<Left> left;                    // What could be no function, or no other's.
  size_t nodes_before = 0, nodes_after = 0;  // Of the main graph.
  size_t nodes_in_functions = 0;             // Of those above.

  std::vector<std::string> warnings;  // For the user to judge.
  std::string validation;             // Its level; "" if the run did not get there.
  std::vector<std::string> findings;  // Of validation.
  std::vector<StageTime> stages;
};

}  // namespace modelexport

#endif  // MODELEXPORT_REPORT_OUTLINE_REPORT_H_
