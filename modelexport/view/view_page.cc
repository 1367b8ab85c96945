#include "modelexport/view/view_page.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/view/gzip.h"

namespace modelexport {

absl::StatusOr<std::string> FillPage(absl::string_view empty_page, absl::string_view json) {
  const size_t mark = empty_page.find(kViewDataMark);
  const size_t end = mark + kViewDataMark.size();
  if (mark == absl::string_view::npos ||
      empty_page.find(kViewDataMark, end) != absl::string_view::npos) {
    return absl::InternalError(
        absl::StrCat("the page of this program has no single ", kViewDataMark));
  }
  MX_ASSIGN_OR_RETURN(const std::string compressed, Gzip(json));
  return absl::StrCat(empty_page.substr(0, mark), absl::Base64Escape(compressed),
                      empty_page.substr(end));
}

}  // namespace modelexport
