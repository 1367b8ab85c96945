// Whether paths of a command line mean one file.
#ifndef MODELEXPORT_COMMANDS_SAME_FILE_H_
#define MODELEXPORT_COMMANDS_SAME_FILE_H_

#include <string>

namespace modelexport {

// True if both paths mean one file, present or not, by whatever spelling or link.
bool AreSameFile(const std::string& a, const std::string& b);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_SAME_FILE_H_
