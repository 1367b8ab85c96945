// What a run of `validate` found, as a plain value.
#ifndef MODELEXPORT_REPORT_VALIDATION_REPORT_H_
#define MODELEXPORT_REPORT_VALIDATION_REPORT_H_

#include <string>

#include "modelexport/validation/validator.h"

namespace modelexport {

struct ValidationReport {
  // The files, as the user named them; "" for those that were not given.
  std::string model, hierarchy, original;

  ValidationLevel level = ValidationLevel::kStandard;
  ValidationResult result;
};

}  // namespace modelexport

#endif  // MODELEXPORT_REPORT_VALIDATION_REPORT_H_
