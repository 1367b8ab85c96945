#include <string>

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/hierarchy_forms.h"
#include "modelexport/hierarchy/readers/unordered_modules.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

enum Id : int { kTop, kModule, kClassName, kTracedTag };

constexpr JsonMember kModuleMembers[] = {
    {"class_name", {kClassName, kJsonString | kJsonNull}},
    {"traced_tag", {kTracedTag, kJsonString | kJsonNull}},
};
constexpr JsonSchema kModuleSchema = {kModule, kJsonObject, kModuleMembers};
constexpr JsonSchema kTopSchema = {kTop, kJsonObject, {}, nullptr, &kModuleSchema};

struct FlatMapSink : JsonSink {
  void OnName(int, absl::string_view name) override { modules.list.push_back({std::string(name)}); }

  void OnString(int id, absl::string_view value) override {
    UnorderedModule& module = modules.list.back();
    (id == kClassName ? module.class_name : module.traced_tag) = std::string(value);
  }

  UnorderedModules modules;
};

}  // namespace

absl::StatusOr<Hierarchy> ParseFlatMap(absl::string_view json, const std::atomic<bool>* cancelled) {
  FlatMapSink sink;
  MX_RETURN_IF_ERROR(ReadJson(json, kTopSchema, &sink, cancelled));
  return BuildHierarchy(sink.modules, [&sink](const SidecarLocation& place) {
    const std::string module = JsonStep(sink.modules.list[place.index].path);
    const bool is_name = absl::string_view(place.member) == "path";
    return absl::StrCat("$", module, is_name ? "" : ".", is_name ? "" : place.member);
  });
}

}  // namespace modelexport
