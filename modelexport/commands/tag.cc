#include "modelexport/commands/tag.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/onnx/tensor_elements.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/report/summarize.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

absl::Status Judged(absl::string_view message) {
  return WithFault(absl::FailedPreconditionError(message), Fault::kJudged);
}

// What the report says of the inputs and the owners.
void Describe(const OwnedModel& owned, Report* report) {
  report->bytes_in = owned.model.source->size();
  report->warnings = owned.hierarchy->warnings();
  report->notes = owned.notes;
  for (const SidecarFit::Row& row : owned.fit.rows) {
    report->offers.push_back({row.kind, row.offer.offered, row.offer.resolved});
  }
  for (const EvidenceUse& use : owned.uses) {
    report->uses.push_back({std::string(NameOf(use.kind)), use.nodes, use.why_not});
  }
  report->calls = owned.hierarchy->calls().size();
  report->ops = owned.hierarchy->ops().size();
  report->ops_source = std::string(NameOf(owned.hierarchy->ops_source()));
  Summarize(owned.graph(), *owned.hierarchy, owned.owners, owned.conflicts, report);
}

absl::Status JudgeMatches(const TagFileRequest& request, const SidecarFit& fit,
                          const Report& report) {
  if (!fit.plausible && !request.force) {
    std::string offers;
    for (const SidecarFit::Row& row : fit.rows) {
      if (row.offer.offered == 0) continue;
      absl::StrAppend(&offers, offers.empty() ? "" : ", ", row.kind, " ", row.offer.resolved,
                      " of ", row.offer.offered);
    }
    return Judged(absl::StrCat(request.hierarchy, ": hierarchy does not describe this model (",
                               offers, " resolve); --force writes all the same"));
  }
  if (report.coverage() < request.min_coverage) {
    return Judged(absl::StrFormat("%s: coverage is %.4f, below --min_coverage=%g", request.model,
                                  report.coverage(), request.min_coverage));
  }
  return absl::OkStatus();
}

absl::Status PlanCopy(const OwnedModel& owned, const EditList& edits, EditedCopy* copy,
                      Report* report) {
  SummarizePresets(edits, report);
  MX_RETURN_IF_ERROR(copy->Plan(owned.graph(), edits.edits(), &report->warnings));
  report->bytes_out = copy->size();
  report->bytes_new = copy->new_bytes();
  if (!copy->lengths_were_minimal()) {
    report->warnings.push_back(
        "the input has length prefixes that are not minimal: strip will not restore its bytes");
  }
  return absl::OkStatus();
}

absl::StatusOr<Findings> ValidateCopy(const TagFileRequest& request, const OwnedModel& owned,
                                      const ByteSource& written) {
  ValidationRequest checks;
  checks.tagged = &written;
  checks.original = owned.model.source.get();
  checks.hierarchy = owned.hierarchy.get();
  checks.level = request.validation;
  checks.checker = request.checker;
  // The data files have not been placed beside the output yet.
  checks.original_folder = FolderOf(request.model);
  checks.tagged_folder = checks.original_folder;
  checks.foreign_replaced = request.injection.replace_foreign;
  checks.ir_version_raised = request.injection.raise_ir_version;
  checks.cancelled = request.cancelled;
  MX_ASSIGN_OR_RETURN(ValidationResult result, Validate(checks));
  return std::move(result.findings);
}

absl::Status Run(const TagFileRequest& request, Report* report) {
  const Stages stages({request.cancelled, request.on_stage}, &report->stages);
  // The stages "hierarchy", "index", "graph", "match" and "resolve".
  MX_ASSIGN_OR_RETURN(OwnedModel owned,
                      OwnModel({request.model, request.hierarchy, EditList::KeysToLoad()},
                               request.strategy, stages, request.cancelled));
  // Before anything is written.
  MX_RETURN_IF_ERROR(stages.Run("judge", [&] {
    Describe(owned, report);
    return JudgeMatches(request, owned.fit, *report);
  }));
  EditedCopy copy(request);
  std::unique_ptr<const EditList> edits;
  MX_RETURN_IF_ERROR(stages.Run("inject", [&] {
    edits = std::make_unique<const EditList>(owned.graph(), *owned.hierarchy, owned.owners,
                                             request.injection);
    return PlanCopy(owned, *edits, &copy, report);
  }));
  // Nobody looks at the graph again: what is written is judged by its bytes.
  owned.DropGraph();
  // The stages "write", "validate" and "commit".
  return copy.Write(
      stages, [&](const ByteSource& written) { return ValidateCopy(request, owned, written); },
      {&report->validation, &report->findings});
}

}  // namespace

TagOutcome TagFile(const TagFileRequest& request) {
  TagOutcome outcome;
  Report& report = outcome.report;
  report.model = request.model;
  report.hierarchy = request.hierarchy;
  report.output = request.output;
  report.strategy = request.strategy.name;
  for (const Preset* preset : request.injection.presets) {
    report.presets.emplace_back(preset->name);
  }
  outcome.status = Run(request, &report);
  if (!outcome.status.ok()) report.bytes_out = report.bytes_new = 0;
  return outcome;
}

}  // namespace modelexport
