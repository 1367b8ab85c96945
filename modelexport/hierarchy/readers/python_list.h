// Python's written form of a list of strings, in which PyTorch's exporter stores scopes.
#ifndef MODELEXPORT_HIERARCHY_READERS_PYTHON_LIST_H_
#define MODELEXPORT_HIERARCHY_READERS_PYTHON_LIST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace modelexport {

// Parses what repr() gives for a list of str, as `['', 'encoder', "it's"]`: either kind of quote,
// the escapes \\ \' \" \n \r \t \xNN \uNNNN \UNNNNNNNN (as UTF-8). Absent for anything else.
absl::optional<std::vector<std::string>> ParsePythonStringList(absl::string_view text);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_PYTHON_LIST_H_
