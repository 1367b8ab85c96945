// What `tag` may be asked, whether by the program, the library or a test.
#ifndef MODELEXPORT_COMMANDS_TAG_OPTIONS_H_
#define MODELEXPORT_COMMANDS_TAG_OPTIONS_H_

#include <string>

#include "modelexport/commands/copy_request.h"
#include "modelexport/edits/injection_options.h"

namespace modelexport {

struct TagOptions : CopyRequest, InjectionOptions {
  // A path; or "embedded", for the modules that the model itself carries; or "names", for those
  // that its names tell. If `output` is the same file as `hierarchy`, the output replaces it.
  std::string hierarchy;

  // If one of these does not hold, there is no output.
  double min_coverage = 0;    // Report::coverage(), 0 to 1.
  double min_confidence = 0;  // Report::expected_exact(), 0 to 1.
  bool force = false;         // Write even if the hierarchy seems to be another model's.
};

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_TAG_OPTIONS_H_
