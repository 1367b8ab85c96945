#include "modelexport/commands/extract.h"

#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/copy_flags.h"
#include "modelexport/commands/infer_infos.h"
#include "modelexport/commands/part_writer.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/commands/same_file.h"
#include "modelexport/modules/call_nodes.h"
#include "modelexport/modules/chain.h"
#include "modelexport/modules/module_choice.h"
#include "modelexport/modules/structure.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

// What becomes one model: what the user calls it, and its nodes.
struct PartToWrite {
  std::string text;
  std::string described;
  std::vector<NodeId> nodes;
};

// One part, or the pieces of a chain.
class Extraction {
 public:
  Extraction(const ExtractRequest& request, std::vector<ExtractReport>* reports)
      : request_(request),
        reports_(*reports),
        stages_({request.cancelled, request.on_stage}, &reports->front().stages) {}

  absl::Status Run() {
    MX_RETURN_IF_ERROR(stages_.Run("match", [&]() -> absl::Status {
      MX_ASSIGN_OR_RETURN(owned_,
                          ReadOwned(request_.model, request_.hierarchy, request_.cancelled));
      reports_.front().warnings = owned_.notes;
      return absl::OkStatus();
    }));
    MX_RETURN_IF_ERROR(stages_.Run("cut", [&] { return CutModel(); }));
    MX_RETURN_IF_ERROR(stages_.Run("select", [&] { return Plan(); }));
    for (size_t i = 0; i < writers_.size(); ++i) {
      MX_RETURN_IF_ERROR(writers_[i]->Write(StagesOf(i)));
    }
    for (size_t i = 0; i < writers_.size(); ++i) {
      MX_RETURN_IF_ERROR(writers_[i]->Commit(StagesOf(i)));
    }
    return absl::OkStatus();
  }

 private:
  const GraphView& graph() const { return owned_.graph(); }

  Stages StagesOf(size_t part) const {
    return Stages({request_.cancelled, request_.on_stage}, &reports_[part].stages);
  }

  absl::Status CutModel() {
    absl::StatusOr<std::vector<PartToWrite>> parts = FindParts();
    if (!parts.ok()) return Annotate(parts.status(), request_.model);
    for (size_t i = 0; i < parts->size(); ++i) {
      const PartToWrite& part = (*parts)[i];
      ExtractRequest request = request_;
      request.modules = part.text;
      request.output = reports_[i].output;
      reports_[i].modules = part.described;
      writers_.push_back(std::make_unique<PartWriter>(std::move(request), owned_, &reports_[i]));
      MX_RETURN_IF_ERROR(writers_.back()->CutOut(part.nodes));
    }
    return request_.split.empty() ? absl::OkStatus() : CheckAllOutputsAreMade();
  }

  absl::StatusOr<std::vector<PartToWrite>> FindParts() const {
    std::vector<PartToWrite> parts;
    if (request_.split.empty()) {
      MX_ASSIGN_OR_RETURN(PartToWrite part, FindPart(request_.modules));
      parts.push_back(std::move(part));
      return parts;
    }
    std::vector<std::vector<NodeId>> nodes;
    for (const std::string& text : request_.split) {
      MX_ASSIGN_OR_RETURN(PartToWrite part, FindPart(text));
      nodes.push_back(std::move(part.nodes));
      parts.push_back(std::move(part));
    }
    MX_ASSIGN_OR_RETURN(nodes, ChainOf(graph(), nodes));
    for (size_t i = 0; i < parts.size(); ++i) parts[i].nodes = std::move(nodes[i]);
    return parts;
  }

  absl::StatusOr<PartToWrite> FindPart(const std::string& text) const {
    const OwnedGraph owned = OwnedGraph::Of(owned_);
    MX_ASSIGN_OR_RETURN(const std::vector<ModuleId> modules, ChooseModules(owned, text));
    if (request_.call.has_value() && modules.size() > 1) {
      return WithFault(absl::InvalidArgumentError("--call is of one module, and several match"),
                       Fault::kUsage);
    }
    PartToWrite part = {text, Described(modules), {}};
    for (ModuleId module : modules) {
      MX_ASSIGN_OR_RETURN(const std::vector<NodeId> nodes, NodesOf(owned, module));
      part.nodes.insert(part.nodes.end(), nodes.begin(), nodes.end());
    }
    return part;
  }

  absl::StatusOr<std::vector<NodeId>> NodesOf(const OwnedGraph& owned, ModuleId module) const {
    if (request_.all_calls || !request_.split.empty()) return NodesOfAllCalls(owned, module);
    auto nodes = CallNodes(owned, module, request_.call);
    if (nodes.ok()) return nodes;
    return Annotate(nodes.status(), WrittenPath(owned.hierarchy, module));
  }

  std::string Described(const std::vector<ModuleId>& modules) const {
    constexpr size_t kMost = 4;
    std::string text;
    for (size_t i = 0; i < modules.size() && i < kMost; ++i) {
      const absl::string_view name = owned_.hierarchy->module(modules[i]).class_name;
      absl::StrAppend(&text, i == 0 ? "" : ", ", WrittenPath(*owned_.hierarchy, modules[i]));
      if (!name.empty()) absl::StrAppend(&text, " (", LastSegment(name), ")");
    }
    if (modules.size() > kMost) absl::StrAppend(&text, " and ", modules.size() - kMost, " more");
    if (request_.call.has_value()) absl::StrAppend(&text, ", call ", *request_.call);
    if (request_.all_calls) text += ", all calls";
    return text;
  }

  // Else the chain would give less than the whole.
  absl::Status CheckAllOutputsAreMade() const {
    absl::flat_hash_set<ValueId> made;
    for (const auto& writer : writers_) {
      made.insert(writer->cut().outputs.begin(), writer->cut().outputs.end());
    }
    for (size_t v = 0; v < graph().values().size(); ++v) {
      const Value& value = graph().values()[v];
      const bool is_output = value.is_graph_output && value.graph == kMainGraph;
      if (!is_output || value.is_graph_input || made.contains(ValueId(v))) continue;
      return WithFault(absl::FailedPreconditionError(
                           absl::StrCat(request_.model, ": no piece would make the output \"",
                                        graph().name(ValueId(v)), "\", which depends on no input")),
                       Fault::kJudged);
    }
    return absl::OkStatus();
  }

  // The types of all boundaries are inferred at once.
  absl::Status Plan() {
    MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(graph().index()));
    std::vector<ValueId> values;
    for (const auto& writer : writers_) {
      const std::vector<ValueId> boundary = writer->boundary();
      values.insert(values.end(), boundary.begin(), boundary.end());
    }
    MX_ASSIGN_OR_RETURN(
        const std::vector<ValueInfo> infos,
        InferInfos(graph(), declared, values, request_.inference, &reports_.front().warnings));
    size_t first = 0;
    for (const auto& writer : writers_) {
      const size_t count = writer->boundary().size();
      MX_RETURN_IF_ERROR(writer->Plan(declared, absl::MakeConstSpan(infos).subspan(first, count)));
      first += count;
    }
    return absl::OkStatus();
  }

  const ExtractRequest& request_;
  std::vector<ExtractReport>& reports_;
  const Stages stages_;
  OwnedModel owned_;
  std::vector<std::unique_ptr<PartWriter>> writers_;
};

ExtractReport ReportFor(const ExtractRequest& request, std::string output) {
  ExtractReport report;
  report.model = request.model;
  report.output = std::move(output);
  return report;
}

// "out.0.onnx" of "out.onnx".
std::string PieceName(absl::string_view output, size_t piece) {
  const absl::string_view end = absl::EndsWith(output, ".onnx") ? ".onnx" : "";
  return absl::StrCat(absl::StripSuffix(output, end), ".", piece, end);
}

}  // namespace

ExtractOutcome Extract(const ExtractRequest& request) {
  std::vector<ExtractReport> reports = {ReportFor(request, request.output)};
  ExtractOutcome outcome;
  outcome.status = Extraction(request, &reports).Run();
  outcome.report = std::move(reports[0]);
  if (!outcome.status.ok()) outcome.report.bytes_out = 0;
  return outcome;
}

SplitOutcome Split(const ExtractRequest& request) {
  SplitOutcome outcome;
  for (size_t i = 0; i < request.split.size(); ++i) {
    outcome.reports.push_back(ReportFor(request, PieceName(request.output, i)));
  }
  outcome.status = Extraction(request, &outcome.reports).Run();
  if (outcome.status.ok()) return outcome;
  for (ExtractReport& report : outcome.reports) report.bytes_out = 0;
  return outcome;
}

// The command line.

namespace {

struct ExtractFlags {
  ExtractRequest request;
  bool quiet = false;
};

std::vector<Flag> MakeFlags(ExtractFlags* flags) {
  ExtractRequest& request = flags->request;
  return {
      {"module", "PATH",
       "The module that is extracted, with all below it: a path, as encoder.layer.0; a range of "
       "siblings, as encoder.layer.0..3, as one model; or a pattern (`modelexport help select`). "
       "\".\" is the whole model.",
       SetString(&request.modules)},
      {"call", "K", "Which call of a module that is called more than once, from 0.",
       [&request](const std::string& value) {
         double number = 0;
         MX_RETURN_IF_ERROR(SetNumber(&number, 0, UINT32_MAX)(value));
         request.call = static_cast<uint32_t>(number);
         return absl::OkStatus();
       }},
      {"all_calls", "", "Extracts all calls of the module together, as one model. Default: false.",
       SetBool(&request.all_calls)},
      {"split", "A,B,...",
       "Instead of --module: the whole model as pieces that run one after the other, OUT.0.onnx, "
       "OUT.1.onnx and so on. Each has the module named, given as for --module and without a "
       "comma, "
       "and what belongs to none is in the earliest piece that can have it.",
       [&request](const std::string& value) {
         request.split = absl::StrSplit(value, ',');
         for (const std::string& part : request.split) {
           if (part.empty()) return absl::InvalidArgumentError("a name is empty");
         }
         return absl::OkStatus();
       }},
      SourceFlag(&request.hierarchy),
      {"untyped", "",
       "Writes inputs and outputs also where their type or rank is not known. Default: false.",
       SetBool(&request.untyped)},
      ValidateFlag("What is checked before the output gets its name. standard: that its nodes are "
                   "IN's and that all values are made; full: all bytes of tensors too, and what "
                   "onnx's checker says; off: nothing. Default: standard.",
                   &request),
      {"external_data", "copy|leave",
       "Whether the weights that IN stores outside are copied, as far as they are used, to the new "
       "file OUT.data, or IN's data files are named. Default: copy.",
       SetWord<ExternalDataMode>(&request.external_data, {{"copy", ExternalDataMode::kCopy},
                                                          {"leave", ExternalDataMode::kLeave}})},
      FsyncFlag(&request),
      QuietFlag(&flags->quiet),
  };
}

CommandHelp Help() {
  return {
      "IN.onnx OUT.onnx --module=PATH|--split=A,B,... [flags]",
      R"(Writes one call of a module of IN as a separate model, which runs alone and gives the same
values. It has the module's nodes, and the weights, functions and operator sets that they need. Its
inputs are the values that these nodes read from outside; its outputs are those that other nodes
read. Names stay.
)",
      R"(Exit code: 0 done; 1 the module cannot be extracted, or validation found errors; 2 wrong usage; 3 an
input is missing or malformed; 4 the output could not be written.
)",
      "testdata/bert_tiny/dynamo/model.onnx layer.onnx --module=encoder.layer.0"};
}

absl::Status CheckFlags(const ExtractRequest& request) {
  if (request.call.has_value() && request.all_calls) {
    return UsageError("--call and --all_calls exclude each other");
  }
  if (request.split.empty()) {
    return request.modules.empty() ? UsageError("--module or --split is wanted") : absl::OkStatus();
  }
  if (!request.modules.empty() || request.call.has_value() || request.all_calls) {
    return UsageError("--split excludes --module, --call and --all_calls");
  }
  for (size_t i = 0; i < request.split.size(); ++i) {
    MX_RETURN_IF_ERROR(RefuseSameFile({"OUT", PieceName(request.output, i)},
                                      {{"--hierarchy", request.hierarchy}}));
  }
  return absl::OkStatus();
}

absl::Status RunExtract(const Console& console, const Arguments& paths, ExtractFlags* flags) {
  ExtractRequest& request = flags->request;
  MX_RETURN_IF_ERROR(TakeInAndOut(paths, request.hierarchy, &request));
  MX_RETURN_IF_ERROR(CheckFlags(request));
  request.checker = console.checker;
  request.inference = console.inference;
  if (!request.split.empty()) {
    const SplitOutcome outcome = RunCopying(console, flags->quiet, &request, Split);
    if (outcome.status.ok() && !flags->quiet) *console.out << RenderText(outcome.reports);
    return outcome.status;
  }
  const ExtractOutcome outcome = RunCopying(console, flags->quiet, &request, Extract);
  if (outcome.status.ok() && !flags->quiet) *console.out << RenderText(outcome.report);
  return outcome.status;
}

}  // namespace

int ExtractCommand(const Console& console, const Arguments& arguments) {
  ExtractFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunExtract(console, paths, &flags); });
}

}  // namespace modelexport
