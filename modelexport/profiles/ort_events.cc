#include <cmath>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/json/schema_json.h"
#include "modelexport/profiles/event_lines.h"
#include "modelexport/profiles/kept_runs.h"
#include "modelexport/profiles/profile_forms.h"
#include "modelexport/profiles/run_splitter.h"

namespace modelexport {
namespace {

enum Id : int {
  kTop,
  kEvents,
  kEvent,
  kCategory,
  kName,
  kThread,
  kBegin,
  kDuration,
  kArguments,
  kOperator,
  kNodeIndex,
  kDropped
};

constexpr JsonMember kArgumentMembers[] = {
    {"op_name", {kOperator, kJsonString}},
    // A text in what 1.32 writes.
    {"node_index", {kNodeIndex, kJsonString | kJsonInteger}},
    {"dropped_event_count", {kDropped, kJsonString | kJsonInteger}},
};

constexpr JsonMember kEventMembers[] = {
    {"cat", {kCategory, kJsonString}},
    {"name", {kName, kJsonString}},
    {"tid", {kThread, kJsonNumber | kJsonInteger | kJsonString}},
    {"ts", {kBegin, kJsonNumber}},
    {"dur", {kDuration, kJsonNumber}},
    {"args", {kArguments, kJsonObject, kArgumentMembers}},
};

constexpr JsonSchema kEventSchema = {kEvent, kJsonObject, kEventMembers};

constexpr JsonMember kTopMembers[] = {
    {"traceEvents", {kEvents, kJsonList, {}, &kEventSchema}},
};

constexpr JsonSchema kTopSchema = {kTop, kJsonObject | kJsonList, kTopMembers, &kEventSchema};

struct Event {
  std::string category, name, op_type;
  absl::optional<uint32_t> node_index;
  double thread = 0;
  absl::optional<double> begin, duration;
  std::string dropped;

  void Clear() {
    category.clear();
    name.clear();
    op_type.clear();
    node_index.reset();
    thread = 0;
    begin.reset();
    duration.reset();
    dropped.clear();
  }
};

class EventSink final : public JsonSink {
 public:
  EventSink() : runs_(&kernels_) {}

  void OnInteger(int id, int64_t value) override {
    if (id == kThread) event_.thread = static_cast<double>(value);
    if (id == kNodeIndex && value <= UINT32_MAX) event_.node_index = static_cast<uint32_t>(value);
    if (id == kDropped) event_.dropped = absl::StrCat(value);
  }

  void OnNumber(int id, double value) override {
    if (id == kThread) event_.thread = value;
    if (id == kBegin) event_.begin = value;
    if (id == kDuration) event_.duration = value;
  }

  void OnString(int id, absl::string_view value) override {
    if (id == kCategory) event_.category.assign(value.data(), value.size());
    if (id == kName) event_.name.assign(value.data(), value.size());
    if (id == kOperator) event_.op_type.assign(value.data(), value.size());
    if (id == kDropped) event_.dropped.assign(value.data(), value.size());
    uint32_t number = 0;
    if (id == kNodeIndex && absl::SimpleAtoi(value, &number)) event_.node_index = number;
  }

  absl::Status OnEnd(int id) override {
    if (id != kEvent) return absl::OkStatus();
    const absl::Status taken = Take();
    event_.Clear();
    ++num_events_;
    return taken;
  }

  Profile Finish(size_t warmup) {
    const RecordedRuns recorded = runs_.Finish();
    Profile profile;
    profile.kernels = kernels_.Take();
    if (num_runs_ == 0 && !recorded.runs.empty()) {
      profile.notes.push_back("it says of no run when it ended: all kernels count as one run");
    }
    if (!dropped_.empty()) {
      profile.notes.push_back(
          absl::StrCat("ONNX Runtime's profiler was full: it left out ", dropped_, " events"));
    }
    SumKeptRuns(recorded, warmup, &profile);
    return profile;
  }

 private:
  absl::Status Take() {
    if (event_.category == "Session" && event_.name == "model_run") {
      MX_RETURN_IF_ERROR(CheckTimes());
      ++num_runs_;
      runs_.OnRun(event_.thread, *event_.begin, *event_.duration);
    } else if (event_.category == "Session" && event_.name == "profile_truncated") {
      dropped_ = event_.dropped.empty() ? "some" : event_.dropped;
    } else if (event_.category == "Node" && absl::EndsWith(event_.name, kSuffix)) {
      MX_RETURN_IF_ERROR(CheckTimes());
      const uint32_t kernel =
          kernels_.Find(absl::StripSuffix(event_.name, kSuffix), event_.op_type, event_.node_index);
      runs_.OnKernel({kernel, event_.thread, *event_.begin, *event_.duration});
    }
    return absl::OkStatus();
  }

  absl::Status CheckTimes() const {
    if (!event_.begin.has_value()) return Error("no \"ts\"");
    if (!event_.duration.has_value()) return Error("no \"dur\"");
    if (*event_.duration < 0) return Error(absl::StrCat("\"dur\" is ", *event_.duration));
    return absl::OkStatus();
  }

  absl::Status Error(absl::string_view message) const {
    return absl::InvalidArgumentError(
        absl::StrCat("event ", num_events_, " from 0, \"", event_.name, "\": ", message));
  }

  static constexpr absl::string_view kSuffix = "_kernel_time";

  KernelTable kernels_;
  RunSplitter runs_;
  Event event_;
  size_t num_events_ = 0;
  size_t num_runs_ = 0;
  std::string dropped_;  // How many events, if any.
};

}  // namespace

absl::StatusOr<Profile> ReadOrtEvents(const ByteSource& source, const ProfileOptions& options) {
  absl::optional<EventSink> sink(absl::in_place);
  absl::Status read;
  if (!ReadEventLines(source, kEventSchema, &*sink, options.cancelled)) {
    sink.emplace();
    read = ReadJson(source, kTopSchema, &*sink, options.cancelled);
  }
  if (!read.ok() && !absl::IsDataLoss(read)) return read;
  Profile profile = sink->Finish(options.warmup);
  if (!read.ok()) {
    profile.notes.push_back("the file ends in the middle: what is before that was read");
  }
  return profile;
}

}  // namespace modelexport
