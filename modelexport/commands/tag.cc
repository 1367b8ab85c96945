#include "modelexport/commands/tag.h"

#include <malloc.h>
#include <unistd.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/base/version.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/copy_flags.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/external_references.h"
#include "modelexport/commands/preset_flag.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/commands/same_file.h"
#include "modelexport/commands/stage_clock.h"
#include "modelexport/commands/summarize.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/folder.h"
#include "modelexport/files/output_file.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "modelexport/render/chrome_trace.h"
#include "modelexport/render/reports.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

absl::Status Judged(absl::string_view message) {
  return WithFault(absl::FailedPreconditionError(message), Fault::kJudged);
}

// The tables of the stages so far left holes between what stays.
void ReturnFreedMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
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
  report->of_several = owned.also.num_nodes();
  report->ops_source = std::string(NameOf(owned.hierarchy->ops_source()));
  Summarize(owned.graph(), *owned.hierarchy, owned.owners, owned.conflicts, report);
  SummarizeConfidence(owned.owners, owned.confidence, report);
}

absl::Status JudgeMatches(const TagFileRequest& request, const SidecarFit& fit,
                          const Report& report) {
  if (!request.force) {
    MX_RETURN_IF_ERROR(
        RefuseOtherModel(fit, request.model, request.hierarchy, "; --force writes all the same"));
  }
  if (report.coverage() < request.min_coverage) {
    return Judged(absl::StrFormat("%s: coverage is %.4f, below --min_coverage=%g", request.model,
                                  report.coverage(), request.min_coverage));
  }
  if (report.expected_exact() < request.min_confidence) {
    return Judged(absl::StrFormat("%s: expected exact is %.4f, below --min_confidence=%g",
                                  request.model, report.expected_exact(), request.min_confidence));
  }
  return absl::OkStatus();
}

absl::Status PlanCopy(const ModelIndex& index, const EditList& edits,
                      const std::vector<ExternalReference>& references, EditedCopy* copy,
                      Report* report) {
  SummarizePresets(edits, report);
  MX_RETURN_IF_ERROR(copy->Plan(index, edits.edits(), references, &report->warnings));
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
  checks.foreign_replaced = request.replace_foreign;
  checks.ir_version_raised = request.raise_ir_version;
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
    const std::vector<ExternalReference> references = ExternalReferences(owned.graph());
    // Nobody asks again who reads what, and then whose the nodes are.
    owned.model.graph.reset();
    owned.confidence = std::vector<float>();
    ReturnFreedMemory();
    edits =
        std::make_unique<const EditList>(*owned.model.index, *owned.hierarchy, owned.owners,
                                         owned.also, request.presets, request, request.cancelled);
    MX_RETURN_IF_ERROR(CheckCancelled(request.cancelled));
    owned.owners = std::vector<Owner>();
    return PlanCopy(*owned.model.index, *edits, references, &copy, report);
  }));
  // What is written is judged by its bytes.
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
  for (const Preset& preset : Presets()) {
    if (request.presets.contains(preset)) report.presets.emplace_back(preset.name);
  }
  outcome.status = Run(request, &report);
  if (!outcome.status.ok()) report.bytes_out = report.bytes_new = 0;
  return outcome;
}

// The command line.

namespace {

struct TagFlags {
  TagFileRequest request;
  std::string strategy = "auto";
  std::string keys = "modelexport";
  std::string report;
  bool report_times = true;
  std::string data_files;
  std::string trace;
  bool quiet = false;
};

std::vector<Flag> MakeFlags(TagFlags* flags) {
  TagFileRequest& request = flags->request;
  return {
      StrategyFlag(&flags->strategy),
      {"keys", "PRESETS",
       absl::StrCat("Comma-separated presets of metadata keys: ", PresetNames(),
                    ". Default: modelexport."),
       SetString(&flags->keys)},
      {"replace_foreign", "",
       "Overwrites keys of PRESETS that another program wrote; strip cannot restore these. "
       "Without this flag they stay. Default: false.",
       SetBool(&request.replace_foreign)},
      {"nn_modules", "hide|show",
       "Whether torch.nn classes have a segment in class paths. Default: hide.",
       SetWord<NnModules>(&request.nn_modules,
                          {{"hide", NnModules::kHide}, {"show", NnModules::kShow}})},
      {"report", "FILE.txt|FILE.json|FILE.html|FILE.md", "Writes the full report. Default: none.",
       SetString(&flags->report)},
      {"report_times", "",
       "Says in the report how long the stages took. With --noreport_times, equal runs have equal "
       "reports. Default: true.",
       SetBool(&flags->report_times)},
      {"trace", "FILE",
       "Writes when each stage ran, also of a run that fails, as trace events for "
       "chrome://tracing\n"
       "and Perfetto. Default: none.",
       SetString(&flags->trace)},
      {"min_coverage", "SHARE",
       "Exit 1 without output if less than this share of nodes (0 to 1) has evidence that is not\n"
       "doubtful. Default: 0.",
       SetNumber(&request.min_coverage, 0, 1)},
      {"min_confidence", "SHARE",
       "Exit 1 without output if a smaller share of owners (0 to 1) is expected to be right.\n"
       "Default: 0.",
       SetNumber(&request.min_confidence, 0, 1)},
      ValidateFlag(
          "What is checked before the output gets its name. standard: tags, structure and all "
          "bytes outside tensor payloads; full: tensor payloads too, and what the onnx checker "
          "says; off: nothing. Default: standard.",
          &request),
      {"embed_hierarchy", "", "Writes the modules into the model's metadata. Default: true.",
       SetBool(&request.embed_hierarchy)},
      {"raise_ir_version", "", "Raises ir_version to 10 where it is lower. Default: false.",
       SetBool(&request.raise_ir_version)},
      ExternalDataFlag(&request),
      {"data_files", "LIST",
       "Exit 1 without output unless IN names exactly the data files that the file LIST has, one "
       "on each line, relative to IN's folder. Default: none, IN may name any.",
       SetString(&flags->data_files)},
      FsyncFlag(&request),
      AllowOver2GibFlag(&request),
      {"force", "", "Writes even if HIERARCHY seems to describe another model. Default: false.",
       SetBool(&request.force)},
      QuietFlag(&flags->quiet),
  };
}

CommandHelp Help() {
  return {
      "IN.onnx HIERARCHY.json OUT.onnx [flags]",
      R"(Tags every node of IN with the module of the source model that it comes from, and writes
OUT. OUT may be IN. HIERARCHY describes the source model. Instead of a sidecar, it may be the tagged
model from which a tool made IN, or one of two words: "embedded" takes the modules that IN itself
carries, "names" those that the names in IN tell.
)",
      R"(Exit code: 0 done; 1 the model was judged and fell short; 2 wrong usage; 3 an input is missing or
malformed; 4 the output could not be written.
)",
      "testdata/bert_tiny/torchscript/model.onnx testdata/bert_tiny/hierarchy.json tagged.onnx"};
}

std::string PathOrNone(const std::string& flag) { return flag.empty() ? flag : UserPath(flag); }

// What is written must not lie where something else is read or written. OUT may be IN.
absl::Status RefuseSameFiles(const TagFlags& flags) {
  const TagFileRequest& request = flags.request;
  const NamedPath sidecar("HIERARCHY", request.hierarchy);
  MX_RETURN_IF_ERROR(RefuseSameFile({"OUT", request.output}, {sidecar}));
  const std::vector<NamedPath> files = {{"IN", request.model}, {"OUT", request.output}, sidecar};
  const NamedPath report("--report", PathOrNone(flags.report));
  MX_RETURN_IF_ERROR(RefuseSameFile(report, files));
  const NamedPath trace("--trace", PathOrNone(flags.trace));
  MX_RETURN_IF_ERROR(RefuseSameFile(trace, files));
  return RefuseSameFile(trace, {report});
}

absl::Status ReadDataFiles(const TagFlags& flags, TagFileRequest* request) {
  if (flags.data_files.empty()) return absl::OkStatus();
  MX_ASSIGN_OR_RETURN(const auto file, OpenFile(UserPath(flags.data_files)));
  MX_ASSIGN_OR_RETURN(const std::string lines, file->ReadString({0, file->size()}));
  request->declared_data = absl::StrSplit(lines, '\n', absl::SkipEmpty());
  return absl::OkStatus();
}

using ReportForm = std::string (*)(const Report&);

// How a report of this name is written; an empty name does for no report.
absl::StatusOr<ReportForm> ReportFormOf(absl::string_view path) {
  if (path.empty() || absl::EndsWith(path, ".txt")) return ReportForm{RenderText};
  if (absl::EndsWith(path, ".json")) return ReportForm{RenderJson};
  if (absl::EndsWith(path, ".html")) return ReportForm{RenderHtml};
  if (absl::EndsWith(path, ".md")) return ReportForm{RenderMarkdown};
  return UsageError(absl::StrCat("--report=", path, ": ends in none of .txt, .json, .html, .md"));
}

absl::Status Prepare(const Console& console, const Arguments& paths, TagFlags* flags) {
  if (paths.size() != 3) {
    return UsageError(absl::StrCat("three paths are wanted, IN HIERARCHY OUT, not ", paths.size(),
                                   paths.size() == 2 ? "; OUT may be IN" : ""));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN", "HIERARCHY", "OUT"}, paths));
  TagFileRequest& request = flags->request;
  request.model = UserPath(paths[0]);
  request.hierarchy = HierarchyPath(paths[1]);
  request.output = UserPath(paths[2]);

  MX_RETURN_IF_ERROR(ReportFormOf(flags->report).status());
  MX_RETURN_IF_ERROR(RefuseSameFiles(*flags));
  for (const std::string& path : {flags->report, flags->trace}) {
    if (!path.empty()) request.also_written.push_back(UserPath(path));
  }
  MX_RETURN_IF_ERROR(ReadDataFiles(*flags, &request));
  request.checker = console.checker;
  MX_ASSIGN_OR_RETURN(request.strategy, ChooseStrategy(flags->strategy));
  MX_ASSIGN_OR_RETURN(request.presets, ChoosePresets(flags->keys));
  return absl::OkStatus();
}

// Made before the run: where one of them cannot be written, nothing else is.
absl::Status CreateUnlessEmpty(const std::string& path, std::unique_ptr<OutputFile>* file) {
  if (path.empty()) return absl::OkStatus();
  MX_ASSIGN_OR_RETURN(*file, OutputFile::Create(UserPath(path)));
  return absl::OkStatus();
}

absl::Status WriteWhole(absl::string_view text, OutputFile* file) {
  MX_RETURN_IF_ERROR(file->Append(text));
  return file->Commit(Sync::kWhenReplacing);
}

Trace TraceOf(const std::string& program, const TagOutcome& outcome,
              std::vector<Trace::Stage> stages) {
  const Report& report = outcome.report;
  Trace trace;
  trace.program = program;
  trace.process = trace.thread = getpid();  // The thread that main() runs in has its number.
  trace.stages = std::move(stages);
  trace.about = {{"version", kVersion},
                 {"model", report.model},
                 {"hierarchy", report.hierarchy},
                 {"output", report.output},
                 {"strategy", report.strategy},
                 {"presets", absl::StrJoin(report.presets, ",")},
                 {"validation", report.validation},
                 {"nodes", absl::StrCat(report.nodes)},
                 {"bytes_in", absl::StrCat(report.bytes_in)},
                 {"bytes_out", absl::StrCat(report.bytes_out)},
                 {"status", outcome.status.ok() ? "OK" : std::string(outcome.status.message())}};
  return trace;
}

absl::Status RunTag(const Console& console, const Arguments& paths, TagFlags* flags) {
  MX_RETURN_IF_ERROR(Prepare(console, paths, flags));
  flags->request.cancelled = console.cancel_on_signals();
  std::unique_ptr<OutputFile> report, trace;
  MX_RETURN_IF_ERROR(CreateUnlessEmpty(flags->report, &report));
  MX_RETURN_IF_ERROR(CreateUnlessEmpty(flags->trace, &trace));
  StageClock clock;
  TagOutcome outcome = ShowingStages(console, flags->quiet, [&](const auto& show) {
    flags->request.on_stage = [&](absl::string_view stage) {
      clock.Begin(stage);
      show(stage);
    };
    return TagFile(flags->request);
  });
  absl::Status status = outcome.status;
  if (FaultOf(status) == Fault::kUsage) return status;
  if (trace != nullptr) {
    const std::vector<Trace::Stage> stages = clock.Finish();
    status.Update(WriteWhole(RenderTrace(TraceOf(console.program, outcome, stages)), trace.get()));
  }
  // The report of a model that fell short says why.
  if (!outcome.status.ok() && FaultOf(outcome.status) != Fault::kJudged) return status;
  if (!flags->quiet) *console.out << RenderSummary(outcome.report);
  if (!flags->report_times) outcome.report.stages.clear();
  if (report != nullptr) {
    MX_ASSIGN_OR_RETURN(const ReportForm render, ReportFormOf(flags->report));
    status.Update(WriteWhole(render(outcome.report), report.get()));
  }
  return status;
}

}  // namespace

int TagCommand(const Console& console, const Arguments& arguments) {
  TagFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunTag(console, paths, &flags); });
}

}  // namespace modelexport
