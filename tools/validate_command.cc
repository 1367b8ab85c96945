#include <iostream>

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/validate.h"
#include "modelexport/validation/onnx_checker.h"
#include "tools/command.h"
#include "tools/command_line.h"
#include "tools/commands.h"
#include "tools/interruption.h"

namespace modelexport::tools {
namespace {

enum class Format { kText, kJson };

struct ValidateFlags {
  ValidateFileRequest request;
  Format format = Format::kText;
};

std::vector<Flag> MakeFlags(ValidateFlags* flags) {
  ValidateFileRequest& request = flags->request;
  return {
      {"hierarchy", "FILE.json", "What the tags are checked against. Default: what IN carries.",
       SetString(&request.hierarchy)},
      {"original", "FILE.onnx",
       "Proves that IN differs from this file in metadata alone. Default: none.",
       SetString(&request.original)},
      {"level", "standard|full",
       "Tags, structure and all bytes outside tensor payloads; those too, and what the onnx\n"
       "checker says. Default: standard.",
       SetWord<ValidationLevel>(&request.level, {{"standard", ValidationLevel::kStandard},
                                                 {"full", ValidationLevel::kFull}})},
      {"raise_ir_version", "",
       "IN was tagged with this flag: its ir_version may be 10 where the original has less.\n"
       "Default: false.",
       SetBool(&request.ir_version_raised)},
      {"format", "text|json", "Default: text.",
       SetWord<Format>(&flags->format, {{"text", Format::kText}, {"json", Format::kJson}})},
  };
}

CommandHelp Help() {
  return {
      "IN.onnx [flags]",
      R"(Checks the tags of IN, whoever wrote them, and lists what is wrong. docs/findings.md explains each
finding.
)",
      R"(Exit code: 0 no errors; 1 errors were found; 2 wrong usage; 3 a file is missing or unreadable, or
the hierarchy or the original is malformed.
)"};
}

absl::Status RunValidate(const std::vector<std::string>& paths, ValidateFlags* flags) {
  if (paths.size() != 1) {
    return UsageError(absl::StrCat("one path is wanted, IN, not ", paths.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN"}, paths));
  ValidateFileRequest& request = flags->request;
  request.model = UserPath(paths[0]);
  request.hierarchy = HierarchyPath(request.hierarchy);
  request.original = UserPath(request.original);
  request.checker = CheckWithOnnx;
  request.cancelled = CancelOnSignals();
  MX_ASSIGN_OR_RETURN(const ValidationReport report, ValidateFile(request));
  std::cout << (flags->format == Format::kJson ? RenderJson(report) : RenderText(report));
  const uint64_t errors = report.result.findings.errors();
  if (errors == 0) return absl::OkStatus();
  return WithFault(absl::FailedPreconditionError(absl::StrCat(request.model, ": ", errors,
                                                              errors == 1 ? " error" : " errors")),
                   Fault::kJudged);
}

}  // namespace

int ValidateCommand(const std::string& program, const Arguments& arguments) {
  ValidateFlags flags;
  return RunCommand(program, Help(), MakeFlags(&flags), arguments,
                    [&flags](const auto& paths) { return RunValidate(paths, &flags); });
}

}  // namespace modelexport::tools
