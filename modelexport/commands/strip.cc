#include "modelexport/commands/strip.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/stages.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/edits/strip_list.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

class StripRun {
 public:
  StripRun(const StripRequest& request, StripReport* report)
      : request_(request), report_(*report), copy_(request.copy) {}

  absl::Status Run() {
    constexpr Stage<StripRun> kStages[] = {
        {"index", &StripRun::IndexModel},
        {"select", &StripRun::SelectEntries},
        {"write", &StripRun::WriteTemporary},
        // On the temporary file: what fails here never had the output's name.
        {"validate", &StripRun::ValidateTemporary},
        {"commit", &StripRun::Commit},
    };
    return RunStages(kStages, {request_.copy.cancelled, request_.on_stage}, this, &report_.stages);
  }

 private:
  absl::Status IndexModel() {
    MX_ASSIGN_OR_RETURN(source_, OpenFile(request_.copy.model));
    report_.bytes_in = source_->size();
    absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source_, {EditList::KeysToLoad()});
    MX_RETURN_IF_ERROR(index.status());
    index_ = std::make_unique<ModelIndex>(*std::move(index));
    graph_ = std::make_unique<GraphView>(*index_);
    return absl::OkStatus();
  }

  absl::Status SelectEntries() {
    list_ = std::make_unique<StripList>(*graph_, request_.presets);
    report_.removed = list_->scope().ours.ToString();
    report_.left = list_->scope().left.ToString();
    report_.entries = list_->counts().entries;
    report_.nodes = list_->counts().nodes;
    report_.nodes_in_all = graph_->num_nodes();
    WarnOfForeignKeys();
    MX_RETURN_IF_ERROR(copy_.Plan(*graph_, list_->edits(), &report_.warnings));
    report_.bytes_out = copy_.size();
    return absl::OkStatus();
  }

  void WarnOfForeignKeys() {
    const StripCounts& counts = list_->counts();
    if (counts.foreign_kept > 0) {
      report_.warnings.push_back(absl::StrCat(
          counts.foreign_kept, counts.foreign_kept == 1 ? " node keeps" : " nodes keep",
          " what another program wrote before our tags"));
    }
    if (counts.foreign_removed > 0) {
      report_.warnings.push_back(absl::StrCat(counts.foreign_removed,
                                              counts.foreign_removed == 1 ? " entry" : " entries",
                                              " of other programs removed"));
    }
    if (!list_->unknown_presets().empty()) {
      report_.warnings.push_back(
          absl::StrCat("keys of presets that this version does not know stay: ",
                       absl::StrJoin(list_->unknown_presets(), ", ")));
    }
  }

  absl::Status WriteTemporary() { return copy_.WriteTemporary(); }

  absl::Status ValidateTemporary() {
    if (request_.validation == StripRequest::Validation::kOff) {
      report_.validation = "off";
      return absl::OkStatus();
    }
    MX_ASSIGN_OR_RETURN(const auto written, copy_.OpenTemporary());
    StripValidationRequest request;
    request.original = source_.get();
    request.stripped = written.get();
    const bool full = request_.validation == StripRequest::Validation::kFull;
    request.level = full ? ValidationLevel::kFull : ValidationLevel::kStandard;
    request.removed = list_->scope().ours;
    request.all = list_->scope().all;
    request.notes = !list_->scope().everything();
    request.cancelled = request_.copy.cancelled;
    MX_ASSIGN_OR_RETURN(const Findings findings, ValidateStripped(request));
    report_.validation = full ? "full" : "standard";
    for (const Finding& finding : findings.kept()) {
      report_.findings.push_back(
          absl::StrCat(finding.code, " ", finding.place, ": ", finding.message));
    }
    if (findings.errors() == 0) return absl::OkStatus();
    return WithFault(absl::FailedPreconditionError(
                         absl::StrCat(request_.copy.output, ": not written: validation found ",
                                      findings.errors(), " errors:\n", findings.ToText())),
                     Fault::kJudged);
  }

  absl::Status Commit() { return copy_.Commit(); }

  const StripRequest& request_;
  StripReport& report_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<ModelIndex> index_;
  std::unique_ptr<GraphView> graph_;
  std::unique_ptr<StripList> list_;
  EditedCopy copy_;
};

}  // namespace

StripOutcome Strip(const StripRequest& request) {
  StripOutcome outcome;
  outcome.report.model = request.copy.model;
  outcome.report.output = request.copy.output;
  outcome.status = StripRun(request, &outcome.report).Run();
  if (!outcome.status.ok()) outcome.report.bytes_out = 0;
  return outcome;
}

}  // namespace modelexport
