#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/number_text.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/hierarchy_forms.h"
#include "modelexport/hierarchy/readers/unordered_modules.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

enum Id : int { kTop, kPath };

constexpr JsonSchema kPathSchema = {kPath, kJsonString};
constexpr JsonSchema kTopSchema = {kTop, kJsonList, {}, &kPathSchema};

struct ModuleNamesSink : JsonSink {
  void OnString(int, absl::string_view path) override { paths.emplace_back(path); }

  std::vector<std::string> paths;
};

// By the path of each module that has children: whether the names of all of them are numbers.
absl::flat_hash_map<absl::string_view, bool> FindLists(const std::vector<std::string>& paths) {
  absl::flat_hash_map<absl::string_view, bool> lists;
  for (absl::string_view path : paths) {
    const size_t dot = path.rfind('.');
    const bool is_top = dot == absl::string_view::npos;
    const absl::string_view above = is_top ? "" : path.substr(0, dot);
    lists.try_emplace(above, true).first->second &= IsNumber(is_top ? path : path.substr(dot + 1));
  }
  return lists;
}

}  // namespace

absl::StatusOr<Hierarchy> ParseModuleNames(absl::string_view json,
                                           const std::atomic<bool>* cancelled) {
  ModuleNamesSink sink;
  MX_RETURN_IF_ERROR(ReadJson(json, kTopSchema, &sink, cancelled));
  const auto lists = FindLists(sink.paths);
  UnorderedModules modules;
  std::vector<size_t> positions;  // In the JSON.
  for (size_t i = 0; i < sink.paths.size(); ++i) {
    const auto list = lists.find(sink.paths[i]);
    // The paths below imply a container, which is what the module is taken for.
    if (!sink.paths[i].empty() && list != lists.end() && list->second) continue;
    modules.list.push_back({sink.paths[i]});
    positions.push_back(i);
  }
  return BuildHierarchy(modules, [&positions](const SidecarLocation& place) {
    return absl::StrCat("$[", positions[place.index], "]");
  });
}

}  // namespace modelexport
