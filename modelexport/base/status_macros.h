// Early return on errors, for functions that return absl::Status or absl::StatusOr.
//
//   MX_RETURN_IF_ERROR(file.Append(bytes));
//   MX_ASSIGN_OR_RETURN(const ModelIndex index, ModelIndex::Build(source));
//
// The names follow Abseil's status_macros.h, which Debian 12's Abseil (20220623) lacks.
#ifndef MODELEXPORT_BASE_STATUS_MACROS_H_
#define MODELEXPORT_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Returns the status of `expression` from the enclosing function unless it is OK.
#define MX_RETURN_IF_ERROR(expression)       \
  do {                                       \
    absl::Status mx_status_ = (expression);  \
    if (!mx_status_.ok()) return mx_status_; \
  } while (false)

// Defines or assigns `target` from the StatusOr `expression`, or returns its status.
#define MX_ASSIGN_OR_RETURN(target, expression) \
  MX_ASSIGN_OR_RETURN_(MX_CONCAT_(mx_or_, __LINE__), target, expression)

#define MX_ASSIGN_OR_RETURN_(result, target, expression) \
  auto result = (expression);                            \
  if (!result.ok()) return std::move(result).status();   \
  target = *std::move(result)

#define MX_CONCAT_(a, b) MX_CONCAT_INNER_(a, b)
#define MX_CONCAT_INNER_(a, b) a##b

#endif  // MODELEXPORT_BASE_STATUS_MACROS_H_
