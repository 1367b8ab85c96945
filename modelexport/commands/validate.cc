#include "modelexport/commands/validate.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/folder.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "modelexport/render/reports.h"

namespace modelexport {
absl::StatusOr<ValidationReport> ValidateFile(const ValidateFileRequest& request) {
  ValidationRequest checks;
  absl::optional<Hierarchy> hierarchy;
  std::unique_ptr<ByteSource> original;
  if (!request.original.empty()) {
    MX_ASSIGN_OR_RETURN(original, OpenFile(request.original));
    checks.original = original.get();
    checks.original_folder = FolderOf(request.original);
  }
  MX_ASSIGN_OR_RETURN(const auto model, OpenFile(request.model));
  if (request.hierarchy == kNamesHierarchy) {
    MX_ASSIGN_OR_RETURN(const ModelIndex index, ModelIndex::Build(*model, {}));
    MX_ASSIGN_OR_RETURN(hierarchy, ReadHierarchyOf(index, kNamesHierarchy));
  } else if (!request.hierarchy.empty() && request.hierarchy != kEmbeddedHierarchy) {
    MX_ASSIGN_OR_RETURN(hierarchy, ReadHierarchyFile(request.hierarchy));
  }
  if (hierarchy.has_value()) checks.hierarchy = &*hierarchy;
  checks.tagged = model.get();
  checks.tagged_folder = FolderOf(request.model);
  checks.level = request.level;
  checks.checker = request.checker;
  checks.ir_version_raised = request.ir_version_raised;
  checks.cancelled = request.cancelled;
  ValidationReport report{request.model, request.hierarchy, request.original, request.level, {}};
  MX_ASSIGN_OR_RETURN(report.result, Validate(checks));
  return report;
}

// The command line.

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
       "What is checked. standard: tags, structure and all bytes outside tensor payloads; full: "
       "tensor payloads too, and what the onnx checker says. Default: standard.",
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
      R"(Checks the tags of IN, whoever wrote them, and lists what is wrong. What each finding means:
modelexport help findings.
)",
      R"(Exit code: 0 no errors; 1 errors were found; 2 wrong usage; 3 a file is missing or unreadable, or
the hierarchy or the original is malformed.
)",
      "tagged.onnx --original=testdata/bert_tiny/torchscript/model.onnx"};
}

absl::Status RunValidate(const Console& console, const Arguments& paths, ValidateFlags* flags) {
  if (paths.size() != 1) {
    return UsageError(absl::StrCat("one path is wanted, IN, not ", paths.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN"}, paths));
  ValidateFileRequest& request = flags->request;
  request.model = UserPath(paths[0]);
  request.hierarchy = HierarchyPath(request.hierarchy);
  request.original = UserPath(request.original);
  request.checker = console.checker;
  request.cancelled = console.cancel_on_signals();
  MX_ASSIGN_OR_RETURN(const ValidationReport report, ValidateFile(request));
  *console.out << (flags->format == Format::kJson ? RenderJson(report) : RenderText(report));
  const uint64_t errors = report.result.findings.errors();
  if (errors == 0) return absl::OkStatus();
  return WithFault(absl::FailedPreconditionError(absl::StrCat(request.model, ": ", errors,
                                                              errors == 1 ? " error" : " errors")),
                   Fault::kJudged);
}

}  // namespace

int ValidateCommand(const Console& console, const Arguments& arguments) {
  ValidateFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunValidate(console, paths, &flags); });
}

}  // namespace modelexport
