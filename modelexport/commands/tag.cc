#include "modelexport/commands/tag.h"

#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/base/threads.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/read_hierarchy.h"
#include "modelexport/commands/stages.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/tensor_elements.h"
#include "modelexport/ownership/evidence_use.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/ownership/sidecar_fit.h"
#include "modelexport/report/summarize.h"
#include "modelexport/resolution/resolver.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

absl::Status Judged(absl::string_view message) {
  return WithFault(absl::FailedPreconditionError(message), Fault::kJudged);
}

bool LooksLikeJson(const std::string& path) {
  constexpr uint64_t kEnough = 64;
  const auto file = OpenFile(path);
  if (!file.ok()) return false;
  const auto begin = (*file)->ReadString({0, std::min(kEnough, (*file)->size())});
  return begin.ok() && absl::StartsWith(absl::StripLeadingAsciiWhitespace(*begin), "{");
}

absl::Status Hinted(const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(status.message(), "; are IN and HIERARCHY swapped?"));
}

// One run. Each stage leaves its result for the later ones.
class TagRun {
 public:
  TagRun(const TagFileRequest& request, Report* report)
      : request_(request),
        report_(*report),
        copy_({request.model, request.output, request.allow_over_2gib, request.external_data,
               request.declared_data, request.sync, request.cancelled}) {}

  absl::Status Run() {
    constexpr Stage<TagRun> kStages[] = {
        // The smaller file first: it fails faster. If it is the model, that is indexed here, and
        // if not, a large model is indexed meanwhile.
        {"hierarchy", &TagRun::ReadHierarchy},
        {"index", &TagRun::IndexModel},
        {"graph", &TagRun::ViewGraph},
        {"match", &TagRun::Match},
        {"resolve", &TagRun::ResolveOwners},
        // Before anything is written.
        {"judge", &TagRun::JudgeMatches},
        {"inject", &TagRun::Inject},
        {"write", &TagRun::WriteTemporary},
        // On the temporary file: what fails here never had the output's name.
        {"validate", &TagRun::ValidateTemporary},
        // Last: data files first, the model's name behind them.
        {"commit", &TagRun::Commit},
    };
    return RunStages(kStages, {request_.cancelled, request_.on_stage}, this, &report_.stages);
  }

 private:
  absl::Status ReadHierarchy() {
    const bool embedded = request_.hierarchy == kEmbeddedHierarchy;
    opened_ = OpenModel();
    if (!embedded && opened_.ok()) {
      indexing_ = Start(source_->size() >= kWorthAThread, [this] { return BuildIndex(); });
    }
    absl::StatusOr<Hierarchy> read =
        embedded ? ReadEmbedded() : ReadHierarchyFile(request_.hierarchy);
    if (!read.ok()) return !embedded && SeemSwapped() ? Hinted(read.status()) : read.status();
    hierarchy_ = std::make_unique<Hierarchy>(*std::move(read));
    report_.warnings = hierarchy_->warnings();
    return absl::OkStatus();
  }

  // Whether the model, and not the hierarchy, looks like JSON.
  bool SeemSwapped() const {
    return LooksLikeJson(request_.model) && !LooksLikeJson(request_.hierarchy);
  }

  absl::StatusOr<Hierarchy> ReadEmbedded() {
    MX_RETURN_IF_ERROR(IndexModel());
    return ReadHierarchyOf(*index_);
  }

  absl::Status IndexModel() {
    MX_RETURN_IF_ERROR(opened_);
    report_.bytes_in = source_->size();
    if (indexing_.valid()) return indexing_.get();
    return index_ == nullptr ? BuildIndex() : absl::OkStatus();
  }

  absl::Status OpenModel() {
    MX_ASSIGN_OR_RETURN(source_, OpenFile(request_.model));
    return absl::OkStatus();
  }

  absl::Status BuildIndex() {
    IndexOptions options;
    options.load = EditList::KeysToLoad();
    for (std::string& key : request_.strategy.KeysToLoad()) options.load.push_back(std::move(key));
    absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source_, options);
    MX_RETURN_IF_ERROR(index.status());
    index_ = std::make_unique<ModelIndex>(*std::move(index));
    return absl::OkStatus();
  }

  absl::Status ViewGraph() {
    graph_ = std::make_unique<GraphView>(*index_);
    return absl::OkStatus();
  }

  absl::Status Match() {
    context_ = std::make_unique<MatchContext>(*graph_, *hierarchy_, FolderOf(request_.model),
                                              request_.cancelled);
    results_ = GatherEvidence(*context_, request_.strategy, source_->size() >= kWorthAThread);
    for (const MatchResult& result : results_) {
      report_.notes.insert(report_.notes.end(), result.notes.begin(), result.notes.end());
    }
    return absl::OkStatus();
  }

  absl::Status ResolveOwners() {
    resolution_ = Resolve(*context_, request_.strategy, results_);
    fit_ = JudgeSidecar(*context_, request_.strategy, results_);
    for (const SidecarFit::Row& row : fit_.rows) {
      report_.offers.push_back({row.kind, row.offer.offered, row.offer.resolved});
    }
    DescribeChoice();
    results_.clear();
    context_.reset();
    Summarize(*graph_, *hierarchy_, resolution_, &report_);
    return absl::OkStatus();
  }

  void DescribeChoice() {
    for (EvidenceUse& use : EvidenceUsed(*context_, request_.strategy, results_)) {
      report_.uses.push_back({std::string(NameOf(use.kind)), use.nodes, std::move(use.why_not)});
    }
    report_.calls = hierarchy_->calls().size();
    report_.ops = hierarchy_->ops().size();
    report_.ops_source = std::string(NameOf(hierarchy_->ops_source()));
  }

  absl::Status JudgeMatches() {
    if (!fit_.plausible && !request_.force) {
      std::string offers;
      for (const SidecarFit::Row& row : fit_.rows) {
        if (row.offer.offered == 0) continue;
        absl::StrAppend(&offers, offers.empty() ? "" : ", ", row.kind, " ", row.offer.resolved,
                        " of ", row.offer.offered);
      }
      return Judged(absl::StrCat(request_.hierarchy, ": hierarchy does not describe this model (",
                                 offers, " resolve); --force writes all the same"));
    }
    if (report_.coverage() < request_.min_coverage) {
      return Judged(absl::StrFormat("%s: coverage is %.4f, below --min_coverage=%g", request_.model,
                                    report_.coverage(), request_.min_coverage));
    }
    return absl::OkStatus();
  }

  absl::Status Inject() {
    edits_ =
        std::make_unique<EditList>(*graph_, *hierarchy_, resolution_.owners, request_.injection);
    resolution_ = Resolution();
    SummarizePresets(*edits_, &report_);
    MX_RETURN_IF_ERROR(copy_.Plan(*graph_, edits_->edits(), &report_.warnings));
    report_.bytes_out = copy_.size();
    report_.bytes_new = copy_.new_bytes();
    if (!copy_.lengths_were_minimal()) {
      report_.warnings.push_back(
          "the input has length prefixes that are not minimal: strip will not restore its bytes");
    }
    // Nobody looks at these again: what is written is judged by its bytes.
    graph_.reset();
    index_.reset();
    return absl::OkStatus();
  }

  absl::Status WriteTemporary() { return copy_.WriteTemporary(); }

  absl::Status ValidateTemporary() {
    if (request_.validation == TagFileRequest::Validation::kOff) {
      report_.validation = "off";
      return absl::OkStatus();
    }
    MX_ASSIGN_OR_RETURN(const auto written, copy_.OpenTemporary());
    ValidationRequest request;
    request.tagged = written.get();
    request.original = source_.get();
    request.hierarchy = hierarchy_.get();
    const bool full = request_.validation == TagFileRequest::Validation::kFull;
    request.level = full ? ValidationLevel::kFull : ValidationLevel::kStandard;
    request.checker = request_.checker;
    // The data files have not been placed beside the output yet.
    request.original_folder = FolderOf(request_.model);
    request.tagged_folder = request.original_folder;
    request.foreign_replaced = request_.injection.replace_foreign;
    request.ir_version_raised = request_.injection.raise_ir_version;
    request.cancelled = request_.cancelled;
    MX_ASSIGN_OR_RETURN(const ValidationResult result, Validate(request));
    report_.validation = full ? "full" : "standard";
    for (const Finding& finding : result.findings.kept()) {
      report_.findings.push_back(
          absl::StrCat(finding.code, " ", finding.place, ": ", finding.message));
    }
    if (result.ok()) return absl::OkStatus();
    return Judged(absl::StrCat(request_.output, ": not written: validation found ",
                               result.findings.errors(), " errors:\n", result.findings.ToText()));
  }

  absl::Status Commit() { return copy_.Commit(); }

  const TagFileRequest& request_;
  Report& report_;
  std::unique_ptr<Hierarchy> hierarchy_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<ModelIndex> index_;
  std::unique_ptr<GraphView> graph_;
  std::unique_ptr<MatchContext> context_;
  std::vector<MatchResult> results_;
  Resolution resolution_;
  SidecarFit fit_;
  std::unique_ptr<EditList> edits_;
  EditedCopy copy_;
  absl::Status opened_;  // Of the model; an error of the hierarchy is told before.
  // Last, so that the thread has ended when what it makes goes.
  std::future<absl::Status> indexing_;
};

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
  outcome.status = TagRun(request, &report).Run();
  if (!outcome.status.ok()) report.bytes_out = report.bytes_new = 0;
  return outcome;
}

}  // namespace modelexport
