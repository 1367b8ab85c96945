#include "modelexport/commands/part_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/external_references.h"
#include "modelexport/commands/gathered_data.h"
#include "modelexport/commands/infer_infos.h"
#include "modelexport/files/folder.h"
#include "modelexport/onnx/value_type.h"
#include "modelexport/validation/extracted.h"

namespace modelexport {

PartWriter::PartWriter(ExtractRequest request, const OwnedModel& owned, ExtractReport* report)
    : request_(std::move(request)), owned_(owned), report_(*report), copy_(request_) {}

absl::Status PartWriter::Named(const absl::Status& status) const {
  return Annotate(status, absl::StrCat(request_.model, ": ", request_.modules));
}

absl::Status PartWriter::CutOut(absl::Span<const NodeId> nodes) {
  absl::StatusOr<Cut> cut = modelexport::CutOut(graph(), nodes);
  if (!cut.ok()) return Named(cut.status());
  cut_ = *std::move(cut);
  tensors_ = TensorsOf(graph(), cut_);
  WarnOfWayBack();
  return absl::OkStatus();
}

std::vector<ValueId> PartWriter::boundary() const {
  std::vector<ValueId> values = cut_.inputs;
  values.insert(values.end(), cut_.outputs.begin(), cut_.outputs.end());
  return values;
}

void PartWriter::WarnOfWayBack() {
  if (cut_.way_back.empty()) return;
  constexpr size_t kMost = 6;
  std::string way;
  for (size_t i = 0; i < cut_.way_back.size() && i < kMost; ++i) {
    absl::StrAppend(&way, i == 0 ? "" : " to ", graph().Place(cut_.way_back[i]));
  }
  if (cut_.way_back.size() > kMost) absl::StrAppend(&way, " ...");
  report_.warnings.push_back(absl::StrCat("what it makes comes back as what it reads (", way,
                                          "): some inputs depend on outputs"));
}

absl::Status PartWriter::Plan(const Declarations& declared, absl::Span<const ValueInfo> infos) {
  MX_RETURN_IF_ERROR(TakeTypes(infos));
  MX_RETURN_IF_ERROR(PlanData());
  MX_ASSIGN_OR_RETURN(ExtractList list, ExtractList::Make(graph(), declared, cut_, options_));
  list_ = std::make_unique<const ExtractList>(std::move(list));
  Count(declared);
  MX_RETURN_IF_ERROR(copy_.Plan(graph(), list_->edits(), std::move(data_plan_)));
  report_.bytes_out = copy_.size();
  return absl::OkStatus();
}

absl::Status PartWriter::TakeTypes(absl::Span<const ValueInfo> infos) {
  if (!request_.untyped) {
    MX_RETURN_IF_ERROR(
        AddHint(Named(RefuseIncomplete(graph(), infos)),
                "--untyped writes it so, which onnx's checker refuses and ONNX Runtime loads"));
  }
  const auto described = [&](const ValueInfo& info) {
    return ExtractReport::Value{std::string(graph().name(info.value)), ToString(info.type)};
  };
  const auto middle = infos.begin() + cut_.inputs.size();
  options_.inputs.assign(infos.begin(), middle);
  options_.outputs.assign(middle, infos.end());
  for (const ValueInfo& info : options_.inputs) report_.inputs.push_back(described(info));
  for (const ValueInfo& info : options_.outputs) report_.outputs.push_back(described(info));
  return absl::OkStatus();
}

// The output must be no data file of the model, whether its tensors are kept or not.
absl::Status PartWriter::PlanData() {
  MX_RETURN_IF_ERROR(modelexport::PlanExternalData(request_.model, request_.output,
                                                   ExternalReferences(graph()),
                                                   ExternalDataMode::kLeave, request_.cancelled)
                         .status());
  if (request_.external_data == ExternalDataMode::kLeave) {
    MX_ASSIGN_OR_RETURN(
        data_plan_, modelexport::PlanExternalData(request_.model, request_.output,
                                                  ExternalReferences(graph(), tensors_),
                                                  ExternalDataMode::kLeave, request_.cancelled));
    report_.warnings.insert(report_.warnings.end(), data_plan_.warnings().begin(),
                            data_plan_.warnings().end());
    return absl::OkStatus();
  }
  return PlanNewFile();
}

absl::Status PartWriter::PlanNewFile() {
  MX_ASSIGN_OR_RETURN(GatheredData data, GatherData(graph(), tensors_, request_));
  for (const auto& tensor : data.tensors) {
    if (ExtractList::CanReplace(graph(), cut_, tensor.first)) continue;
    return absl::UnimplementedError(absl::StrCat(
        request_.model, ": ", request_.modules,
        ": has external data in a tensor that is no initializer of the graph, which cannot be "
        "moved to another file; --external_data=leave lets it be where it is"));
  }
  if (data.content == nullptr) return absl::OkStatus();
  report_.data = data.path;
  report_.data_bytes = data.content->size();
  MX_ASSIGN_OR_RETURN(data_plan_,
                      PlanNewData(request_.output, data.path, data.content, request_.cancelled));
  options_.tensors = std::move(data.tensors);
  return absl::OkStatus();
}

void PartWriter::Count(const Declarations& declared) {
  report_.nodes = cut_.nodes.size();
  report_.nodes_in_all = graph().index().graphs()[0].num_nodes;
  report_.initializers = list_->initializers();
  report_.initializers_in_all = declared.initializers(kMainGraph).size();
  if (graph().index().num_training_info() == 0) return;
  report_.warnings.push_back("what the model says about its training is left out");
}

absl::Status PartWriter::Write(const Stages& stages) {
  return copy_.WriteAndJudge(stages, [&](const ByteSource& written) { return Validate(written); },
                             {&report_.validation, &report_.findings});
}

absl::StatusOr<Findings> PartWriter::Validate(const ByteSource& written) const {
  ExtractedRequest checks;
  checks.original = &graph();
  checks.nodes = cut_.nodes;
  checks.tensors = tensors_;
  checks.extracted = &written;
  checks.level = request_.validation;
  checks.checker = request_.checker;
  checks.folder = FolderOf(request_.output);
  checks.original_folder = FolderOf(request_.model);
  checks.cancelled = request_.cancelled;
  return ValidateExtracted(checks);
}

}  // namespace modelexport
