#include "modelexport/files/resolved_path.h"

#include <filesystem>
#include <system_error>

namespace modelexport {

std::string ResolvedPath(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  if (error) return path;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute.lexically_normal().string() : whole.string();
}

}  // namespace modelexport
