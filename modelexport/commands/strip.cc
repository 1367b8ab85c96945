#include "modelexport/commands/strip.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/copy_flags.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/preset_flag.h"
#include "modelexport/commands/unrenamed_model.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/edits/strip_list.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/render/reports.h"
#include "modelexport/tags/old_names.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

void WarnOfForeignKeys(const StripList& list, StripReport* report) {
  const StripCounts& counts = list.counts();
  if (counts.foreign_kept > 0) {
    report->warnings.push_back(
        absl::StrCat(counts.foreign_kept, counts.foreign_kept == 1 ? " node keeps" : " nodes keep",
                     " what another program wrote before our tags"));
  }
  if (counts.foreign_removed > 0) {
    report->warnings.push_back(absl::StrCat(counts.foreign_removed,
                                            counts.foreign_removed == 1 ? " entry" : " entries",
                                            " of other programs removed"));
  }
  if (!list.unknown_presets().empty()) {
    report->warnings.push_back(
        absl::StrCat("keys of presets that this version does not know stay: ",
                     absl::StrJoin(list.unknown_presets(), ", ")));
  }
}

absl::Status PlanCopy(const StripList& list, const GraphView& graph, EditedCopy* copy,
                      StripReport* report) {
  report->removed = list.scope().ours.ToString();
  report->left = list.scope().left.ToString();
  report->entries = list.counts().entries;
  report->nodes = list.counts().nodes;
  report->nodes_in_all = graph.num_nodes();
  WarnOfForeignKeys(list, report);
  MX_RETURN_IF_ERROR(copy->Plan(graph, list.edits(), &report->warnings));
  report->bytes_out = copy->size();
  return absl::OkStatus();
}

absl::StatusOr<Findings> ValidateCopy(const StripRequest& request, const StripScope& scope,
                                      const ByteSource& original, const ByteSource& written) {
  StripValidationRequest checks;
  checks.original = &original;
  checks.stripped = &written;
  checks.level = request.validation;
  checks.removed = scope.ours;
  checks.all = scope.all;
  checks.notes = !scope.everything();
  checks.cancelled = request.cancelled;
  return ValidateStripped(checks);
}

// Whether the names go too that `rename` wrote: they are the program's own, as the default preset.
bool UndoesNames(const StripRequest& request, const ByteSource& model) {
  const PresetSet wanted = request.presets.value_or(PresetSet::Default());
  return !(wanted & PresetSet::Default()).empty() && IsRenamed(model);
}

absl::Status ReadModel(const StripRequest& request, UnrenamedModel* model) {
  MX_RETURN_IF_ERROR(model->Open(request.model, request.cancelled));
  if (UndoesNames(request, *model->file)) {
    MX_RETURN_IF_ERROR(model->ReadOldNames(request.cancelled));
  }
  return model->View(EditList::KeysToLoad(), request.cancelled);
}

absl::Status Run(const StripRequest& request, StripReport* report) {
  const Stages stages({request.cancelled, request.on_stage}, &report->stages);
  UnrenamedModel model;
  MX_RETURN_IF_ERROR(stages.Run("index", [&]() -> absl::Status {
    MX_RETURN_IF_ERROR(ReadModel(request, &model));
    report->bytes_in = model.file->size();
    report->names = model.old == nullptr ? 0 : model.old->nodes() + model.old->values();
    return absl::OkStatus();
  }));
  EditedCopy copy(request);
  std::unique_ptr<const StripList> list;
  MX_RETURN_IF_ERROR(stages.Run("select", [&] {
    list = std::make_unique<const StripList>(*model.graph, request.presets);
    return PlanCopy(*list, *model.graph, &copy, report);
  }));
  // The stages "write", "validate" and "commit".
  return copy.Write(stages,
                    [&](const ByteSource& written) {
                      return ValidateCopy(request, list->scope(), model.source(), written);
                    },
                    {&report->validation, &report->findings});
}

}  // namespace

StripOutcome Strip(const StripRequest& request) {
  StripOutcome outcome;
  outcome.report.model = request.model;
  outcome.report.output = request.output;
  outcome.status = Run(request, &outcome.report);
  if (!outcome.status.ok()) outcome.report.bytes_out = 0;
  return outcome;
}

// The command line.

namespace {

struct StripFlags {
  StripRequest request;
  absl::optional<std::string> keys;
  bool quiet = false;
};

std::vector<Flag> MakeFlags(StripFlags* flags) {
  StripRequest& request = flags->request;
  return {
      {"keys", "PRESETS",
       absl::StrCat("Comma-separated presets whose keys are removed, whoever wrote them: ",
                    PresetNames(), ".\nDefault: those that IN lists, where we wrote them."),
       [flags](const std::string& value) {
         flags->keys = value;
         return absl::OkStatus();
       }},
      ValidateFlag(
          "What is compared with IN before the output gets its name. standard: all bytes outside "
          "tensor payloads; full: all bytes; off: nothing. Default: standard.",
          &request),
      ExternalDataFlag(&request),
      FsyncFlag(&request),
      QuietFlag(&flags->quiet),
  };
}

CommandHelp Help() {
  return {
      "IN.onnx OUT.onnx [flags]",
      R"(Removes from IN the tags that this program wrote, and nothing else, and writes OUT. OUT may be IN. A
file without tags is copied as it is.
)",
      R"(Exit code: 0 done; 1 the comparison with IN found differences; 2 wrong usage; 3 an input is missing
or malformed; 4 the output could not be written.
)",
      "tagged.onnx untagged.onnx"};
}

absl::Status RunStrip(const Console& console, const Arguments& paths, StripFlags* flags) {
  StripRequest& request = flags->request;
  MX_RETURN_IF_ERROR(TakeInAndOut(paths, "", &request));
  if (flags->keys.has_value()) {
    MX_ASSIGN_OR_RETURN(request.presets, ChoosePresets(*flags->keys));
  }
  const StripOutcome outcome = RunCopying(console, flags->quiet, &request, Strip);
  const bool judged = outcome.status.ok() || FaultOf(outcome.status) == Fault::kJudged;
  if (judged && !flags->quiet) *console.out << RenderText(outcome.report);
  return outcome.status;
}

}  // namespace

int StripCommand(const Console& console, const Arguments& arguments) {
  StripFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunStrip(console, paths, &flags); });
}

}  // namespace modelexport
