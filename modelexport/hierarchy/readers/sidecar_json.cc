#include "modelexport/hierarchy/readers/sidecar_json.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/base/quoted.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/hierarchy_builder.h"
#include "modelexport/json/schema_json.h"

namespace modelexport {
namespace {

// What a value is. The values of one entry stand between its own id and that of the next kind.
enum Id : int {
  kList,
  kTop,
  kSchema,
  kVersionNumber,
  kOpsSource,
  kModule,
  kPath,
  kClass,
  kModuleCalls,
  kModuleAlias,
  kTracedTag,
  kTensor,
  kTensorName,
  kTensorKind,
  kDtype,
  kDimension,
  kTensorAlias,
  kStats,
  kMin,
  kMax,
  kMean,
  kL2,
  kCall,
  kCallModule,
  kParent,
  kOp,
  kOpName,
  kNodeName,
  kOpCall,
  kReturns,
  kRead,
  kIdCount,
};

constexpr bool kRequired = true;

constexpr JsonSchema kModuleAliasSchema = {kModuleAlias, kJsonString};
constexpr JsonMember kModuleMembers[] = {
    {"path", {kPath, kJsonString}, kRequired},
    {"class", {kClass, kJsonString}},
    {"calls", {kModuleCalls, kJsonInteger}},
    {"aliases", {kList, kJsonList, {}, &kModuleAliasSchema}},
    {"traced_tag", {kTracedTag, kJsonString}},
};
constexpr JsonSchema kModuleSchema = {kModule, kJsonObject, kModuleMembers};

constexpr JsonMember kStatsMembers[] = {
    {"min", {kMin, kJsonNumber}, kRequired},
    {"max", {kMax, kJsonNumber}, kRequired},
    {"mean", {kMean, kJsonNumber}, kRequired},
    {"l2", {kL2, kJsonNumber}, kRequired},
};
constexpr JsonSchema kDimensionSchema = {kDimension, kJsonInteger};
constexpr JsonSchema kTensorAliasSchema = {kTensorAlias, kJsonString};
constexpr JsonMember kTensorMembers[] = {
    {"name", {kTensorName, kJsonString}, kRequired},
    {"kind", {kTensorKind, kJsonString}},
    {"dtype", {kDtype, kJsonString}},
    {"shape", {kList, kJsonList, {}, &kDimensionSchema}},
    {"aliases", {kList, kJsonList, {}, &kTensorAliasSchema}},
    {"stats", {kStats, kJsonObject, kStatsMembers}},
};
constexpr JsonSchema kTensorSchema = {kTensor, kJsonObject, kTensorMembers};

constexpr JsonMember kCallMembers[] = {
    {"module", {kCallModule, kJsonString}, kRequired},
    {"parent", {kParent, kJsonInteger | kJsonNull}},
};
constexpr JsonSchema kCallSchema = {kCall, kJsonObject, kCallMembers};

constexpr JsonSchema kReadSchema = {kRead, kJsonInteger | kJsonString | kJsonNull};
constexpr JsonMember kOpMembers[] = {
    {"op", {kOpName, kJsonString}, kRequired}, {"call", {kOpCall, kJsonInteger}, kRequired},
    {"name", {kNodeName, kJsonString}},        {"reads", {kList, kJsonList, {}, &kReadSchema}},
    {"returns", {kReturns, kJsonInteger}},
};
constexpr JsonSchema kOpSchema = {kOp, kJsonObject, kOpMembers};

constexpr JsonMember kTopMembers[] = {
    {"schema", {kSchema, kJsonString}},  // These two are required by CheckHeader().
    {"version", {kVersionNumber, kJsonInteger}},
    {"modules", {kList, kJsonList, {}, &kModuleSchema}, kRequired},
    {"tensors", {kList, kJsonList, {}, &kTensorSchema}},
    {"calls", {kList, kJsonList, {}, &kCallSchema}},
    {"ops_source", {kOpsSource, kJsonString}},
    {"ops", {kList, kJsonList, {}, &kOpSchema}},
};
constexpr JsonSchema kSidecarSchema = {kTop, kJsonObject, kTopMembers};

// What every version has in common.
constexpr JsonSchema kHeaderSchema = {kTop, kJsonObject,
                                      absl::MakeConstSpan(kTopMembers).subspan(0, 2)};

// Collects the values of one entry, which may come in any order, and adds it where it ends.
class SidecarSink : public JsonSink {
 public:
  void OnNull(int id) override {
    if (id == kRead) reads_.emplace_back();
  }

  void OnInteger(int id, int64_t value) override {
    if (id == kRead) {
      reads_.push_back({value, absl::nullopt});
    } else if (id == kDimension) {
      shape_.push_back(value);
    } else {
      integers_[id] = value;
    }
  }

  void OnNumber(int id, double value) override { numbers_[id] = value; }

  void OnString(int id, absl::string_view value) override {
    if (id == kRead) reads_.push_back({absl::nullopt, ""});
    if (id == kRead || id == kModuleAlias || id == kTensorAlias) {
      listed_.emplace_back(value);
    } else {
      strings_[id].assign(value.data(), value.size());
    }
    if (id == kPath) builder_.ExpectModule(value);
  }

  absl::Status OnEnd(int id) override {
    switch (id) {
      case kModule:
        return Added(builder_.AddModule({strings_[kPath], strings_[kClass], integers_[kModuleCalls],
                                         Listed(), strings_[kTracedTag]}),
                     kModule, kTensor);
      case kTensor:
        return Added(builder_.AddTensor({strings_[kTensorName], strings_[kTensorKind],
                                         strings_[kDtype], shape_, Listed(), Stats()}),
                     kTensor, kCall);
      case kCall:
        return Added(builder_.AddCall(strings_[kCallModule], integers_[kParent]), kCall, kOp);
      case kOp:
        return Added(builder_.AddOp({strings_[kOpName], strings_[kNodeName], *integers_[kOpCall],
                                     Reads(), integers_[kReturns]}),
                     kOp, kIdCount);
      case kTop:
        ended_ = true;
        MX_RETURN_IF_ERROR(CheckHeader());
        return SetOpsSource();
      default:
        return absl::OkStatus();
    }
  }

  // Whether the text was read to the end of the sidecar's object.
  bool ended() const { return ended_; }

  void ReserveModules(size_t count) { builder_.ReserveModules(count); }

  absl::StatusOr<Hierarchy> Build(const std::atomic<bool>* cancelled) {
    return std::move(builder_).Build(cancelled);
  }

 private:
  // Forgets the values of an entry, from its id to `next`.
  absl::Status Added(absl::Status status, Id entry, Id next) {
    for (int id = entry; id < next; ++id) {
      strings_[id].clear();
      integers_[id].reset();
      numbers_[id].reset();
    }
    listed_.clear();
    shape_.clear();
    reads_.clear();
    return status;
  }

  absl::Span<const absl::string_view> Listed() {
    views_.assign(listed_.begin(), listed_.end());
    return views_;
  }

  absl::Span<const ReadEntry> Reads() {
    size_t name = 0;
    for (ReadEntry& read : reads_) {
      if (read.tensor.has_value()) read.tensor = listed_[name++];
    }
    return reads_;
  }

  absl::optional<TensorStats> Stats() const {
    if (!numbers_[kMin].has_value()) return absl::nullopt;
    return TensorStats{*numbers_[kMin], *numbers_[kMax], *numbers_[kMean], *numbers_[kL2]};
  }

  absl::Status CheckHeader() const {
    if (strings_[kSchema].empty()) return absl::InvalidArgumentError("$.schema: missing");
    if (strings_[kSchema] != kSidecarSchemaName) {
      return absl::InvalidArgumentError(absl::StrCat("$.schema: ", Quoted(strings_[kSchema]),
                                                     " is not ", Quoted(kSidecarSchemaName)));
    }
    if (!integers_[kVersionNumber].has_value()) {
      return absl::InvalidArgumentError("$.version: missing");
    }
    const int64_t version = *integers_[kVersionNumber];
    if (version > kSidecarVersion) {
      return absl::InvalidArgumentError(absl::StrCat("$.version: version ", version,
                                                     " is newer than this program understands (",
                                                     kSidecarVersion, ")"));
    }
    if (version < kSidecarVersion) {
      return absl::InvalidArgumentError(absl::StrCat("$.version: there is no version ", version));
    }
    return absl::OkStatus();
  }

  absl::Status SetOpsSource() {
    const std::string& source = strings_[kOpsSource];
    if (source == "exported_program") {
      builder_.SetOpsSource(OpsSource::kExportedProgram);
    } else if (source == "torch_export") {
      builder_.SetOpsSource(OpsSource::kTorchExport);
    } else if (source == "dispatch") {
      builder_.SetOpsSource(OpsSource::kDispatch);
    } else if (!source.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("$.ops_source: unknown source ", Quoted(source)));
    }
    return absl::OkStatus();
  }

  HierarchyBuilder builder_;
  bool ended_ = false;
  std::string strings_[kIdCount];
  absl::optional<int64_t> integers_[kIdCount];
  absl::optional<double> numbers_[kIdCount];
  std::vector<std::string> listed_;  // Aliases, or the names of tensors read.
  std::vector<absl::string_view> views_;
  std::vector<int64_t> shape_;
  std::vector<ReadEntry> reads_;
};

size_t CountPaths(absl::string_view json) {
  constexpr absl::string_view kMember = "\"path\"";
  size_t count = 0;
  for (size_t at = json.find(kMember); at != absl::string_view::npos;
       at = json.find(kMember, at + kMember.size())) {
    ++count;
  }
  return count;
}

// How many modules there are, judged by some parts of a long text.
size_t GuessModules(absl::string_view json) {
  constexpr size_t kParts = 16;
  constexpr size_t kPart = 8 << 10;
  if (json.size() <= kParts * kPart) return CountPaths(json);
  const size_t step = json.size() / kParts;
  size_t count = 0;
  for (size_t i = 0; i < kParts; ++i) count += CountPaths(json.substr(i * step, kPart));
  return count * (step / kPart + 1);
}

}  // namespace

absl::StatusOr<Hierarchy> ParseSidecar(absl::string_view json, const std::atomic<bool>* cancelled) {
  SidecarSink sink;
  sink.ReserveModules(GuessModules(json));
  const absl::Status read = ReadJson(json, kSidecarSchema, &sink, cancelled);
  if (read.ok()) return sink.Build(cancelled);
  // Another version may differ in any member before it says which it is.
  SidecarSink header;
  const absl::Status header_read = ReadJson(json, kHeaderSchema, &header, cancelled);
  return header.ended() && !header_read.ok() ? header_read : read;
}

}  // namespace modelexport
