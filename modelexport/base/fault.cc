#include "modelexport/base/fault.h"

#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace modelexport {
namespace {

constexpr absl::string_view kPayload = "modelexport/fault";

// `status` with another message.
absl::Status Reworded(const absl::Status& status, absl::string_view message) {
  if (status.ok()) return status;
  absl::Status reworded(status.code(), message);
  status.ForEachPayload([&reworded](absl::string_view url, const absl::Cord& payload) {
    reworded.SetPayload(url, payload);
  });
  return reworded;
}

}  // namespace

absl::Status WithFault(absl::Status status, Fault fault) {
  if (status.ok() || status.GetPayload(kPayload).has_value()) return status;
  status.SetPayload(kPayload, absl::Cord(std::string(1, static_cast<char>(fault))));
  return status;
}

Fault FaultOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  if (!payload.has_value() || payload->empty()) return Fault::kInput;
  return static_cast<Fault>((*payload)[0]);
}

absl::Status Annotate(const absl::Status& status, absl::string_view context) {
  return Reworded(status, absl::StrCat(context, ": ", status.message()));
}

absl::Status AddHint(const absl::Status& status, absl::string_view hint) {
  return Reworded(status, absl::StrCat(status.message(), "; ", hint));
}

}  // namespace modelexport
