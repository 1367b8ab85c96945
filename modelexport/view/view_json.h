// ViewData as the JSON that the page reads.
#ifndef MODELEXPORT_VIEW_VIEW_JSON_H_
#define MODELEXPORT_VIEW_VIEW_JSON_H_

#include <string>

#include "modelexport/view/view_data.h"

namespace modelexport {

// The number that the page checks before it reads anything else.
inline constexpr int kViewVersion = 2;

// One JSON object: `modules`, `calls`, `graphs`, `nodes`, `also`, `values` and `weights` are
// objects of columns, each an array with one element for each of them. A trailing newline follows
// each column, so that differences can be read. Unknown is null; what is not UTF-8 is replaced by
// U+FFFD. modelexport/view/page/data.ts declares it for the page.
std::string ToJson(const ViewData& data);

}  // namespace modelexport

#endif  // MODELEXPORT_VIEW_VIEW_JSON_H_
