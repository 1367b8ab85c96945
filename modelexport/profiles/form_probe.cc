#include "modelexport/profiles/form_probe.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

constexpr size_t kNumForms = std::size(kProfileForms);
constexpr uint64_t kFirstBytes = 256;
constexpr size_t kFirstElements = 64;
constexpr unsigned kAnything =
    kJsonNull | kJsonInteger | kJsonNumber | kJsonString | kJsonObject | kJsonList;

// Ids of schemas, each with a form added to it: the value of a member at the top, a value in that,
// and a member of an object in an array.
constexpr int kMemberBase = 1000, kWithinBase = 2000, kElementMemberBase = 3000;
constexpr int kTop = 0, kElement = 1;

// The members that tell, at the top of an object and in the first objects of an array.
class ProbeSchema {
 public:
  ProbeSchema() : within_(kNumForms) {
    for (size_t i = 0; i < kNumForms; ++i) {
      const int form = static_cast<int>(i);
      within_[i] = {kWithinBase + form, kAnything};
      within_[i].element = &within_[i];
      if (!kProfileForms[i].object_member.empty()) {
        members_.push_back({kProfileForms[i].object_member,
                            {kMemberBase + form, kAnything, {}, &within_[i], &within_[i]}});
      }
      if (!kProfileForms[i].element_member.empty()) {
        element_members_.push_back({kProfileForms[i].element_member,
                                    {kElementMemberBase + form, kAnything, {}, &within_[i]}});
      }
    }
    element_ = {kElement, kJsonObject, element_members_};
    top_ = {kTop, kJsonObject | kJsonList, members_, &element_};
  }
  ProbeSchema(const ProbeSchema&) = delete;
  ProbeSchema& operator=(const ProbeSchema&) = delete;

  const JsonSchema& top() const { return top_; }

 private:
  std::vector<JsonSchema> within_;
  std::vector<JsonMember> members_, element_members_;
  JsonSchema element_ = {}, top_ = {};
};

class Probe final : public JsonSink {
 public:
  void OnNull(int id) override { Meet(id); }
  void OnInteger(int id, int64_t) override { Meet(id); }
  void OnNumber(int id, double) override { Meet(id); }
  void OnString(int id, absl::string_view) override { Meet(id); }
  void OnName(int id, absl::string_view) override { Meet(id); }

  // An error ends the reading as soon as enough is known.
  absl::Status OnEnd(int id) override {
    Meet(id);
    if (id == kElement) ++num_elements_;
    return form_ < kNumForms || num_elements_ == kFirstElements ? absl::AbortedError("")
                                                                : absl::OkStatus();
  }

  const ProfileForm* form() const { return form_ < kNumForms ? &kProfileForms[form_] : nullptr; }

 private:
  // The first form of the table that is met wins.
  void Meet(int id) {
    for (int base : {kMemberBase, kWithinBase, kElementMemberBase}) {
      const size_t form = static_cast<size_t>(id - base);
      if (id >= base && form < kNumForms) form_ = std::min(form_, form);
    }
  }

  size_t form_ = kNumForms;
  size_t num_elements_ = 0;
};

absl::Status UnknownForm(const absl::Status& why) {
  const std::string known = absl::StrJoin(
      kProfileForms, ", ",
      [](std::string* out, const ProfileForm& form) { absl::StrAppend(out, form.described); });
  return absl::InvalidArgumentError(
      absl::StrCat("is no profile of a known form (", known, ")",
                   why.ok() || absl::IsAborted(why) ? "" : absl::StrCat(": ", why.message())));
}

}  // namespace

absl::StatusOr<const ProfileForm*> FindProfileForm(const ByteSource& source,
                                                   const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const std::string begin,
                      source.ReadString({0, std::min(kFirstBytes, source.size())}));
  for (const ProfileForm& form : kProfileForms) {
    if (!form.first_line.empty() && absl::StartsWith(begin, form.first_line)) return &form;
  }
  const ProbeSchema schema;
  Probe probe;
  const absl::Status read = ReadJson(source, schema.top(), &probe, cancelled);
  if (probe.form() != nullptr) return probe.form();
  if (absl::IsCancelled(read)) return read;
  return UnknownForm(read);
}

}  // namespace modelexport
