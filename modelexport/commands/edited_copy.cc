#include "modelexport/commands/edited_copy.h"

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/external_references.h"

namespace modelexport {
namespace {

// protobuf's parsers, and so all other readers, refuse larger messages.
constexpr uint64_t kTwoGib = uint64_t{1} << 31;

}  // namespace

absl::Status EditedCopy::Plan(const GraphView& graph, absl::Span<const Edit> edits,
                              std::vector<std::string>* warnings) {
  return Plan(graph.index(), edits, ExternalReferences(graph), warnings);
}

absl::Status EditedCopy::Plan(const ModelIndex& index, absl::Span<const Edit> edits,
                              const std::vector<ExternalReference>& references,
                              std::vector<std::string>* warnings) {
  MX_RETURN_IF_ERROR(PlanBytes(index, edits));
  return PlanExternalData(references, warnings);
}

absl::Status EditedCopy::Plan(const GraphView& graph, absl::Span<const Edit> edits,
                              ExternalDataPlan data) {
  MX_RETURN_IF_ERROR(PlanBytes(graph.index(), edits));
  external_data_ = std::move(data);
  data_comes_first_ = true;
  return absl::OkStatus();
}

absl::Status EditedCopy::PlanBytes(const ModelIndex& index, absl::Span<const Edit> edits) {
  source_ = &index.source();
  plan_ = std::make_unique<SplicePlan>(index, edits);
  if (source_->size() < kTwoGib && size() >= kTwoGib && !request_.allow_over_2gib) {
    return WithFault(
        absl::FailedPreconditionError(absl::StrCat(
            request_.output, ": would have ", size() - kTwoGib + 1,
            " bytes more than the 2 GiB that protobuf can read; --embed_hierarchy=false, fewer "
            "--keys or external data make it smaller, --allow_over_2gib writes it")),
        Fault::kJudged);
  }
  return absl::OkStatus();
}

absl::Status EditedCopy::PlanExternalData(const std::vector<ExternalReference>& references,
                                          std::vector<std::string>* warnings) {
  for (const std::string& path : request_.also_written) {
    MX_RETURN_IF_ERROR(CheckIsNoData(request_.model, request_.output, references, path));
  }
  if (request_.declared_data.has_value()) {
    MX_RETURN_IF_ERROR(CheckDeclared(request_.model, references, *request_.declared_data));
  }
  MX_ASSIGN_OR_RETURN(external_data_,
                      modelexport::PlanExternalData(request_.model, request_.output, references,
                                                    request_.external_data, request_.cancelled));
  warnings->insert(warnings->end(), external_data_.warnings().begin(),
                   external_data_.warnings().end());
  return absl::OkStatus();
}

absl::Status EditedCopy::WriteTemporary() {
  MX_ASSIGN_OR_RETURN(output_, OutputFile::Create(request_.output, request_.cancelled));
  MX_RETURN_IF_ERROR(plan_->Write(*source_, *output_));
  if (data_comes_first_) MX_RETURN_IF_ERROR(PlaceData());
  return output_->Flush();
}

absl::Status EditedCopy::PlaceData() {
  MX_ASSIGN_OR_RETURN(PlacedData data, external_data_.Place(sync(), request_.cancelled));
  data_.emplace(std::move(data));
  return absl::OkStatus();
}

absl::Status EditedCopy::Judge(const Findings& findings, Verdict verdict) const {
  for (const Finding& finding : findings.kept()) {
    verdict.findings->push_back(
        absl::StrCat(finding.code, " ", finding.place, ": ", finding.message));
  }
  if (findings.errors() == 0) return absl::OkStatus();
  return WithFault(absl::FailedPreconditionError(
                       absl::StrCat(request_.output, ": not written: validation found ",
                                    findings.errors(), " errors:\n", findings.ToText())),
                   Fault::kJudged);
}

// Data files first, so that the model never has its name without them.
absl::Status EditedCopy::CommitFiles() {
  if (!data_comes_first_) MX_RETURN_IF_ERROR(PlaceData());
  const absl::Status status = output_->Commit(sync());
  // Even after an error the model may have its name, and then needs its data.
  if (output_->committed()) data_->Keep();
  return status;
}

absl::Status EditedCopy::Write(
    const Stages& stages, absl::FunctionRef<absl::StatusOr<Findings>(const ByteSource&)> validate,
    Verdict verdict) {
  MX_RETURN_IF_ERROR(WriteAndJudge(stages, validate, verdict));
  return Commit(stages);
}

absl::Status EditedCopy::WriteAndJudge(
    const Stages& stages, absl::FunctionRef<absl::StatusOr<Findings>(const ByteSource&)> validate,
    Verdict verdict) {
  MX_RETURN_IF_ERROR(stages.Run("write", [&] { return WriteTemporary(); }));
  return stages.Run("validate", [&]() -> absl::Status {
    if (request_.validation != ValidationLevel::kOff) {
      MX_ASSIGN_OR_RETURN(const auto written, OpenFile(output_->temporary_path()));
      MX_ASSIGN_OR_RETURN(const Findings findings, validate(*written));
      *verdict.level = std::string(NameOf(request_.validation));
      return Judge(findings, verdict);
    }
    *verdict.level = std::string(NameOf(request_.validation));
    return absl::OkStatus();
  });
}

absl::Status EditedCopy::Commit(const Stages& stages) {
  return stages.Run("commit", [&] { return CommitFiles(); });
}

}  // namespace modelexport
