#include "modelexport/commands/same_file.h"

#include <filesystem>
#include <system_error>

namespace modelexport {
namespace {

namespace fs = std::filesystem;

fs::path Resolved(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::absolute(path, error);
  if (error) return path;
  const fs::path whole = fs::weakly_canonical(absolute, error);
  return error ? absolute.lexically_normal() : whole;
}

}  // namespace

bool AreSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::equivalent(a, b, error) || Resolved(a) == Resolved(b);
}

}  // namespace modelexport
