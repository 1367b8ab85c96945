#include "modelexport/hierarchy/readers/sidecar_writer.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

void AppendModule(const Module& module, std::string* json) {
  json->append("{\"path\":");
  AppendJsonString(module.path, json);
  if (!module.class_name.empty()) {
    json->append(",\"class\":");
    AppendJsonString(module.class_name, json);
  }
  if (module.calls.has_value()) absl::StrAppend(json, ",\"calls\":", *module.calls);
  const char* before = ",\"aliases\":[";
  for (const absl::string_view alias : module.aliases) {
    json->append(before);
    AppendJsonString(alias, json);
    before = ",";
  }
  if (!module.aliases.empty()) json->append("]");
  if (!module.traced_tag.empty()) {
    json->append(",\"traced_tag\":");
    AppendJsonString(module.traced_tag, json);
  }
  json->append("}");
}

void AppendCall(const Hierarchy& hierarchy, const Call& call, std::string* json) {
  json->append("{\"module\":");
  AppendJsonString(hierarchy.module(call.module).path, json);
  if (call.parent.valid()) absl::StrAppend(json, ",\"parent\":", call.parent.index());
  json->append("}");
}

// Those that a run made: not a reader's guess.
absl::Span<const Call> KnownCalls(const Hierarchy& hierarchy) {
  if (hierarchy.calls_are_assumed()) return {};
  return hierarchy.calls();
}

void AppendCalls(const Hierarchy& hierarchy, std::string* json) {
  const char* before = ",\"calls\":[";
  for (const Call& call : KnownCalls(hierarchy)) {
    json->append(before);
    AppendCall(hierarchy, call, json);
    before = ",";
  }
  if (!KnownCalls(hierarchy).empty()) json->append("]");
}

}  // namespace

std::string RenderEmbedded(const Hierarchy& hierarchy) {
  std::string json = absl::StrCat("{\"schema\":\"", kSidecarSchemaName,
                                  "\",\"version\":", kSidecarVersion, ",\"modules\":[");
  size_t size = json.size();
  constexpr size_t kAroundNames = 48;  // Enough for what most modules have.
  for (const Module& module : hierarchy.modules()) {
    size += module.path.size() + module.class_name.size() + kAroundNames;
  }
  constexpr size_t kAroundPath = 32;  // Of a call.
  for (const Call& call : KnownCalls(hierarchy)) {
    size += hierarchy.module(call.module).path.size() + kAroundPath;
  }
  json.reserve(size);
  const char* before = "";
  for (const Module& module : hierarchy.modules()) {
    if (module.implied) continue;
    json.append(before);
    AppendModule(module, &json);
    before = ",";
  }
  json.append("]");
  AppendCalls(hierarchy, &json);
  json.append("}");
  return json;
}

}  // namespace modelexport
