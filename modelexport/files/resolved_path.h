// One spelling for each path, present or not.
#ifndef MODELEXPORT_FILES_RESOLVED_PATH_H_
#define MODELEXPORT_FILES_RESOLVED_PATH_H_

#include <string>

namespace modelexport {

// `path` made absolute, with `.`, `..` and symlinks resolved as far as it exists, by name after
// that.
std::string ResolvedPath(const std::string& path);

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_RESOLVED_PATH_H_
