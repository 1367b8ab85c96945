#include "modelexport/commands/same_file.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/files/resolved_path.h"
#include "modelexport/ownership/read_hierarchy.h"

namespace modelexport {

bool AreSameFile(const std::string& a, const std::string& b) {
  std::error_code error;
  return std::filesystem::equivalent(a, b, error) || ResolvedPath(a) == ResolvedPath(b);
}

absl::Status RefuseSameFile(const NamedPath& written, absl::Span<const NamedPath> others) {
  if (written.second.empty()) return absl::OkStatus();
  for (const auto& [name, path] : others) {
    if (IsOfModel(path) || !AreSameFile(written.second, path)) continue;
    return UsageError(absl::StrCat(written.first, " ", written.second, " and ", name, " ", path,
                                   " are the same file"));
  }
  return absl::OkStatus();
}

}  // namespace modelexport
