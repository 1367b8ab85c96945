// Folders of paths.
#ifndef MODELEXPORT_FILES_FOLDER_H_
#define MODELEXPORT_FILES_FOLDER_H_

#include <string>

namespace modelexport {

// The folder that `path` names a file in, with a slash at its end; empty for the working directory.
inline std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_FOLDER_H_
