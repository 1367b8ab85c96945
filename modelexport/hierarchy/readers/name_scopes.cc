#include "modelexport/hierarchy/readers/name_scopes.h"

#include <algorithm>
#include <utility>

#include "absl/types/optional.h"
#include "modelexport/hierarchy/readers/python_list.h"

namespace modelexport {
namespace {

// What torch writes in the place of the modules where it knows none.
constexpr absl::string_view kNoModule = "_empty_nn_module_stack_from_metadata_hook";

}  // namespace

std::vector<std::string> ParseNameScopes(absl::string_view value) {
  absl::optional<std::vector<std::string>> scopes = ParsePythonStringList(value);
  if (!scopes.has_value() || scopes->empty()) return {};
  scopes->pop_back();
  if (!scopes->empty() && scopes->back() == kNoModule) return {};
  for (std::string& path : *scopes) path.resize(std::min(path.size(), path.find('@')));
  return *std::move(scopes);
}

}  // namespace modelexport
