#include "modelexport/tags/also_value.h"

#include "modelexport/base/status_macros.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

constexpr JsonSchema kPath = {/*id=*/1, kJsonString};
constexpr JsonSchema kPaths = {/*id=*/0, kJsonList, {}, &kPath};

class PathSink final : public JsonSink {
 public:
  void OnString(int, absl::string_view value) override { paths.emplace_back(value); }

  std::vector<std::string> paths;
};

}  // namespace

std::string RenderAlso(const Hierarchy& hierarchy, absl::Span<const ModuleId> modules) {
  std::string json = "[";
  for (const ModuleId module : modules) {
    if (json.size() > 1) json += ',';
    AppendJsonString(hierarchy.module(module).path, &json);
  }
  return json + "]";
}

absl::StatusOr<std::vector<std::string>> ParseAlso(absl::string_view value) {
  PathSink sink;
  MX_RETURN_IF_ERROR(ReadJson(value, kPaths, &sink));
  return std::move(sink.paths);
}

}  // namespace modelexport
