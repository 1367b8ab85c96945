#include "modelexport/commands/outline.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/copy_flags.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/edits/outline_list.h"
#include "modelexport/files/folder.h"
#include "modelexport/modules/outline_plan.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/ownership/owners_from_tags.h"
#include "modelexport/render/reports.h"
#include "modelexport/tags/node_tags.h"
#include "modelexport/validation/outlined.h"

namespace modelexport {
namespace {

class Outliner {
 public:
  Outliner(const OutlineRequest& request, OutlineReport* report)
      : request_(request),
        report_(*report),
        stages_({request.cancelled, request.on_stage}, &report->stages),
        copy_(request) {}

  absl::Status Run() {
    MX_RETURN_IF_ERROR(stages_.Run("match", [&] { return Read(); }));
    MX_RETURN_IF_ERROR(stages_.Run("plan", [&] { return Annotate(MakePlan(), request_.model); }));
    MX_RETURN_IF_ERROR(stages_.Run("select", [&] { return PlanCopy(); }));
    // The stages "write", "validate" and "commit".
    return copy_.Write(stages_, [&](const ByteSource& written) { return Validate(written); },
                       {&report_.validation, &report_.findings});
  }

 private:
  absl::Status Read() {
    std::vector<std::string> keys = EditList::KeysToLoad();
    for (std::string& key : NodeTagKeys()) keys.push_back(std::move(key));
    MX_ASSIGN_OR_RETURN(owned_,
                        ReadOwned(request_.model, request_.hierarchy, request_.cancelled, keys));
    report_.warnings = owned_.notes;
    report_.bytes_in = owned_.graph().index().source().size();
    if (!HasTags(owned_.graph().index())) {
      report_.warnings.push_back("the model is not tagged, and neither is what is made here");
    }
    return absl::OkStatus();
  }

  absl::Status MakePlan() {
    const OwnedGraph owned = OwnedGraph::Of(owned_);
    OutlineWish wish;
    wish.nested = request_.nested;
    if (!request_.modules.empty()) {
      MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse({request_.modules}));
      MX_ASSIGN_OR_RETURN(wish.modules, pattern.Modules(owned, Subtrees::kExcluded));
    }
    MX_ASSIGN_OR_RETURN(OutlinePlan plan, OutlinePlan::Make(owned, wish, request_.cancelled));
    plan_ = std::make_unique<const OutlinePlan>(std::move(plan));
    Describe();
    return plan_->functions.empty() ? NothingToDo() : absl::OkStatus();
  }

  absl::Status NothingToDo() const {
    std::string message = request_.modules.empty() ? "no block of nodes repeats"
                                                   : "none of the modules can be a function";
    constexpr size_t kMost = 4;
    for (size_t i = 0; i < report_.left.size() && i < kMost; ++i) {
      absl::StrAppend(&message, "\n  ", report_.left[i].module, ": ", report_.left[i].reason);
    }
    if (report_.left.size() > kMost) {
      absl::StrAppend(&message, "\n  and ", report_.left.size() - kMost, " more");
    }
    return WithFault(absl::FailedPreconditionError(message), Fault::kJudged);
  }

  void Describe() {
    for (const OutlineFunction& function : plan_->functions) {
      OutlineReport::Function& row = report_.functions.emplace_back();
      row.name = function.name;
      row.nodes = function.constants.size() + function.items.size();
      row.inputs = function.parameters.size();
      row.outputs = plan_->block(function).outputs.size();
    }
    for (const OutlineCall& call : plan_->calls) {
      OutlineReport::Function& row = report_.functions[call.function];
      ++row.calls;
      row.modules.push_back(NameOfInstance(call.instance));
    }
    for (const OutlineLeft& left : plan_->left) {
      report_.left.push_back({NameOfInstance(left.instance), left.reason});
    }
  }

  std::string NameOfInstance(uint32_t instance) const {
    return NameOf(*owned_.hierarchy, plan_->candidates.instances[instance]);
  }

  absl::Status PlanCopy() {
    MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(owned_.graph().index()));
    MX_ASSIGN_OR_RETURN(OutlineList list, OutlineList::Make(OwnedGraph::Of(owned_), declared,
                                                            *plan_, request_.cancelled));
    list_ = std::make_unique<const OutlineList>(std::move(list));
    Count(list_->counts());
    MX_RETURN_IF_ERROR(copy_.Plan(owned_.graph(), list_->edits(), &report_.warnings));
    report_.bytes_out = copy_.size();
    return absl::OkStatus();
  }

  void Count(const OutlineCounts& counts) {
    report_.nodes_before = counts.nodes_before;
    report_.nodes_after = counts.nodes_after;
    report_.nodes_in_functions = counts.nodes_in_functions;
    if (counts.ir_version_raised) {
      report_.warnings.push_back(
          absl::StrCat("ir_version is ", kFirstIrVersionWithFunctions, " now, as functions need"));
    }
  }

  absl::StatusOr<Findings> Validate(const ByteSource& written) const {
    OutlinedRequest checks;
    checks.original = &owned_.graph();
    checks.outlined = &written;
    checks.level = request_.validation;
    checks.checker = request_.checker;
    checks.folder = FolderOf(request_.output);
    checks.original_folder = FolderOf(request_.model);
    checks.cancelled = request_.cancelled;
    return ValidateOutlined(checks);
  }

  const OutlineRequest& request_;
  OutlineReport& report_;
  const Stages stages_;
  OwnedModel owned_;
  std::unique_ptr<const OutlinePlan> plan_;
  std::unique_ptr<const OutlineList> list_;
  EditedCopy copy_;
};

}  // namespace

OutlineOutcome Outline(const OutlineRequest& request) {
  OutlineOutcome outcome;
  outcome.report.model = request.model;
  outcome.report.output = request.output;
  outcome.status = Outliner(request, &outcome.report).Run();
  if (!outcome.status.ok()) outcome.report.bytes_out = 0;
  return outcome;
}

// The command line.

namespace {

struct OutlineFlags {
  OutlineRequest request;
  std::string class_name;
  bool repeated = false;
  bool quiet = false;
};

std::vector<Flag> MakeFlags(OutlineFlags* flags) {
  OutlineRequest& request = flags->request;
  std::vector<Flag> own = {
      {"repeated", "",
       "The largest blocks that repeat: modules of one class whose nodes do the same, each called "
       "beside the others. This is the default.",
       SetBool(&flags->repeated)},
      {"modules", "PATTERN",
       "The modules that match (`modelexport help select`), repeated or not, nested where one is "
       "within another.",
       SetString(&request.modules)},
      {"class", "NAME", "The modules of this class: short for --modules=class:NAME.",
       SetString(&flags->class_name)},
      {"nested", "",
       "The modules that are called within these become functions, too. Default: false.",
       SetBool(&request.nested)},
      SourceFlag(&request.hierarchy),
      ValidateFlag("What is checked before the output gets its name. standard: that all outputs "
                   "are computed as in IN once the functions are inlined again; full: all bytes "
                   "of tensors too, and what onnx's checker says; off: nothing. Default: "
                   "standard.",
                   &request),
  };
  return WithCopyFlags(std::move(own), &request, &flags->quiet);
}

CommandHelp Help() {
  return {
      "IN.onnx OUT.onnx [flags]",
      R"(Writes a copy of IN in which calls of modules are calls of local functions. Blocks that do the same
share one function, which gets their weights, and all else that differs, as inputs. onnx's inliner
and runtimes put the bodies back in place.
)",
      R"(Exit code: 0 done; 1 nothing can be a function, or validation found errors; 2 wrong usage; 3 an input is
missing or malformed; 4 the output could not be written.
)",
      "testdata/bert_tiny/dynamo/model.onnx outlined.onnx"};
}

absl::Status ReadWish(OutlineFlags* flags) {
  std::string& modules = flags->request.modules;
  const int wishes =
      (flags->repeated ? 1 : 0) + (modules.empty() ? 0 : 1) + (flags->class_name.empty() ? 0 : 1);
  if (wishes > 1) return UsageError("--repeated, --modules and --class exclude each other");
  if (!flags->class_name.empty()) modules = absl::StrCat("class:", flags->class_name);
  return absl::OkStatus();
}

absl::Status RunOutline(const Console& console, const Arguments& paths, OutlineFlags* flags) {
  OutlineRequest& request = flags->request;
  MX_RETURN_IF_ERROR(TakeInAndOut(paths, request.hierarchy, &request));
  MX_RETURN_IF_ERROR(ReadWish(flags));
  request.checker = console.checker;
  const OutlineOutcome outcome = RunCopying(console, flags->quiet, &request, Outline);
  if (outcome.status.ok() && !flags->quiet) *console.out << RenderText(outcome.report);
  return outcome.status;
}

}  // namespace

int OutlineCommand(const Console& console, const Arguments& arguments) {
  OutlineFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunOutline(console, paths, &flags); });
}

}  // namespace modelexport
