#include "modelexport/validation/validator.h"

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/base/threads.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/tags/old_names.h"
#include "modelexport/validation/ask_checker.h"
#include "modelexport/validation/check_tags.h"
#include "modelexport/validation/compare_files.h"
#include "modelexport/validation/model_tags.h"

namespace modelexport {
namespace {

absl::Status JudgeTags(const ValidationRequest& request, ValidationResult* result) {
  return CheckTags(*request.tagged, {request.hierarchy, request.cancelled}, &result->findings,
                   &result->counts);
}

// What a renamed file was before. Absent, with a finding, where a value cannot have its old name.
absl::StatusOr<std::unique_ptr<OldNames>> ReadOldNames(const ByteSource& renamed,
                                                       const std::atomic<bool>* cancelled,
                                                       Findings* findings) {
  absl::StatusOr<std::unique_ptr<OldNames>> old = OldNames::Read(renamed, cancelled);
  if (absl::IsFailedPrecondition(old.status())) {
    findings->Add("diff.names", "model", std::string(old.status().message()));
    return std::unique_ptr<OldNames>();
  }
  MX_RETURN_IF_ERROR(old.status());
  if ((*old)->idle().empty()) return old;
  const GraphView graph((*old)->index(), cancelled);
  for (const NodeId node : (*old)->idle()) {
    if (!findings->Count("diff.names")) continue;
    findings->Keep("diff.names", graph.Place(node),
                   "an old name is kept that is no other than the name");
  }
  return old;
}

// `presets` and `uncalled` are those of the tagged file. A file that was renamed, where the other
// one was not, is compared as it was before.
absl::Status CompareWithOriginal(const ValidationRequest& request, PresetSet presets,
                                 absl::Span<const uint64_t> uncalled, Findings* findings) {
  if (request.original == nullptr) return absl::OkStatus();
  CompareFilesOptions options;
  options.payloads = request.level == ValidationLevel::kFull;
  options.ir_version_raised = request.ir_version_raised;
  options.written = presets;
  const absl::StatusOr<ModelOutline> outline = ReadOutline(*request.original);
  options.removed = PresetSet::Default();
  if (outline.ok()) options.removed = options.removed | outline->presets.value_or(PresetSet());
  if (request.foreign_replaced) options.replaced = options.written;
  options.uncalled_functions = uncalled;
  options.cancelled = request.cancelled;
  const ByteSource* original = request.original;
  const ByteSource* tagged = request.tagged;
  const bool original_renamed = IsRenamed(*original);
  std::unique_ptr<OldNames> old;
  if (original_renamed != IsRenamed(*tagged)) {
    const ByteSource** renamed = original_renamed ? &original : &tagged;
    MX_ASSIGN_OR_RETURN(old, ReadOldNames(**renamed, request.cancelled, findings));
    if (old == nullptr) return absl::OkStatus();
    *renamed = &old->source();
  }
  return CompareFiles(*original, *tagged, options, findings);
}

bool IsMalformed(const ValidationResult& result) {
  return result.findings.count("file.malformed") > 0;
}

// The comparison needs to know what the model lists, which is read ahead, and what nothing calls,
// which only the walk through the tags finds out: without functions it is nothing.
absl::Status JudgeAndCompare(const ValidationRequest& request, ValidationResult* result) {
  const absl::StatusOr<ModelOutline> outline = ReadOutline(*request.tagged);
  const bool at_once = request.original != nullptr && request.tagged->size() >= kWorthAThread &&
                       outline.ok() && !outline->has_functions;
  absl::Status judged, compared;
  Findings differences;
  const auto judge = [&] { judged = JudgeTags(request, result); };
  const auto compare = [&] {
    const PresetSet presets = outline->presets.value_or(PresetSet::Default());
    compared = CompareWithOriginal(request, presets, {}, &differences);
  };
  at_once ? RunBoth(judge, compare) : judge();
  MX_RETURN_IF_ERROR(judged);
  if (IsMalformed(*result)) return absl::OkStatus();
  if (!at_once) {
    compared = CompareWithOriginal(request, result->counts.presets,
                                   result->counts.uncalled_functions, &differences);
  }
  result->findings.Append(differences);
  return compared;
}

}  // namespace

absl::string_view NameOf(ValidationLevel level) {
  switch (level) {
    case ValidationLevel::kOff:
      return "off";
    case ValidationLevel::kStandard:
      return "standard";
    case ValidationLevel::kFull:
      return "full";
  }
  return "";
}

absl::StatusOr<ValidationResult> Validate(const ValidationRequest& request) {
  ValidationResult result;
  if (request.level == ValidationLevel::kOff) return result;
  MX_RETURN_IF_ERROR(JudgeAndCompare(request, &result));
  // Last, as it takes the most time and memory.
  if (request.level == ValidationLevel::kFull && !IsMalformed(result)) {
    MX_RETURN_IF_ERROR(AskChecker(request.checker, {request.tagged, request.tagged_folder},
                                  {request.original, request.original_folder}, request.cancelled,
                                  &result.findings));
  }
  return result;
}

absl::StatusOr<Findings> ValidateStripped(const StripValidationRequest& request) {
  if (request.level == ValidationLevel::kOff) return Findings();
  // Only for the functions that nothing calls: what is wrong with the tags is no matter here.
  Findings before;
  TagCounts counts;
  MX_RETURN_IF_ERROR(CheckTags(*request.original, {nullptr, request.cancelled}, &before, &counts));
  CompareFilesOptions options;
  options.written = PresetSet();
  options.removed = request.removed;
  options.replaced = request.all;
  options.notes = request.notes;
  options.uncalled_functions = counts.uncalled_functions;
  options.removed_from_uncalled = request.all | (request.removed & PresetSet::Default());
  options.payloads = request.level == ValidationLevel::kFull;
  options.cancelled = request.cancelled;
  Findings findings;
  MX_RETURN_IF_ERROR(CompareFiles(*request.original, *request.stripped, options, &findings));
  return findings;
}

absl::StatusOr<Findings> ValidateRenamed(const RenameValidationRequest& request) {
  Findings findings;
  if (request.level == ValidationLevel::kOff) return findings;
  MX_ASSIGN_OR_RETURN(const auto old, ReadOldNames(*request.renamed, request.cancelled, &findings));
  if (old == nullptr) return findings;
  CompareFilesOptions options;
  options.exact = true;
  options.payloads = request.level == ValidationLevel::kFull;
  options.cancelled = request.cancelled;
  MX_RETURN_IF_ERROR(CompareFiles(*request.original, old->source(), options, &findings));
  return findings;
}

}  // namespace modelexport
