// What a run of `extract` did, as a plain value.
#ifndef MODELEXPORT_REPORT_EXTRACT_REPORT_H_
#define MODELEXPORT_REPORT_EXTRACT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/base/stages.h"

namespace modelexport {

struct ExtractReport {
  struct Value {
    std::string name;
    std::string type;  // As "float[1, 16, 128]" (onnx/value_type.h).
  };

  // The files, as the user named them.
  std::string model, output;
  uint64_t bytes_out = 0;   // 0 if there is no output.
  std::string data;         // The data file that was made, beside the output; "" if there is none.
  uint64_t data_bytes = 0;  // Of that file.

  std::string modules;                 // What was extracted: "encoder.layer.0 (BertLayer)".
  size_t nodes = 0, nodes_in_all = 0;  // Of the graph; bodies and functions count with their node.
  size_t initializers = 0, initializers_in_all = 0;
  std::vector<Value> inputs, outputs;

  std::vector<std::string> warnings;  // For the user to judge.
  std::string validation;             // Its level; "" if the run did not get there.
  std::vector<std::string> findings;  // Of validation.
  std::vector<StageTime> stages;
};

}  // namespace modelexport

#endif  // MODELEXPORT_REPORT_EXTRACT_REPORT_H_
