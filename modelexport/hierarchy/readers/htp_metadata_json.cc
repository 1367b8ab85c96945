#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/hierarchy_forms.h"
#include "modelexport/hierarchy/readers/unordered_modules.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

enum Id : int { kTop, kModule, kChildren, kClassName, kTracedTag, kScope };

constexpr bool kRequired = true;

// A module has children, which are modules.
extern const JsonSchema kModuleSchema;
constexpr JsonMember kModuleMembers[] = {
    {"class_name", {kClassName, kJsonString | kJsonNull}},
    {"traced_tag", {kTracedTag, kJsonString | kJsonNull}},
    {"scope", {kScope, kJsonString}, kRequired},
    {"children", {kChildren, kJsonObject | kJsonNull, {}, nullptr, &kModuleSchema}},
};
constexpr JsonSchema kModuleSchema = {kModule, kJsonObject, kModuleMembers};
constexpr JsonMember kTopMembers[] = {{"modules", kModuleSchema, kRequired}};
constexpr JsonSchema kTopSchema = {kTop, kJsonObject, kTopMembers};

class HtpMetadataSink : public JsonSink {
 public:
  HtpMetadataSink() : modules_{{{""}}, {}}, origins_(1), open_{0} {}

  void OnName(int, absl::string_view name) override {
    origins_.push_back({open_.back(), std::string(name)});
    open_.push_back(modules_.list.size());
    modules_.list.emplace_back();
  }

  void OnString(int id, absl::string_view value) override {
    UnorderedModule& module = modules_.list[open_.back()];
    std::string& text = id == kScope       ? module.path
                        : id == kClassName ? module.class_name
                                           : module.traced_tag;
    text.assign(value.data(), value.size());
  }

  absl::Status OnEnd(int id) override {
    if (id == kModule) open_.pop_back();
    return absl::OkStatus();
  }

  absl::StatusOr<Hierarchy> Build() const {
    return BuildHierarchy(modules_, [this](const SidecarLocation& place) {
      const absl::string_view member = place.member;
      return absl::StrCat(PathOf(place.index), ".", member == "path" ? "scope" : member);
    });
  }

 private:
  // Where the JSON has a module: in the children of another, by name.
  struct Origin {
    size_t parent = 0;
    std::string name;
  };

  std::string PathOf(size_t module) const {
    if (module == 0) return "$.modules";
    const Origin& origin = origins_[module];
    return absl::StrCat(PathOf(origin.parent), ".children", JsonStep(origin.name));
  }

  UnorderedModules modules_;
  std::vector<Origin> origins_;  // By module.
  std::vector<size_t> open_;     // Modules that have begun and not ended, outermost first.
};

}  // namespace

absl::StatusOr<Hierarchy> ParseHtpMetadata(absl::string_view json,
                                           const std::atomic<bool>* cancelled) {
  HtpMetadataSink sink;
  MX_RETURN_IF_ERROR(ReadJson(json, kTopSchema, &sink, cancelled));
  return sink.Build();
}

}  // namespace modelexport
