#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/hierarchy_forms.h"
#include "modelexport/hierarchy/readers/unordered_modules.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

enum Id : int { kTop, kMetadata, kUsageStats, kCalls };

constexpr bool kRequired = true;

constexpr JsonSchema kCallsSchema = {kCalls, kJsonInteger};
constexpr JsonMember kMetadataMembers[] = {
    {"usage_stats", {kUsageStats, kJsonObject, {}, nullptr, &kCallsSchema}, kRequired},
};
constexpr JsonMember kTopMembers[] = {
    {"metadata", {kMetadata, kJsonObject, kMetadataMembers}, kRequired},
};
constexpr JsonSchema kTopSchema = {kTop, kJsonObject, kTopMembers};

constexpr char kUsagePath[] = "$.metadata.usage_stats";

struct HierarchyUsageSink : JsonSink {
  void OnName(int, absl::string_view name) override { modules.list.push_back({std::string(name)}); }

  void OnInteger(int, int64_t value) override { modules.list.back().calls = value; }

  UnorderedModules modules;
};

}  // namespace

absl::StatusOr<Hierarchy> ParseHierarchyUsage(absl::string_view json,
                                              const std::atomic<bool>* cancelled) {
  HierarchyUsageSink sink;
  MX_RETURN_IF_ERROR(ReadJson(json, kTopSchema, &sink, cancelled));
  if (sink.modules.list.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(kUsagePath, ": lists no module"));
  }
  return BuildHierarchy(sink.modules, [&sink](const SidecarLocation& place) {
    return absl::StrCat(kUsagePath, JsonStep(sink.modules.list[place.index].path));
  });
}

}  // namespace modelexport
