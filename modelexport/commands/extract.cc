#include "modelexport/commands/extract.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/copy_flags.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/external_references.h"
#include "modelexport/commands/gathered_data.h"
#include "modelexport/commands/infer_infos.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/edits/extract_list.h"
#include "modelexport/files/external_data.h"
#include "modelexport/files/folder.h"
#include "modelexport/modules/call_nodes.h"
#include "modelexport/modules/cut.h"
#include "modelexport/modules/module_choice.h"
#include "modelexport/modules/structure.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/value_type.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/render/reports.h"
#include "modelexport/validation/extracted.h"

namespace modelexport {
namespace {

class Extraction {
 public:
  Extraction(const ExtractRequest& request, ExtractReport* report)
      : request_(request),
        report_(*report),
        stages_({request.cancelled, request.on_stage}, &report->stages),
        copy_(request) {}

  absl::Status Run() {
    MX_RETURN_IF_ERROR(stages_.Run("match", [&]() -> absl::Status {
      MX_ASSIGN_OR_RETURN(owned_,
                          ReadOwned(request_.model, request_.hierarchy, request_.cancelled));
      report_.warnings = owned_.notes;
      return absl::OkStatus();
    }));
    MX_RETURN_IF_ERROR(stages_.Run("cut", [&] { return Annotate(CutModel(), request_.model); }));
    MX_RETURN_IF_ERROR(stages_.Run("select", [&] { return PlanCopy(); }));
    // The stages "write", "validate" and "commit".
    return copy_.Write(stages_, [&](const ByteSource& written) { return Validate(written); },
                       {&report_.validation, &report_.findings});
  }

 private:
  const GraphView& graph() const { return owned_.graph(); }

  absl::Status CutModel() {
    const OwnedGraph owned = OwnedGraph::Of(owned_);
    MX_ASSIGN_OR_RETURN(const std::vector<ModuleId> modules,
                        ChooseModules(owned, request_.modules));
    if (request_.call.has_value() && modules.size() > 1) {
      return WithFault(absl::InvalidArgumentError("--call is of one module, and several match"),
                       Fault::kUsage);
    }
    DescribeModules(modules);
    MX_ASSIGN_OR_RETURN(const std::vector<NodeId> nodes, NodesOf(owned, modules));
    absl::StatusOr<Cut> cut = CutOut(graph(), nodes);
    if (!cut.ok()) return Annotate(cut.status(), request_.modules);
    cut_ = *std::move(cut);
    tensors_ = TensorsOf(graph(), cut_);
    WarnOfWayBack();
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<NodeId>> NodesOf(const OwnedGraph& owned,
                                              const std::vector<ModuleId>& modules) const {
    std::vector<NodeId> all;
    for (ModuleId module : modules) {
      const auto nodes = CallNodes(owned, module, request_.call);
      if (!nodes.ok()) return Annotate(nodes.status(), WrittenPath(owned.hierarchy, module));
      all.insert(all.end(), nodes->begin(), nodes->end());
    }
    return all;
  }

  void DescribeModules(const std::vector<ModuleId>& modules) {
    constexpr size_t kMost = 4;
    for (size_t i = 0; i < modules.size() && i < kMost; ++i) {
      const absl::string_view name = owned_.hierarchy->module(modules[i]).class_name;
      absl::StrAppend(&report_.modules, i == 0 ? "" : ", ",
                      WrittenPath(*owned_.hierarchy, modules[i]));
      if (name.empty()) continue;
      absl::StrAppend(&report_.modules, " (", LastSegment(name), ")");
    }
    if (modules.size() > kMost) {
      absl::StrAppend(&report_.modules, " and ", modules.size() - kMost, " more");
    }
    if (request_.call.has_value()) absl::StrAppend(&report_.modules, ", call ", *request_.call);
  }

  void WarnOfWayBack() {
    if (cut_.way_back.empty()) return;
    constexpr size_t kMost = 6;
    std::string way;
    for (size_t i = 0; i < cut_.way_back.size() && i < kMost; ++i) {
      absl::StrAppend(&way, i == 0 ? "" : " to ", graph().Place(cut_.way_back[i]));
    }
    if (cut_.way_back.size() > kMost) absl::StrAppend(&way, " ...");
    report_.warnings.push_back(absl::StrCat("what it makes comes back as what it reads (", way,
                                            "): some inputs depend on outputs"));
  }

  absl::Status PlanCopy() {
    MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(graph().index()));
    MX_RETURN_IF_ERROR(TakeTypes(declared));
    MX_RETURN_IF_ERROR(PlanData());
    MX_ASSIGN_OR_RETURN(ExtractList list, ExtractList::Make(graph(), declared, cut_, options_));
    list_ = std::make_unique<const ExtractList>(std::move(list));
    Count(declared);
    MX_RETURN_IF_ERROR(copy_.Plan(graph(), list_->edits(), std::move(data_plan_)));
    report_.bytes_out = copy_.size();
    return absl::OkStatus();
  }

  absl::Status TakeTypes(const Declarations& declared) {
    std::vector<ValueId> values = cut_.inputs;
    values.insert(values.end(), cut_.outputs.begin(), cut_.outputs.end());
    MX_ASSIGN_OR_RETURN(
        const std::vector<ValueInfo> infos,
        InferInfos(graph(), declared, values, request_.inference, &report_.warnings));
    if (!request_.untyped) {
      MX_RETURN_IF_ERROR(
          AddHint(Annotate(RefuseIncomplete(graph(), infos),
                           absl::StrCat(request_.model, ": ", request_.modules)),
                  "--untyped writes it so, which onnx's checker refuses and ONNX Runtime loads"));
    }
    const auto middle = infos.begin() + cut_.inputs.size();
    options_.inputs.assign(infos.begin(), middle);
    options_.outputs.assign(middle, infos.end());
    for (const ValueInfo& info : options_.inputs) report_.inputs.push_back(Described(info));
    for (const ValueInfo& info : options_.outputs) report_.outputs.push_back(Described(info));
    return absl::OkStatus();
  }

  ExtractReport::Value Described(const ValueInfo& info) const {
    return {std::string(graph().name(info.value)), ToString(info.type)};
  }

  // The output must be no data file of the model, whether its tensors are kept or not.
  absl::Status PlanData() {
    MX_RETURN_IF_ERROR(modelexport::PlanExternalData(request_.model, request_.output,
                                                     ExternalReferences(graph()),
                                                     ExternalDataMode::kLeave, request_.cancelled)
                           .status());
    if (request_.external_data == ExternalDataMode::kLeave) {
      MX_ASSIGN_OR_RETURN(
          data_plan_, modelexport::PlanExternalData(request_.model, request_.output,
                                                    ExternalReferences(graph(), tensors_),
                                                    ExternalDataMode::kLeave, request_.cancelled));
      report_.warnings.insert(report_.warnings.end(), data_plan_.warnings().begin(),
                              data_plan_.warnings().end());
      return absl::OkStatus();
    }
    return PlanNewFile();
  }

  absl::Status PlanNewFile() {
    MX_ASSIGN_OR_RETURN(GatheredData data, GatherData(graph(), tensors_, request_));
    for (const auto& tensor : data.tensors) {
      if (ExtractList::CanReplace(graph(), cut_, tensor.first)) continue;
      return absl::UnimplementedError(absl::StrCat(
          request_.model, ": ", request_.modules,
          ": has external data in a tensor that is no initializer of the graph, which cannot be "
          "moved to another file; --external_data=leave lets it be where it is"));
    }
    if (data.content == nullptr) return absl::OkStatus();
    report_.data = data.path;
    report_.data_bytes = data.content->size();
    MX_ASSIGN_OR_RETURN(data_plan_,
                        PlanNewData(request_.output, data.path, data.content, request_.cancelled));
    options_.tensors = std::move(data.tensors);
    return absl::OkStatus();
  }

  void Count(const Declarations& declared) {
    report_.nodes = cut_.nodes.size();
    report_.nodes_in_all = graph().index().graphs()[0].num_nodes;
    report_.initializers = list_->initializers();
    report_.initializers_in_all = declared.initializers(GraphId(0)).size();
    if (graph().index().num_training_info() == 0) return;
    report_.warnings.push_back("what the model says about its training is left out");
  }

  absl::StatusOr<Findings> Validate(const ByteSource& written) const {
    ExtractedRequest checks;
    checks.original = &graph();
    checks.nodes = cut_.nodes;
    checks.tensors = tensors_;
    checks.extracted = &written;
    checks.level = request_.validation;
    checks.checker = request_.checker;
    checks.folder = FolderOf(request_.output);
    checks.original_folder = FolderOf(request_.model);
    checks.cancelled = request_.cancelled;
    return ValidateExtracted(checks);
  }

  const ExtractRequest& request_;
  ExtractReport& report_;
  const Stages stages_;
  OwnedModel owned_;
  Cut cut_;
  std::vector<uint32_t> tensors_;  // That the cut keeps.
  ExtractOptions options_;
  ExternalDataPlan data_plan_;
  std::unique_ptr<const ExtractList> list_;
  EditedCopy copy_;
};

}  // namespace

ExtractOutcome Extract(const ExtractRequest& request) {
  ExtractOutcome outcome;
  outcome.report.model = request.model;
  outcome.report.output = request.output;
  outcome.status = Extraction(request, &outcome.report).Run();
  if (!outcome.status.ok()) outcome.report.bytes_out = 0;
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
      SourceFlag(&request.hierarchy),
      {"untyped", "",
       "Writes inputs and outputs also where their type or rank is not known. Default: false.",
       SetBool(&request.untyped)},
      ValidateFlag("What is checked before the output gets its name: that its nodes are IN's and "
                   "that all values are made; all bytes of tensors and what onnx's checker says, "
                   "too; nothing. Default: standard.",
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
      "IN.onnx OUT.onnx --module=PATH [flags]",
      R"(Writes what IN does in one call of a module as a model of its own, which runs alone and gives the
same values: the module's nodes, with what they read from outside as inputs and what others read of
them as outputs, and of weights, functions and operator sets what they need. Names stay.
)",
      R"(Exit code: 0 done; 1 the module cannot be extracted, or validation found errors; 2 wrong usage; 3 an
input is missing or malformed; 4 the output could not be written.
)",
      "testdata/bert_tiny/dynamo/model.onnx layer.onnx --module=encoder.layer.0"};
}

absl::Status RunExtract(const Console& console, const Arguments& paths, ExtractFlags* flags) {
  ExtractRequest& request = flags->request;
  MX_RETURN_IF_ERROR(TakeInAndOut(paths, request.hierarchy, &request));
  if (request.modules.empty()) return UsageError("--module is wanted");
  request.checker = console.checker;
  request.inference = console.inference;
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
