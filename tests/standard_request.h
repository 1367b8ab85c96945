// The main job with what the program does by default.
#ifndef MODELEXPORT_TESTS_STANDARD_REQUEST_H_
#define MODELEXPORT_TESTS_STANDARD_REQUEST_H_

#include <string>
#include <utility>

#include "modelexport/commands/tag.h"
#include "modelexport/ownership/standard_strategies.h"

namespace modelexport::testing {

inline TagFileRequest StandardRequest(std::string model, std::string hierarchy,
                                      std::string output) {
  TagFileRequest request;
  request.model = std::move(model);
  request.hierarchy = std::move(hierarchy);
  request.output = std::move(output);
  request.strategy = StandardStrategies().front();
  return request;
}

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTS_STANDARD_REQUEST_H_
