// A page with its data: one HTML file that needs nothing else.
#ifndef MODELEXPORT_VIEW_VIEW_PAGE_H_
#define MODELEXPORT_VIEW_VIEW_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// Where an empty page has its data: in a script element that no browser runs. The page is made by
// modelexport/view/page, or is yours.
inline constexpr absl::string_view kViewDataMark = "@MODELEXPORT_VIEW_DATA@";

// `empty_page` with `json`, compressed and in base64, in place of the mark. Nothing of the data can
// be taken for markup. An error: the mark is not there just once; that of Gzip().
absl::StatusOr<std::string> FillPage(absl::string_view empty_page, absl::string_view json);

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_VIEW_PAGE_H_
