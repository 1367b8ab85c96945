// The page of `view` without its data, as the program carries it.
#ifndef MODELEXPORT_VIEW_PAGE_EMPTY_PAGE_H_
#define MODELEXPORT_VIEW_PAGE_EMPTY_PAGE_H_

#include "absl/strings/string_view.h"

namespace modelexport {

// HTML with one kViewDataMark (view/view_page.h).
absl::string_view EmptyViewPage();

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_PAGE_EMPTY_PAGE_H_
