#include "modelexport/commands/tap.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/copy_flags.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/external_references.h"
#include "modelexport/commands/infer_infos.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/commands/same_file.h"
#include "modelexport/edits/tap_list.h"
#include "modelexport/files/folder.h"
#include "modelexport/files/output_file.h"
#include "modelexport/modules/call_outputs.h"
#include "modelexport/modules/module_choice.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/value_type.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/render/reports.h"
#include "modelexport/validation/ask_checker.h"
#include "modelexport/validation/undone.h"

namespace modelexport {
namespace {

// Tensors that take more bytes of the model are compared at level kFull alone, as for the rest of
// what they have after this.
constexpr uint64_t kComparedOfTensor = uint64_t{1} << 12;

class Tapping {
 public:
  Tapping(const TapRequest& request, TapOutcome* outcome)
      : request_(request),
        report_(outcome->report),
        listed_(outcome->list),
        stages_({request.cancelled, request.on_stage}, &outcome->report.stages),
        copy_(request) {}

  absl::Status Run() {
    MX_RETURN_IF_ERROR(stages_.Run("match", [&]() -> absl::Status {
      MX_ASSIGN_OR_RETURN(owned_,
                          ReadOwned(request_.model, request_.hierarchy, request_.cancelled));
      report_.warnings = owned_.notes;
      report_.hierarchy = owned_.source;
      return RefuseDataFiles();
    }));
    MX_RETURN_IF_ERROR(
        stages_.Run("select", [&] { return Annotate(FindOutputs(), request_.model); }));
    if (request_.output.empty()) return absl::OkStatus();
    MX_RETURN_IF_ERROR(stages_.Run("plan", [&] { return PlanCopy(); }));
    // The stages "write", "validate" and "commit".
    return copy_.Write(stages_, [&](const ByteSource& written) { return Validate(written); },
                       {&report_.validation, &report_.findings});
  }

 private:
  const GraphView& graph() const { return owned_.graph(); }

  // Where OUT is written, its plan does the same for where data files will be.
  absl::Status RefuseDataFiles() const {
    for (const std::string& path : request_.also_written) {
      MX_RETURN_IF_ERROR(RefuseDataFile(request_.model, graph(), path));
    }
    return absl::OkStatus();
  }

  absl::Status FindOutputs() {
    const OwnedGraph owned = OwnedGraph::Of(owned_);
    MX_ASSIGN_OR_RETURN(const std::vector<bool> modules, MatchModules(owned, request_.modules));
    calls_ = OutputsOfCalls(owned, modules, request_.cancelled);
    MX_RETURN_IF_ERROR(CheckCancelled(request_.cancelled));
    MX_RETURN_IF_ERROR(TakeInfos());
    for (const CallOutputs& call : calls_) report_.calls.push_back(Described(call));
    if (report_.tapped() > 0) return ListValues();
    return WithFault(
        absl::FailedPreconditionError(absl::StrCat(request_.modules, ": ", NoOutputs())),
        Fault::kJudged);
  }

  absl::Status ListValues() {
    if (!request_.list.has_value()) return absl::OkStatus();
    std::vector<std::string> names;
    for (ValueId value : values_) names.emplace_back(graph().name(value));
    absl::StatusOr<std::string> list = RenderValueList(*request_.list, names);
    if (!list.ok()) return WithFault(list.status(), Fault::kJudged);
    listed_ = *std::move(list);
    return absl::OkStatus();
  }

  std::string NoOutputs() const {
    if (report_.calls.empty()) return "no module of these is called";
    const TapReport::Call& first = report_.calls[0];
    return absl::StrCat("of ", report_.calls.size(), " calls none has an output, the first, of ",
                        first.module.empty() ? "." : first.module, ", because it ", first.why);
  }

  // The graph's own outputs have a type that needs no completing.
  absl::Status TakeInfos() {
    ListOnce();
    std::vector<ValueId> new_outputs;
    for (ValueId value : values_) {
      if (!graph().value(value).is_graph_output) new_outputs.push_back(value);
    }
    MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(graph().index()));
    MX_ASSIGN_OR_RETURN(
        infos_, InferInfos(graph(), declared, new_outputs, request_.inference, &report_.warnings));
    MX_RETURN_IF_ERROR(TakeTypes(declared));
    if (request_.untyped) return absl::OkStatus();
    return AddHint(RefuseIncomplete(graph(), infos_),
                   "--untyped writes it so, which onnx's checker refuses and ONNX Runtime loads");
  }

  void ListOnce() {
    absl::flat_hash_set<ValueId> seen;
    for (const CallOutputs& call : calls_) {
      for (const CallOutputs::Output& output : call.values) {
        if (seen.insert(output.value).second) values_.push_back(output.value);
      }
    }
  }

  absl::Status TakeTypes(const Declarations& declared) {
    for (const ValueInfo& info : infos_) {
      report_.added.emplace_back(graph().name(info.value));
      types_.emplace(info.value, ToString(info.type));
    }
    MX_ASSIGN_OR_RETURN(const ValueTypes types, ValueTypes::Read(graph(), declared));
    for (ValueId value : values_) types_.emplace(value, ToString(types.type(value)));
    return absl::OkStatus();
  }

  TapReport::Call Described(const CallOutputs& call) const {
    TapReport::Call described;
    const Module& module = owned_.hierarchy->module(call.module);
    described.module = std::string(module.path);
    described.class_name = std::string(module.class_name);
    if (call.call.valid()) described.call = owned_.hierarchy->call(call.call).ordinal;
    described.why = call.why;
    for (const CallOutputs::Output& output : call.values) {
      described.outputs.push_back(Described(output));
    }
    return described;
  }

  TapReport::Output Described(const CallOutputs::Output& output) const {
    const Value& value = graph().value(output.value);
    TapReport::Output described;
    described.value = std::string(graph().name(output.value));
    described.type = types_.at(output.value);
    described.was_output = value.is_graph_output;
    described.feeds = output.feeds;
    if (!value.producer.valid()) return described;
    described.node = graph().Place(value.producer);
    described.op_type = std::string(graph().op_type(value.producer));
    const absl::Span<const ValueId> made = graph().outputs(value.producer);
    while (made[described.result] != output.value) ++described.result;
    return described;
  }

  absl::Status PlanCopy() {
    list_ = std::make_unique<const TapList>(graph(), infos_);
    MX_RETURN_IF_ERROR(copy_.Plan(graph(), list_->edits(), &report_.warnings));
    report_.bytes_out = copy_.size();
    return absl::OkStatus();
  }

  absl::StatusOr<Findings> Validate(const ByteSource& written) {
    Findings findings;
    const bool is_full = request_.validation == CopyRequest::Validation::kFull;
    if (copy_.lengths_were_minimal()) {
      MX_ASSIGN_OR_RETURN(const ModelIndex index, ModelIndex::Build(written, {}));
      const std::vector<Edit> edits = list_->Undo(index);
      const SplicePlan undo(index, edits);
      MX_RETURN_IF_ERROR(CheckUndone(graph().index().source(), written, undo, request_.cancelled,
                                     &findings, is_full ? std::vector<Range>() : Payloads()));
    } else {
      report_.warnings.push_back(
          "lengths are encoded in more bytes than needed: the output was not compared with IN");
    }
    if (!is_full) return findings;
    MX_RETURN_IF_ERROR(AskChecker(request_.checker, {&written, FolderOf(request_.output)},
                                  {&graph().index().source(), FolderOf(request_.model)},
                                  request_.cancelled, &findings));
    return findings;
  }

  // Of large tensors what comes after their beginnings, in the order of the file.
  std::vector<Range> Payloads() const {
    std::vector<Range> payloads;
    for (const TensorRecord& tensor : graph().index().tensors()) {
      if (tensor.range.size() <= kComparedOfTensor) continue;
      payloads.push_back({tensor.range.begin + kComparedOfTensor, tensor.range.end});
    }
    std::sort(payloads.begin(), payloads.end(),
              [](const Range& a, const Range& b) { return a.begin < b.begin; });
    return payloads;
  }

  const TapRequest& request_;
  TapReport& report_;
  std::string& listed_;
  const Stages stages_;
  OwnedModel owned_;
  std::vector<CallOutputs> calls_;
  std::vector<ValueId> values_;   // Of the calls, each once.
  std::vector<ValueInfo> infos_;  // Of those that become outputs.
  absl::flat_hash_map<ValueId, std::string> types_;
  std::unique_ptr<const TapList> list_;
  EditedCopy copy_;
};

}  // namespace

TapOutcome Tap(const TapRequest& request) {
  TapOutcome outcome;
  outcome.report.model = request.model;
  outcome.report.output = request.output;
  outcome.status = Tapping(request, &outcome).Run();
  if (!outcome.status.ok()) outcome.report.bytes_out = 0;
  return outcome;
}

// The command line.

namespace {

enum class TapFormat { kText, kJson, kNames, kPolygraphy, kTrtexec };

struct TapFlags {
  TapRequest request;
  std::string map;
  TapFormat format = TapFormat::kText;
  bool quiet = false;
};

std::vector<Flag> MakeFlags(TapFlags* flags) {
  TapRequest& request = flags->request;
  std::vector<Flag> own = {
      {"modules", "PATTERN",
       "The modules of which the outputs are wanted, and not those below them: a path, as "
       "encoder.layer.0; a range of siblings, as encoder.layer.0..3; a pattern, as encoder.layer.* "
       "or class:BertLayer (`modelexport help select`). \".\" is the whole model. Default: **, "
       "all.",
       SetString(&request.modules)},
      {"map", "FILE.json", "Writes which value is which output of which call. Default: none.",
       SetString(&flags->map)},
      {"format", "text|json|names|polygraphy|trtexec",
       "What is printed: a summary; what --map writes; the values, one a line; as "
       "`polygraphy run --onnx-outputs` and --trt-outputs take them; as `trtexec --markDebug` "
       "does. "
       "Default: text.",
       SetWord<TapFormat>(&flags->format, {{"text", TapFormat::kText},
                                           {"json", TapFormat::kJson},
                                           {"names", TapFormat::kNames},
                                           {"polygraphy", TapFormat::kPolygraphy},
                                           {"trtexec", TapFormat::kTrtexec}})},
      SourceFlag(&request.hierarchy),
      {"untyped", "",
       "Makes outputs also of values whose type or rank is not known. Default: false.",
       SetBool(&request.untyped)},
      ValidateFlag("What is checked before the output gets its name. standard: that without the "
                   "new outputs it is IN byte for byte, with only the beginning of tensors of "
                   "over 4 KiB; full: all bytes, and what onnx's checker says; off: nothing. "
                   "Default: standard.",
                   &request),
  };
  return WithCopyFlags(std::move(own), &request, &flags->quiet);
}

CommandHelp Help() {
  return {
      "IN.onnx [OUT.onnx] [flags]",
      R"(Writes a copy of IN in which the outputs of modules are outputs of the graph too, so that
any runtime shows them. Nothing else changes, and names stay. Without OUT the command writes no
model and only prints which values these are.
)",
      R"(Exit code: 0 done; 1 a pattern matches nothing, no call has an output, a type is not known, or
validation found errors; 2 wrong usage; 3 an input is missing or malformed; 4 the output could not be
written.
)",
      "testdata/bert_tiny/dynamo/model.onnx tapped.onnx --modules='encoder.layer.*'"};
}

absl::Status TakePaths(const Console& console, const Arguments& paths, TapFlags* flags) {
  TapRequest& request = flags->request;
  if (paths.empty() || paths.size() > 2) {
    return UsageError(
        absl::StrCat("IN is wanted, and OUT for a copy, not ", paths.size(), " arguments"));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN", "OUT"}, paths));
  request.model = UserPath(paths[0]);
  if (paths.size() == 2) request.output = UserPath(paths[1]);
  if (!flags->map.empty()) flags->map = UserPath(flags->map);
  const NamedPath sidecar("--hierarchy", request.hierarchy);
  MX_RETURN_IF_ERROR(RefuseSameFile({"OUT", request.output}, {sidecar}));
  MX_RETURN_IF_ERROR(RefuseSameFile({"--map", flags->map},
                                    {{"IN", request.model}, {"OUT", request.output}, sidecar}));
  if (!flags->map.empty()) request.also_written = {flags->map};
  request.checker = console.checker;
  request.inference = console.inference;
  request.cancelled = console.cancel_on_signals();
  return absl::OkStatus();
}

absl::optional<ValueTarget> ListOf(TapFormat format) {
  switch (format) {
    case TapFormat::kText:
    case TapFormat::kJson:
      return absl::nullopt;
    case TapFormat::kNames:
      return ValueTarget::kNames;
    case TapFormat::kPolygraphy:
      return ValueTarget::kPolygraphy;
    case TapFormat::kTrtexec:
      return ValueTarget::kTrtexec;
  }
  return absl::nullopt;
}

// Made before the model, so that a place where it cannot be is told first.
absl::StatusOr<std::unique_ptr<OutputFile>> MakeMap(const TapFlags& flags) {
  if (flags.map.empty()) return std::unique_ptr<OutputFile>();
  return OutputFile::Create(flags.map, flags.request.cancelled);
}

absl::Status WriteMap(const TapReport& report, OutputFile* map) {
  if (map == nullptr) return absl::OkStatus();
  MX_RETURN_IF_ERROR(map->Append(RenderJson(report)));
  return map->Commit(Sync::kWhenReplacing);
}

absl::Status RunTap(const Console& console, const Arguments& paths, TapFlags* flags) {
  MX_RETURN_IF_ERROR(TakePaths(console, paths, flags));
  flags->request.list = ListOf(flags->format);
  MX_ASSIGN_OR_RETURN(const std::unique_ptr<OutputFile> map, MakeMap(*flags));
  const TapOutcome outcome = RunCopying(console, flags->quiet, &flags->request, Tap);
  MX_RETURN_IF_ERROR(outcome.status);
  MX_RETURN_IF_ERROR(WriteMap(outcome.report, map.get()));
  if (flags->format == TapFormat::kJson) {
    *console.out << RenderJson(outcome.report);
  } else if (flags->format != TapFormat::kText) {
    *console.out << outcome.list;
  } else if (!flags->quiet) {
    *console.out << RenderText(outcome.report);
  }
  return absl::OkStatus();
}

}  // namespace

int TapCommand(const Console& console, const Arguments& arguments) {
  TapFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunTap(console, paths, &flags); });
}

}  // namespace modelexport
