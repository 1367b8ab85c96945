#include "modelexport/commands/rename.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/copy_flags.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/commands/unrenamed_model.h"
#include "modelexport/edits/rename_list.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/ownership/owners_from_tags.h"
#include "modelexport/ownership/read_hierarchy.h"
#include "modelexport/render/reports.h"
#include "modelexport/tags/old_names.h"
#include "modelexport/validation/validator.h"

namespace modelexport {
namespace {

absl::Status ReadModel(const RenameRequest& request, UnrenamedModel* model) {
  MX_RETURN_IF_ERROR(model->Open(request.model, request.cancelled));
  MX_RETURN_IF_ERROR(model->ReadOldNames(request.cancelled));
  return model->View(RenameList::KeysToLoad(), request.cancelled);
}

// The modules that the model carries tell which of them have a scope; absent: paths alone do.
absl::optional<Hierarchy> CarriedHierarchy(const RenameRequest& request, const ModelIndex& index) {
  absl::StatusOr<Hierarchy> hierarchy =
      ReadHierarchyOf(index, kEmbeddedHierarchy, request.cancelled);
  if (!hierarchy.ok()) return absl::nullopt;
  return *std::move(hierarchy);
}

absl::Status NotMinimal(const std::string& model) {
  return WithFault(
      absl::FailedPreconditionError(absl::StrCat(
          model,
          ": lengths are encoded in more bytes than needed, which --undo could not restore; "
          "a copy that a protobuf library writes can be renamed")),
      Fault::kJudged);
}

bool TakesTags(const RenameRequest& request, const ModelIndex& index) {
  return request.hierarchy.empty() ? HasTags(index) : request.hierarchy == kTagsHierarchy;
}

absl::StatusOr<RenameList> ListByTags(const UnrenamedModel& model, RenameOptions options,
                                      const RenameRequest& request) {
  const absl::optional<Hierarchy> hierarchy = CarriedHierarchy(request, *model.index);
  options.hierarchy = hierarchy.has_value() ? &*hierarchy : nullptr;
  MX_ASSIGN_OR_RETURN(RenameList list, RenameList::Make(*model.graph, options));
  if (list.tagged() > 0 || model.graph->num_nodes() == 0) return list;
  return absl::InvalidArgumentError(
      absl::StrCat(request.model, ": no node has tags; `modelexport tag` writes them"));
}

// What names alone say, they say of paths.
bool KnowsCalls(const OwnedModel& owned) { return owned.source != kNamesHierarchy; }

absl::StatusOr<RenameList> ListByOwners(const UnrenamedModel& model, RenameOptions options,
                                        const RenameRequest& request) {
  if (model.old->nodes() + model.old->values() > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(request.model,
                     ": has names of an earlier `rename`, which would be evidence "
                     "for themselves; --undo gives the old ones back"));
  }
  MX_ASSIGN_OR_RETURN(const OwnedModel owned,
                      ReadOwned(request.model, request.hierarchy, request.cancelled));
  const OwnedGraph graph = OwnedGraph::Of(owned);
  bool any = graph.owners.empty();
  for (size_t n = 0; n < graph.owners.size() && !any; ++n) any = graph.IsAttributed(NodeId(n));
  if (!any) {
    return absl::InvalidArgumentError(absl::StrCat(
        request.model, ": nothing attributes a node to a module; --hierarchy=FILE may"));
  }
  options.owners = &owned.owners;
  options.owned_by = owned.hierarchy.get();
  if (KnowsCalls(owned)) options.hierarchy = owned.hierarchy.get();
  return RenameList::Make(*model.graph, options);
}

absl::StatusOr<RenameList> MakeList(const RenameRequest& request, const UnrenamedModel& model) {
  RenameOptions options;
  options.values = request.values;
  options.cancelled = request.cancelled;
  return TakesTags(request, *model.index) ? ListByTags(model, options, request)
                                          : ListByOwners(model, options, request);
}

void CountChanges(const RenameRequest& request, const UnrenamedModel& model,
                  const absl::optional<RenameList>& list, RenameReport* report) {
  report->undone = request.undo;
  report->nodes = list.has_value() ? list->nodes() : model.old->nodes();
  report->values = list.has_value() ? list->values() : model.old->values();
  report->nodes_in_all = model.graph->num_nodes();
}

// Of the output and what it was made from, the one with old names must read as the other one does
// without them.
absl::StatusOr<Findings> ValidateCopy(const RenameRequest& request, const UnrenamedModel& model,
                                      const ByteSource& written) {
  RenameValidationRequest checks;
  checks.original = request.undo ? &written : &model.old->source();
  checks.renamed = request.undo ? model.file.get() : &written;
  checks.level = request.validation;
  checks.cancelled = request.cancelled;
  return ValidateRenamed(checks);
}

absl::Status Run(const RenameRequest& request, RenameReport* report) {
  const Stages stages({request.cancelled, request.on_stage}, &report->stages);
  UnrenamedModel model;
  MX_RETURN_IF_ERROR(stages.Run("index", [&]() -> absl::Status {
    MX_RETURN_IF_ERROR(ReadModel(request, &model));
    report->bytes_in = model.file->size();
    return absl::OkStatus();
  }));
  EditedCopy copy(request);
  absl::optional<RenameList> list;
  MX_RETURN_IF_ERROR(stages.Run("select", [&]() -> absl::Status {
    if (!request.undo) {
      MX_ASSIGN_OR_RETURN(list, MakeList(request, model));
    }
    CountChanges(request, model, list, report);
    const absl::Span<const Edit> edits =
        list.has_value() ? list->edits() : absl::Span<const Edit>();
    MX_RETURN_IF_ERROR(copy.Plan(*model.graph, edits, &report->warnings));
    if (list.has_value() && !(list->headers_were_minimal() && copy.lengths_were_minimal())) {
      return NotMinimal(request.model);
    }
    report->bytes_out = copy.size();
    return absl::OkStatus();
  }));
  // The stages "write", "validate" and "commit".
  return copy.Write(
      stages, [&](const ByteSource& written) { return ValidateCopy(request, model, written); },
      {&report->validation, &report->findings});
}

}  // namespace

RenameOutcome Rename(const RenameRequest& request) {
  RenameOutcome outcome;
  outcome.report.model = request.model;
  outcome.report.output = request.output;
  outcome.status = Run(request, &outcome.report);
  if (!outcome.status.ok()) outcome.report.bytes_out = 0;
  return outcome;
}

// The command line.

namespace {

struct RenameFlags {
  RenameRequest request;
  bool quiet = false;
};

std::vector<Flag> MakeFlags(RenameFlags* flags) {
  RenameRequest& request = flags->request;
  std::vector<Flag> own = {
      SourceFlag(&request.hierarchy),
      {"values", "",
       "Also renames the values that nodes make, except inputs and outputs of graphs. Default: "
       "false.",
       SetBool(&request.values)},
      {"undo", "", "Gives the names back that IN had before. Default: false.",
       SetBool(&request.undo)},
      ValidateFlag(
          "What is compared with IN before the output gets its name. standard: all bytes outside "
          "tensor payloads; full: all bytes; off: nothing. Default: standard.",
          &request),
  };
  return WithCopyFlags(std::move(own), &request, &flags->quiet);
}

CommandHelp Help() {
  return {
      "IN.onnx OUT.onnx [flags]",
      R"(Names each node of IN by its module, as /encoder/layer.0/attention/self/query/MatMul,
keeps the old name beside it, and writes OUT. OUT may be IN. Nothing else changes.
)",
      R"(Exit code: 0 done; 1 the comparison with IN found differences, or IN could not be given back to the
byte; 2 wrong usage; 3 an input is missing or malformed, or nothing names modules; 4 the output could not
be written.
)",
      "testdata/bert_tiny/dynamo/model.onnx renamed.onnx"};
}

absl::Status RunRename(const Console& console, const Arguments& paths, RenameFlags* flags) {
  RenameRequest& request = flags->request;
  MX_RETURN_IF_ERROR(TakeInAndOut(paths, request.hierarchy, &request));
  if (request.undo && request.values) {
    return UsageError("--values with --undo: all names are given back in any case");
  }
  if (request.undo && !request.hierarchy.empty()) {
    return UsageError("--hierarchy with --undo: the old names are in IN");
  }
  const RenameOutcome outcome = RunCopying(console, flags->quiet, &request, Rename);
  const bool judged = outcome.status.ok() || FaultOf(outcome.status) == Fault::kJudged;
  if (judged && !flags->quiet) *console.out << RenderText(outcome.report);
  return outcome.status;
}

}  // namespace

int RenameCommand(const Console& console, const Arguments& arguments) {
  RenameFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& paths) { return RunRename(console, paths, &flags); });
}

}  // namespace modelexport
