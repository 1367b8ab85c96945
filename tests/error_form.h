// What every error of an input says: whose fault it is, which file and where.
#ifndef MODELEXPORT_TESTS_ERROR_FORM_H_
#define MODELEXPORT_TESTS_ERROR_FORM_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/fault.h"

namespace modelexport::testing {

// "" if the error of a hierarchy begins with its place.
inline std::string WhatIsWrongWithPlace(absl::string_view message) {
  const bool placed = absl::StartsWith(message, "byte ") || absl::StartsWith(message, "$");
  return placed ? "" : absl::StrCat("no place: ", message);
}

// "" if an error of `tag`, which read these two files, says what it should.
inline std::string WhatIsWrongWith(const absl::Status& status, const std::string& model,
                                   const std::string& hierarchy) {
  const absl::string_view message = status.message();
  if (FaultOf(status) == Fault::kJudged) {
    const bool fits =
        absl::StartsWith(message, hierarchy + ": hierarchy does not describe this model") ||
        absl::StartsWith(message, model + ": its own hierarchy does not describe this model");
    return fits ? "" : absl::StrCat("judged: ", message);
  }
  if (FaultOf(status) != Fault::kInput) return absl::StrCat("whose fault: ", status.ToString());
  if (status.code() != absl::StatusCode::kInvalidArgument) return status.ToString();
  if (absl::StartsWith(message, model + ": byte ")) return "";
  if (absl::StartsWith(message, hierarchy + ": ")) {
    return WhatIsWrongWithPlace(message.substr(hierarchy.size() + 2));
  }
  const bool kind_of_file =
      absl::StartsWith(message, model + ": ") &&
      (absl::StrContains(message, "is empty") || absl::StrContains(message, "looks like"));
  return kind_of_file ? "" : absl::StrCat("no file: ", message);
}

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTS_ERROR_FORM_H_
