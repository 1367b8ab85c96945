// What a run of `tap` did, as a plain value.
#ifndef MODELEXPORT_REPORT_TAP_REPORT_H_
#define MODELEXPORT_REPORT_TAP_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "modelexport/base/stages.h"

namespace modelexport {

struct TapReport {
  struct Output {
    std::string value;
    std::string type;             // As "float[1, 16, 128]" (onnx/value_type.h); "?" if unknown.
    std::string node;             // The place of the node that makes it; "" if none does.
    std::string op_type;          // Of that node.
    uint32_t result = 0;          // The position among that node's outputs.
    bool was_output = false;      // Whether the graph gives it out in any case.
    std::vector<uint32_t> feeds;  // CallOutputs::Output::feeds.
  };

  struct Call {
    std::string module;             // Its path, "" for the root.
    std::string class_name;         // "" if unknown.
    absl::optional<uint32_t> call;  // Absent if it is not known which calls there are.
    std::vector<Output> outputs;
    std::string why;  // Why there are none, or not all; "" if neither.
  };

  // The files, as the user named them.
  std::string model, output;  // `output` may be "": nothing is written.
  std::string hierarchy;      // Where the modules are from.
  uint64_t bytes_out = 0;     // 0 if there is no output.

  std::vector<Call> calls;  // That were chosen, in the order in which they end.

  // Of the outputs, those that the graph gets: each once, in the order of `calls`.
  std::vector<std::string> added;

  std::vector<std::string> warnings;  // For the user to judge.
  std::string validation;             // Its level; "" if the run did not get there.
  std::vector<std::string> findings;  // Of validation.
  std::vector<StageTime> stages;

  size_t tapped() const {
    size_t count = 0;
    for (const Call& call : calls) count += call.outputs.empty() ? 0 : 1;
    return count;
  }
};

}  // namespace modelexport

#endif  // MODELEXPORT_REPORT_TAP_REPORT_H_
