#include "modelexport/hierarchy/readers/hierarchy_json.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/flat_map_json.h"
#include "modelexport/hierarchy/readers/hierarchy_usage_json.h"
#include "modelexport/hierarchy/readers/htp_metadata_json.h"
#include "modelexport/hierarchy/readers/module_info_json.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/json/schema_json.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using nlohmann::json;

// Notes what tells the forms apart: the kinds of the outermost object's members and, of those that
// are objects, which members they have.
class FormFinder : public nlohmann::json_sax<json> {
 public:
  HierarchyForm form() const {
    if (sidecar_) return HierarchyForm::kSidecar;
    if (has_root_) return HierarchyForm::kFlatMap;
    if (export_context_ || scoped_modules_) return HierarchyForm::kHtpMetadata;
    if (usage_) return HierarchyForm::kUsage;
    if (tagged_) return HierarchyForm::kFlatMap;
    if (modules_) return HierarchyForm::kModuleInfo;
    return classed_ ? HierarchyForm::kFlatMap : HierarchyForm::kUnknown;
  }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(int64_t) override { return true; }
  bool number_unsigned(uint64_t) override {
    sidecar_ = depth_ == 1 && name_ == "version";
    return !sidecar_;
  }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override {
    sidecar_ = depth_ == 1 && name_ == "schema";
    return !sidecar_;
  }
  bool binary(json::binary_t&) override { return true; }

  bool key(std::string& name) override {
    if (depth_ == 1) name_ = name;
    if (depth_ == 2) NoteInner(name);
    return true;
  }

  bool start_object(size_t) override {
    if (depth_++ == 1) inner_ = {};
    return true;
  }

  bool end_object() override {
    if (--depth_ == 1) NoteObject();
    return true;
  }

  // A text that is a list has no outermost object, and no name.
  bool start_array(size_t) override {
    sidecar_ = depth_++ == 1 &&
               (name_ == "modules" || name_ == "tensors" || name_ == "calls" || name_ == "ops");
    return !sidecar_;
  }

  bool end_array() override {
    --depth_;
    return true;
  }

  bool parse_error(size_t, const std::string&, const json::exception&) override { return false; }

 private:
  struct Inner {
    bool traced_tag = false, class_name = false, scope = false, usage_stats = false;
  };

  void NoteInner(const std::string& name) {
    inner_.traced_tag |= name == "traced_tag";
    inner_.class_name |= name == "class_name";
    inner_.scope |= name == "scope";
    inner_.usage_stats |= name == "usage_stats";
  }

  void NoteObject() {
    has_root_ |= name_.empty();
    export_context_ |= name_ == "export_context" && !inner_.traced_tag;
    usage_ |= name_ == "metadata" && inner_.usage_stats;
    modules_ |= name_ == "modules";
    scoped_modules_ |= name_ == "modules" && inner_.scope;
    tagged_ |= inner_.traced_tag;
    classed_ |= inner_.class_name;
  }

  size_t depth_ = 0;  // Of open objects and lists.
  std::string name_;  // Of the outermost object's current member.
  Inner inner_;       // Of that member.
  bool sidecar_ = false;
  bool has_root_ = false, export_context_ = false, usage_ = false;
  bool modules_ = false, scoped_modules_ = false;
  bool tagged_ = false, classed_ = false;
};

absl::Status NoForm(absl::string_view text) {
  constexpr JsonSchema kAnyObject = {0, kJsonObject};
  JsonSink nothing;
  MX_RETURN_IF_ERROR(ReadJson(text, kAnyObject, &nothing));
  return absl::InvalidArgumentError(
      "$: describes no modules in a form that is known: a sidecar (\"schema\": "
      "\"modelexport.hierarchy\"), a map of module paths to objects with class_name and "
      "traced_tag, *_htp_metadata.json, *_hierarchy.json with usage_stats, *_module_info.json");
}

}  // namespace

HierarchyForm FormOf(absl::string_view text) {
  FormFinder finder;
  json::sax_parse(text.begin(), text.end(), &finder);
  return finder.form();
}

absl::StatusOr<Hierarchy> ParseHierarchy(absl::string_view text) {
  switch (FormOf(text)) {
    case HierarchyForm::kSidecar:
      return ParseSidecar(text);
    case HierarchyForm::kFlatMap:
      return ParseFlatMap(text);
    case HierarchyForm::kHtpMetadata:
      return ParseHtpMetadata(text);
    case HierarchyForm::kUsage:
      return ParseHierarchyUsage(text);
    case HierarchyForm::kModuleInfo:
      return ParseModuleInfo(text);
    case HierarchyForm::kUnknown:
      break;
  }
  return NoForm(text);
}

}  // namespace modelexport
