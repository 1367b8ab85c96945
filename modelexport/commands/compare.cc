#include "modelexport/commands/compare.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/comparison_tables.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/modules/coarse_owners.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/render/table.h"

namespace modelexport {
namespace {

// `status` of another fault, which says nothing about whether the models differ.
absl::Status WithOtherFault(const absl::Status& status, absl::string_view message, Fault fault) {
  return WithFault(absl::Status(status.code(), message), fault);
}

absl::StatusOr<OwnedModel> ReadSide(const std::string& model, const CompareRequest& request) {
  absl::StatusOr<OwnedModel> owned = ReadOwned(model, request.hierarchy, request.cancelled);
  if (owned.ok() && request.depth.has_value()) {
    owned->owners = OwnersAtDepth(*owned->hierarchy, owned->owners, *request.depth);
  }
  if (owned.ok() || FaultOf(owned.status()) != Fault::kJudged) return owned;
  return WithOtherFault(owned.status(), absl::StrCat(model, ": ", owned.status().message()),
                        Fault::kInput);
}

// A pattern need match in one of the models only.
absl::Status Allow(const std::string& text, const OwnedModel& a, const OwnedModel& b,
                   ModelComparison* comparison) {
  MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse({text}));
  const absl::StatusOr<std::vector<bool>> in_a = pattern.Modules(OwnedGraph::Of(a));
  const absl::StatusOr<std::vector<bool>> in_b = pattern.Modules(OwnedGraph::Of(b));
  if (!in_a.ok() && !in_b.ok()) {
    return WithOtherFault(in_a.status(), absl::StrCat("--allow: ", in_a.status().message()),
                          Fault::kUsage);
  }
  const std::vector<bool> none;
  AllowChanges({in_a.ok() ? *in_a : none, in_b.ok() ? *in_b : none}, comparison);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ComparedFiles> CompareModels(const CompareRequest& request) {
  MX_ASSIGN_OR_RETURN(const OwnedModel a, ReadSide(request.models.a, request));
  MX_ASSIGN_OR_RETURN(const OwnedModel b, ReadSide(request.models.b, request));
  ComparedFiles files;
  files.models = request.models;
  files.sources = {a.source, b.source};
  files.notes = {a.notes, b.notes};
  files.comparison = Compare(OwnedGraph::Of(a), OwnedGraph::Of(b), request.cancelled);
  MX_RETURN_IF_ERROR(CheckCancelled(request.cancelled));
  for (const std::string& text : request.allow) {
    MX_RETURN_IF_ERROR(Allow(text, a, b, &files.comparison));
  }
  files.rows = ChangedRows(files.comparison, *a.hierarchy, *b.hierarchy);
  return files;
}

// The command line.

namespace {

struct CompareFlags {
  CompareRequest request;
  TableFormat format = TableFormat::kText;
  absl::optional<bool> exit_code;
  absl::optional<double> depth;
};

std::vector<Flag> MakeFlags(CompareFlags* flags) {
  Flag hierarchy = SourceFlag(&flags->request.hierarchy);
  hierarchy.help =
      "Where the modules of nodes come from, in both files: a sidecar, the file's own tags, the "
      "scopes that its exporter wrote, names alone. Default: for each file the first of the last "
      "three that it has.";
  return {
      std::move(hierarchy),
      {"depth", "N",
       "How many levels below the root modules are compared; what is below them counts for them. "
       "Default: all.",
       SetOptionalNumber(&flags->depth, UINT32_MAX)},
      {"allow", "PATTERN",
       "Modules (see `modelexport help select`), with those below them, that may differ. May be "
       "given several times; exit 1 if anything else differs. Default: none.",
       [flags](const std::string& value) {
         if (value.empty()) return absl::InvalidArgumentError("is empty");
         flags->request.allow.push_back(value);
         return absl::OkStatus();
       }},
      {"exit_code", "",
       "Exit 1 if anything differs that --allow does not name. Default: true with --allow, else "
       "false.",
       SetOptionalBool(&flags->exit_code)},
      {"format", "text|json|csv|md", "Default: text.",
       SetWord<TableFormat>(&flags->format, {{"text", TableFormat::kText},
                                             {"json", TableFormat::kJson},
                                             {"csv", TableFormat::kCsv},
                                             {"md", TableFormat::kMarkdown}})},
  };
}

CommandHelp Help() {
  return {
      "A.onnx B.onnx [flags]",
      R"(Prints what differs between two models, module by module: nodes and operators that vanished, appeared,
moved or changed type, parameters, and the bytes that these take. Modules are aligned by path.
Attributes and the elements of weights are not compared.
)",
      R"(Exit code: 0 done; 1 with --exit_code or --allow, the models differ; 2 wrong usage; 3 an input is missing or
malformed.
)",
      "testdata/lost_names/torchscript/model.onnx "
      "testdata/lost_names/torchscript_ort_extended/model.onnx"};
}

void Print(const Console& console, const ComparedFiles& files, TableFormat format) {
  switch (format) {
    case TableFormat::kText:
      *console.out << ComparisonHeadlines(files);
      if (!HasRows(files)) return;
      *console.out << "\n";
      return WriteTable(ComparisonForPeople(files, console.width), format,
                        {console.width, console.colours}, *console.out);
    case TableFormat::kMarkdown:
      *console.out << "```\n" << ComparisonHeadlines(files) << "```\n";
      if (!HasRows(files)) return;
      *console.out << "\n";
      return WriteTable(ComparisonForPeople(files, 0), format, {}, *console.out);
    case TableFormat::kJson:
    case TableFormat::kCsv:
      return WriteTable(ComparisonForPrograms(files, format == TableFormat::kCsv), format, {},
                        *console.out);
  }
}

absl::Status JudgeDifferences(const ComparedFiles& files) {
  if (!DiffersBeyondAllowed(files.comparison)) return absl::OkStatus();
  const ComparedModuleCounts counts = CountModules(files.comparison);
  const size_t modules = counts.differ - counts.allowed;
  std::string what = absl::StrCat(modules, modules == 1 ? " module differs" : " modules differ");
  if (modules == 0) what = "what is not attributed to a module differs";
  return WithFault(absl::FailedPreconditionError(absl::StrCat(
                       files.models.b, ": ", what, counts.allowed > 0 ? " beyond --allow" : "",
                       " from ", files.models.a)),
                   Fault::kJudged);
}

absl::Status RunCompare(const Console& console, const Arguments& paths, CompareFlags* flags) {
  if (paths.size() != 2) {
    return UsageError(absl::StrCat("two paths are wanted, A B, not ", paths.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"A", "B"}, paths));
  flags->request.models = {UserPath(paths[0]), UserPath(paths[1])};
  if (flags->depth.has_value()) flags->request.depth = static_cast<uint32_t>(*flags->depth);
  flags->request.cancelled = console.cancel_on_signals();
  MX_ASSIGN_OR_RETURN(const ComparedFiles files, CompareModels(flags->request));
  Print(console, files, flags->format);
  const bool judges = flags->exit_code.value_or(!flags->request.allow.empty());
  return judges ? JudgeDifferences(files) : absl::OkStatus();
}

}  // namespace

int CompareCommand(const Console& console, const Arguments& arguments) {
  CompareFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunCompare(console, paths, &flags); });
}

}  // namespace modelexport
