#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/base/version.h"
#include "modelexport/commands/tag.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/output_file.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "modelexport/render/chrome_trace.h"
#include "modelexport/validation/onnx_checker.h"
#include "tools/command.h"
#include "tools/command_line.h"
#include "tools/commands.h"
#include "tools/copy_flags.h"
#include "tools/interruption.h"
#include "tools/preset_flag.h"
#include "tools/progress_line.h"
#include "tools/stage_clock.h"

namespace modelexport::tools {
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
       "Writes over keys of PRESETS that another program wrote, which strip cannot bring back;\n"
       "else they stay. Default: false.",
       SetBool(&request.injection.replace_foreign)},
      {"nn_modules", "hide|show",
       "Whether torch.nn classes have a segment in class paths. Default: hide.",
       SetWord<NnModules>(&request.injection.nn_modules,
                          {{"hide", NnModules::kHide}, {"show", NnModules::kShow}})},
      {"report", "FILE.txt|FILE.json", "Writes the full report. Default: none.",
       SetString(&flags->report)},
      {"report_times", "",
       "Says in the report how long the stages took. Without, equal runs have equal reports.\n"
       "Default: true.",
       SetBool(&flags->report_times)},
      {"trace", "FILE",
       "Writes when each stage ran, also of a run that fails, as trace events for "
       "chrome://tracing\n"
       "and Perfetto. Default: none.",
       SetString(&flags->trace)},
      {"min_coverage", "SHARE",
       "Exit 1 without output if less than this share of nodes (0 to 1) has evidence. Default: 0.",
       SetNumber(&request.min_coverage, 0, 1)},
      ValidateFlag(
          "What is checked before the output gets its name: tags, structure and all bytes outside\n"
          "tensor payloads; those too, and what the onnx checker says; nothing. Default: standard.",
          &request),
      {"embed_hierarchy", "", "Writes the modules into the model's metadata. Default: true.",
       SetBool(&request.injection.embed_hierarchy)},
      {"raise_ir_version", "", "Raises ir_version to 10 where it is lower. Default: false.",
       SetBool(&request.injection.raise_ir_version)},
      ExternalDataFlag(&request),
      {"data_files", "LIST",
       "Exit 1 without output unless IN names just the data files that the file LIST has, one a\n"
       "line, relative to IN's folder. Default: none, IN may name any.",
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
      R"(Tags every node of IN with the module of the source model that it comes from, which HIERARCHY
describes, and writes OUT. OUT may be IN. HIERARCHY may be the word "embedded": what IN itself says.
)",
      R"(Exit code: 0 done; 1 the model was judged and fell short; 2 wrong usage; 3 an input is missing or
malformed; 4 the output could not be written.
)"};
}

// Whether both paths mean one file, present or not, by whatever spelling or link.
bool AreSame(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (fs::equivalent(a, b, error)) return true;
  const auto resolved = [&error](const std::string& path) {
    error.clear();
    const fs::path absolute = fs::absolute(path, error);
    if (error) return fs::path(path);
    const fs::path whole = fs::weakly_canonical(absolute, error);
    return error ? absolute.lexically_normal() : whole;
  };
  return resolved(a) == resolved(b);
}

using NamedPath = std::pair<absl::string_view, std::string>;

// What is written must not lie where something else is read or written. OUT may be IN.
absl::Status RefuseSameFiles(const TagFlags& flags) {
  const TagFileRequest& request = flags.request;
  const bool has_sidecar = request.hierarchy != kEmbeddedHierarchy;
  if (has_sidecar && AreSame(request.output, request.hierarchy)) {
    return UsageError(absl::StrCat("OUT ", request.output, " and HIERARCHY ", request.hierarchy,
                                   " are the same file, which OUT would replace"));
  }
  std::vector<NamedPath> others = {{"IN", request.model}, {"OUT", request.output}};
  if (has_sidecar) others.push_back({"HIERARCHY", request.hierarchy});
  for (const NamedPath& written : {NamedPath("--report", flags.report), {"--trace", flags.trace}}) {
    if (written.second.empty()) continue;
    const std::string path = UserPath(written.second);
    for (const auto& [name, other] : others) {
      if (!AreSame(path, other)) continue;
      return UsageError(absl::StrCat(written.first, "=", written.second, " and ", name, " ", other,
                                     " are the same file"));
    }
    others.push_back({written.first, path});
  }
  return absl::OkStatus();
}

absl::Status ReadDataFiles(const TagFlags& flags, TagFileRequest* request) {
  if (flags.data_files.empty()) return absl::OkStatus();
  MX_ASSIGN_OR_RETURN(const auto file, OpenFile(UserPath(flags.data_files)));
  MX_ASSIGN_OR_RETURN(const std::string lines, file->ReadString({0, file->size()}));
  request->declared_data = absl::StrSplit(lines, '\n', absl::SkipEmpty());
  return absl::OkStatus();
}

absl::Status Prepare(const std::vector<std::string>& paths, TagFlags* flags) {
  if (paths.size() != 3) {
    return UsageError(absl::StrCat("three paths are wanted, IN HIERARCHY OUT, not ", paths.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN", "HIERARCHY", "OUT"}, paths));
  TagFileRequest& request = flags->request;
  request.model = UserPath(paths[0]);
  request.hierarchy = HierarchyPath(paths[1]);
  request.output = UserPath(paths[2]);

  if (!flags->report.empty() && !absl::EndsWith(flags->report, ".txt") &&
      !absl::EndsWith(flags->report, ".json")) {
    return UsageError(absl::StrCat("--report=", flags->report, ": ends neither in .txt nor .json"));
  }
  MX_RETURN_IF_ERROR(RefuseSameFiles(*flags));
  MX_RETURN_IF_ERROR(ReadDataFiles(*flags, &request));
  request.checker = CheckWithOnnx;
  MX_ASSIGN_OR_RETURN(request.strategy, ChooseStrategy(flags->strategy));
  MX_ASSIGN_OR_RETURN(const PresetSet presets, ChoosePresets(flags->keys));
  for (const Preset& preset : Presets()) {
    if (presets.contains(preset)) request.injection.presets.push_back(&preset);
  }
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

TagOutcome TagWithProgress(bool quiet, TagFileRequest request, StageClock* clock) {
  ProgressLine progress(!quiet);
  request.on_stage = [&](absl::string_view stage) {
    clock->Begin(stage);
    progress.Begin(stage);
  };
  return TagFile(request);
}

absl::Status RunTag(const std::string& program, const std::vector<std::string>& paths,
                    TagFlags* flags) {
  MX_RETURN_IF_ERROR(Prepare(paths, flags));
  flags->request.cancelled = CancelOnSignals();
  std::unique_ptr<OutputFile> report, trace;
  MX_RETURN_IF_ERROR(CreateUnlessEmpty(flags->report, &report));
  MX_RETURN_IF_ERROR(CreateUnlessEmpty(flags->trace, &trace));
  StageClock clock;
  TagOutcome outcome = TagWithProgress(flags->quiet, flags->request, &clock);
  absl::Status status = outcome.status;
  if (trace != nullptr) {
    const std::vector<Trace::Stage> stages = clock.Finish();
    status.Update(WriteWhole(RenderTrace(TraceOf(program, outcome, stages)), trace.get()));
  }
  // The report of a model that fell short says why.
  if (!outcome.status.ok() && FaultOf(outcome.status) != Fault::kJudged) return status;
  if (!flags->quiet) std::cout << RenderSummary(outcome.report);
  if (!flags->report_times) outcome.report.stages.clear();
  if (report != nullptr) {
    const bool json = absl::EndsWith(flags->report, ".json");
    status.Update(
        WriteWhole(json ? RenderJson(outcome.report) : RenderText(outcome.report), report.get()));
  }
  return status;
}

}  // namespace

int TagCommand(const std::string& program, const Arguments& arguments) {
  TagFlags flags;
  return RunCommand(program, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunTag(program, paths, &flags); });
}

}  // namespace modelexport::tools
