// Matchers for absl::Status and absl::StatusOr, modelled on Abseil's own, which Debian 12 lacks.
//
//   EXPECT_THAT(index, IsOk());
//   EXPECT_THAT(Parse("["), StatusIs(absl::StatusCode::kInvalidArgument, "line 1: "));
#ifndef MODELEXPORT_TESTING_STATUS_MATCHERS_H_
#define MODELEXPORT_TESTING_STATUS_MATCHERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

namespace modelexport::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

MATCHER(IsOk, negation ? "is an error" : "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// An error with this code whose message contains `substring`.
MATCHER_P2(StatusIs, code, substring,
           absl::StrCat(absl::StatusCodeToString(code), " with ", substring)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code && absl::StrContains(StatusOf(arg).message(), substring);
}

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_STATUS_MATCHERS_H_
