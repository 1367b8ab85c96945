// Whether paths of a command line mean one file, of which one would replace the other.
#ifndef MODELEXPORT_COMMANDS_SAME_FILE_H_
#define MODELEXPORT_COMMANDS_SAME_FILE_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace modelexport {

// True if both paths mean one file, present or not, by whatever spelling or link.
bool AreSameFile(const std::string& a, const std::string& b);

// A path and what the command line calls it, as {"--map", "m.json"}. Empty: there is none.
using NamedPath = std::pair<absl::string_view, std::string>;

// A usage error if `written` and one of `others` mean one file. A path may be the word of a source
// of hierarchies (ownership/read_hierarchy.h), which is no file.
absl::Status RefuseSameFile(const NamedPath& written, absl::Span<const NamedPath> others);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_SAME_FILE_H_
