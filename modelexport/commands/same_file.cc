#include "modelexport/commands/same_file.h"

#include <filesystem>
#include <system_error>

#include "modelexport/files/resolved_path.h"

namespace modelexport {

bool AreSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return std::filesystem::equivalent(a, b, error) || ResolvedPath(a) == ResolvedPath(b);
}

}  // namespace modelexport
