#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/json/schema_json.h"
#include "modelexport/profiles/kept_runs.h"
#include "modelexport/profiles/profile_forms.h"

namespace modelexport {
namespace {

enum Id : int {
  kTop,
  kStatus,
  kError,
  kReason,
  kOperators,
  kOperator,
  kPath,
  kMean,
  kSamples,
  kSample,
  kNodes,
  kNode,
  kNodeName
};

constexpr JsonMember kNodeMembers[] = {{"name", {kNodeName, kJsonString | kJsonNull}}};
constexpr JsonSchema kNodeSchema = {kNode, kJsonObject, kNodeMembers};
constexpr JsonSchema kSampleSchema = {kSample, kJsonNumber};

constexpr JsonMember kOperatorMembers[] = {
    {"op_path", {kPath, kJsonString}, /*required=*/true},
    {"duration_us", {kMean, kJsonNumber}, /*required=*/true},
    {"samples_us", {kSamples, kJsonList | kJsonNull, {}, &kSampleSchema}},
    {"onnx_nodes", {kNodes, kJsonList | kJsonNull, {}, &kNodeSchema}},
};
constexpr JsonSchema kOperatorSchema = {kOperator, kJsonObject, kOperatorMembers};

constexpr JsonMember kTopMembers[] = {
    {"operators", {kOperators, kJsonList, {}, &kOperatorSchema}, /*required=*/true},
    {"status", {kStatus, kJsonString | kJsonNull}},
    {"error", {kError, kJsonString | kJsonNull}},
    {"fallback_reason", {kReason, kJsonString | kJsonNull}},
};
constexpr JsonSchema kTopSchema = {kTop, kJsonObject, kTopMembers};

struct Operator {
  std::string path;
  double mean = 0;
  std::vector<double> samples;
  std::vector<std::string> nodes;
};

class TraceSink final : public JsonSink {
 public:
  void OnString(int id, absl::string_view value) override {
    if (id == kStatus) status = std::string(value);
    if ((id == kError || id == kReason) && reason.empty()) reason = std::string(value);
    if (id == kPath) current_.path = std::string(value);
    if (id == kNodeName && !value.empty()) current_.nodes.emplace_back(value);
  }

  void OnNumber(int id, double value) override {
    if (id == kMean) current_.mean = value;
    if (id == kSample) current_.samples.push_back(value);
    if (value < 0) negative_ = true;
  }

  absl::Status OnEnd(int id) override {
    if (id != kOperator) return absl::OkStatus();
    if (negative_) {
      return absl::InvalidArgumentError(
          absl::StrCat("$.operators[", operators.size(), "]: a time is less than 0"));
    }
    operators.push_back(std::exchange(current_, {}));
    return absl::OkStatus();
  }

  std::vector<Operator> operators;
  std::string status, reason;

 private:
  Operator current_;
  bool negative_ = false;
};

// How many samples all operators have; 0 if not all have as many.
size_t NumSamples(const std::vector<Operator>& operators) {
  const size_t count = operators.empty() ? 0 : operators[0].samples.size();
  const bool same = std::all_of(operators.begin(), operators.end(),
                                [count](const Operator& op) { return op.samples.size() == count; });
  return same ? count : 0;
}

// The samples of one number are those of one run.
RecordedRuns RunsOf(const std::vector<Operator>& operators, size_t num_samples) {
  RecordedRuns recorded;
  recorded.runs.resize(num_samples);
  for (size_t run = 0; run < num_samples; ++run) {
    for (uint32_t k = 0; k < operators.size(); ++k) {
      recorded.runs[run].times.push_back({k, operators[k].samples[run]});
    }
  }
  return recorded;
}

}  // namespace

absl::StatusOr<Profile> ReadWinmlTrace(const ByteSource& source, const ProfileOptions& options) {
  TraceSink sink;
  const absl::Status read = ReadJson(source, kTopSchema, &sink, options.cancelled);
  // What is cut may lack samples of some operators, or its status.
  if (absl::IsDataLoss(read)) return absl::InvalidArgumentError(read.message());
  MX_RETURN_IF_ERROR(read);
  if (!sink.status.empty() && sink.status != "ok") {
    return absl::InvalidArgumentError(absl::StrCat("its status is \"", sink.status, "\"",
                                                   sink.reason.empty() ? "" : ": ", sink.reason));
  }
  Profile profile;
  const size_t num_samples = NumSamples(sink.operators);
  for (const Operator& op : sink.operators) {
    Kernel& kernel = profile.kernels.emplace_back();
    kernel.name = op.path;
    kernel.parts = op.nodes;
    if (num_samples > 0) continue;
    kernel.own = op.mean;
    kernel.executions = 1;
  }
  // The runs of the warm-up are not in the file.
  if (num_samples > 0) SumKeptRuns(RunsOf(sink.operators, num_samples), /*warmup=*/0, &profile);
  return profile;
}

}  // namespace modelexport
