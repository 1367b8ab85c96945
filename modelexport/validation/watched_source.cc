#include "modelexport/validation/watched_source.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace modelexport {

absl::Status WatchedSource::Conclude(const absl::Status& status, Findings* findings) const {
  if (!failure_.ok() || status.ok()) return failure_;
  absl::string_view message = status.message();
  absl::ConsumePrefix(&message, absl::StrCat(name(), ": "));
  findings->Add("file.malformed", "file", std::string(message));
  return absl::OkStatus();
}

}  // namespace modelexport
