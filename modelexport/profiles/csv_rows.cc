#include "modelexport/profiles/csv_rows.h"

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {

absl::StatusOr<bool> CsvRows::Next(std::vector<std::string>* fields) {
  fields->assign(1, "");
  line_ = next_line_;
  size_t size = 0;
  bool quoted = false;
  while (at_ != SourceBytes::end()) {
    const char c = *at_;
    ++at_;
    if (++size > kMaxRowSize) {
      return absl::InvalidArgumentError(absl::StrCat("line ", line_, ": is too long"));
    }
    if (c == '\n') ++next_line_;
    if (c == '"') {
      // A quote within a quoted field is written twice: it ends the field and begins it again.
      if (!quoted && size > 1 && last_ == '"') fields->back().push_back('"');
      quoted = !quoted;
    } else if (quoted || (c != separator_ && c != '\n' && c != '\r')) {
      fields->back().push_back(c);
    } else if (c == separator_) {
      fields->emplace_back();
    } else if (c == '\n') {
      if (fields->size() > 1 || !fields->back().empty()) return true;
      line_ = next_line_;
      size = 0;
    }
    last_ = c;
  }
  MX_RETURN_IF_ERROR(bytes_.status());
  return fields->size() > 1 || !fields->back().empty();
}

absl::StatusOr<size_t> FindColumn(const std::vector<std::string>& titles, absl::string_view title) {
  for (size_t i = 0; i < titles.size(); ++i) {
    if (titles[i] == title) return i;
  }
  return absl::InvalidArgumentError(absl::StrCat("line 1: no column \"", title, "\""));
}

}  // namespace modelexport
