#include "tools/tag_command.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/pipeline/read_hierarchy.h"
#include "modelexport/pipeline/tag.h"
#include "modelexport/validation/onnx_checker.h"
#include "modelexport/wire/output_file.h"
#include "tools/command.h"
#include "tools/command_line.h"
#include "tools/interruption.h"
#include "tools/preset_flag.h"

namespace modelexport::tools {
namespace {

struct TagFlags {
  TagRequest request;
  std::string strategy = "auto";
  std::string keys = "modelexport";
  std::string report;
  bool quiet = false;
  bool fsync = false;
};

std::vector<Flag> MakeFlags(TagFlags* flags) {
  using Validation = TagRequest::Validation;
  TagRequest& request = flags->request;
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
      {"min_coverage", "SHARE",
       "Exit 1 without output if less than this share of nodes (0 to 1) has evidence. Default: 0.",
       SetNumber(&request.min_coverage, 0, 1)},
      {"validate", "standard|full|off",
       "What is checked before the output gets its name: tags, structure and all bytes outside\n"
       "tensor payloads; those too, and what the onnx checker says; nothing. Default: standard.",
       SetWord<Validation>(&request.validation, {{"standard", Validation::kStandard},
                                                 {"full", Validation::kFull},
                                                 {"off", Validation::kOff}})},
      {"embed_hierarchy", "", "Writes the modules into the model's metadata. Default: true.",
       SetBool(&request.injection.embed_hierarchy)},
      {"raise_ir_version", "", "Raises ir_version to 10 where it is lower. Default: false.",
       SetBool(&request.injection.raise_ir_version)},
      {"external_data", "copy|leave",
       "What is done with data files if OUT is in another folder. Default: copy.",
       SetWord<wire::ExternalDataMode>(
           &request.external_data,
           {{"copy", wire::ExternalDataMode::kCopy}, {"leave", wire::ExternalDataMode::kLeave}})},
      {"fsync", "", "Waits until the output is on the disk. Default: only when it replaces a file.",
       SetBool(&flags->fsync)},
      {"allow_over_2gib", "",
       "Writes an output of 2 GiB or more although the input was smaller. Default: false.",
       SetBool(&request.allow_over_2gib)},
      {"force", "", "Writes even if HIERARCHY seems to describe another model. Default: false.",
       SetBool(&request.force)},
      {"quiet", "", "Prints no summary. Default: false.", SetBool(&flags->quiet)},
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

// What is written must not lie where something else is read or written. OUT may be IN.
absl::Status RefuseSameFiles(const TagRequest& request, const std::string& report) {
  const bool has_sidecar = request.hierarchy != kEmbeddedHierarchy;
  if (has_sidecar && AreSame(request.output, request.hierarchy)) {
    return UsageError(absl::StrCat("OUT ", request.output, " and HIERARCHY ", request.hierarchy,
                                   " are the same file, which OUT would replace"));
  }
  if (report.empty()) return absl::OkStatus();
  const auto refuse = [&report](absl::string_view name, const std::string& path) {
    return UsageError(
        absl::StrCat("--report=", report, " and ", name, " ", path, " are the same file"));
  };
  const std::string path = UserPath(report);
  if (AreSame(path, request.model)) return refuse("IN", request.model);
  if (has_sidecar && AreSame(path, request.hierarchy))
    return refuse("HIERARCHY", request.hierarchy);
  if (AreSame(path, request.output)) return refuse("OUT", request.output);
  return absl::OkStatus();
}

absl::Status Prepare(const std::vector<std::string>& paths, TagFlags* flags) {
  if (paths.size() != 3) {
    return UsageError(absl::StrCat("three paths are wanted, IN HIERARCHY OUT, not ", paths.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN", "HIERARCHY", "OUT"}, paths));
  TagRequest& request = flags->request;
  request.model = UserPath(paths[0]);
  request.hierarchy = HierarchyPath(paths[1]);
  request.output = UserPath(paths[2]);
  request.sync = flags->fsync ? wire::Sync::kAlways : wire::Sync::kWhenReplacing;
  if (!flags->report.empty() && !absl::EndsWith(flags->report, ".txt") &&
      !absl::EndsWith(flags->report, ".json")) {
    return UsageError(absl::StrCat("--report=", flags->report, ": ends neither in .txt nor .json"));
  }
  MX_RETURN_IF_ERROR(RefuseSameFiles(request, flags->report));
  request.checker = CheckWithOnnx;
  MX_ASSIGN_OR_RETURN(request.strategy, ChooseStrategy(flags->strategy));
  MX_ASSIGN_OR_RETURN(const PresetSet presets, ChoosePresets(flags->keys));
  for (const Preset& preset : Presets()) {
    if (presets.contains(preset)) request.injection.presets.push_back(&preset);
  }
  return absl::OkStatus();
}

absl::Status RunTag(const std::vector<std::string>& paths, TagFlags* flags) {
  MX_RETURN_IF_ERROR(Prepare(paths, flags));
  flags->request.cancelled = CancelOnSignals();
  // Made before the run: where a report cannot be written, nothing else is.
  std::unique_ptr<wire::OutputFile> report;
  if (!flags->report.empty()) {
    MX_ASSIGN_OR_RETURN(report, wire::OutputFile::Create(UserPath(flags->report)));
  }
  const TagOutcome outcome = Tag(flags->request);
  // The report of a model that fell short says why.
  const bool judged = outcome.status.ok() || FaultOf(outcome.status) == Fault::kJudged;
  if (judged && !flags->quiet) std::cout << RenderSummary(outcome.report);
  if (judged && report != nullptr) {
    const bool json = absl::EndsWith(flags->report, ".json");
    absl::Status status =
        report->Append(json ? RenderJson(outcome.report) : RenderText(outcome.report));
    if (status.ok()) status = report->Commit(wire::Sync::kWhenReplacing);
    if (outcome.status.ok()) return status;
  }
  return outcome.status;
}

}  // namespace

int TagCommand(const std::string& program, const std::vector<std::string>& arguments) {
  TagFlags flags;
  return RunCommand(program, Help(), MakeFlags(&flags), arguments,
                    [&flags](const auto& paths) { return RunTag(paths, &flags); });
}

}  // namespace modelexport::tools
