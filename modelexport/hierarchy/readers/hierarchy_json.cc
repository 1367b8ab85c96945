#include "modelexport/hierarchy/readers/hierarchy_json.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/hierarchy_forms.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using nlohmann::json;

constexpr size_t kNumForms = sizeof(kHierarchyForms) / sizeof(kHierarchyForms[0]);
static_assert(kNumForms <= 32, "FormFinder has a bit for each");

// Compares the members of the outermost object, or the elements of the outermost list, with the
// marks of the forms.
class FormFinder : public nlohmann::json_sax<json> {
 public:
  explicit FormFinder(const std::atomic<bool>* cancelled) : cancelled_(cancelled) {}

  const HierarchyForm* form() const {
    return first_ == kNumForms ? nullptr : &kHierarchyForms[first_];
  }

  bool null() override { return GoOn(); }
  bool boolean(bool) override { return GoOn(); }
  bool number_integer(int64_t) override { return GoOn(); }
  bool number_unsigned(uint64_t) override { return Value(kJsonInteger); }
  bool number_float(double, const std::string&) override { return GoOn(); }
  bool string(std::string&) override { return Value(kJsonString); }
  bool binary(json::binary_t&) override { return true; }

  bool key(std::string& name) override {
    if (depth_ == 1) name_ = name;
    if (depth_ == 2) NoteInner(name);
    return true;
  }

  bool start_object(size_t) override {
    if (depth_++ == 1) has_with_ = has_without_ = 0;
    return true;
  }

  bool end_object() override {
    --depth_;
    return Value(kJsonObject);
  }

  bool start_array(size_t) override {
    if (depth_ == 0) outermost_ = kJsonList;
    const bool go_on = Value(kJsonList);
    ++depth_;
    return go_on;
  }

  bool end_array() override {
    --depth_;
    return true;
  }

  bool parse_error(size_t, const std::string&, const json::exception&) override { return false; }

 private:
  // Each member of each object is compared with each row.
  void NoteInner(const std::string& name) {
    for (size_t i = 0; i < kNumForms; ++i) {
      const HierarchyForm& form = kHierarchyForms[i];
      if (form.with != nullptr && name == form.with) has_with_ |= 1u << i;
      if (form.without != nullptr && name == form.without) has_without_ |= 1u << i;
    }
  }

  // Counts a value. Whether the reading goes on.
  bool GoOn() { return !EndsEarly(cancelled_, num_values_++); }

  // Whether to read on, after a value that may be a member of the outermost object.
  bool Value(JsonKind kind) {
    if (!GoOn()) return false;
    for (size_t i = 0; depth_ == 1 && i < first_; ++i) {
      if (Has(kHierarchyForms[i], kind, 1u << i)) first_ = i;
    }
    // What comes later cannot be of a surer form than the first one.
    return first_ == kNumForms || kHierarchyForms[first_].parse != kHierarchyForms[0].parse;
  }

  bool Has(const HierarchyForm& form, JsonKind kind, uint32_t bit) const {
    return form.outermost == outermost_ && form.kind == kind &&
           (form.member == nullptr || name_ == form.member) &&
           (form.with == nullptr || (has_with_ & bit) != 0) &&
           (form.without == nullptr || (has_without_ & bit) == 0);
  }

  const std::atomic<bool>* const cancelled_;
  size_t num_values_ = 0;
  size_t depth_ = 0;  // Of open objects and lists.
  JsonKind outermost_ = kJsonObject;
  std::string name_;                         // Of the outermost object's current member.
  uint32_t has_with_ = 0, has_without_ = 0;  // Of that member, if it is an object; by row.
  size_t first_ = kNumForms;                 // The first row that the text has so far.
};

absl::Status NoForm(absl::string_view text, const std::atomic<bool>* cancelled) {
  constexpr JsonSchema kAnyObject = {0, kJsonObject};
  JsonSink nothing;
  MX_RETURN_IF_ERROR(ReadJson(text, kAnyObject, &nothing, cancelled));
  std::string forms;
  for (const HierarchyForm& form : kHierarchyForms) {
    if (form.description.empty()) continue;
    absl::StrAppend(&forms, forms.empty() ? "" : ", ", form.description);
  }
  return absl::InvalidArgumentError(
      absl::StrCat("$: describes no modules in a form that is known: ", forms));
}

}  // namespace

const HierarchyForm* FormOf(absl::string_view text, const std::atomic<bool>* cancelled) {
  FormFinder finder(cancelled);
  json::sax_parse(text.begin(), text.end(), &finder);
  return finder.form();
}

absl::StatusOr<Hierarchy> ParseHierarchy(absl::string_view text,
                                         const std::atomic<bool>* cancelled) {
  const HierarchyForm* form = FormOf(text, cancelled);
  return form == nullptr ? NoForm(text, cancelled) : form->parse(text, cancelled);
}

}  // namespace modelexport
