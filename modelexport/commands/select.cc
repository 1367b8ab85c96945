#include "modelexport/commands/select.h"

#include <cmath>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/edited_copy.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/commands/same_file.h"
#include "modelexport/edits/name_list.h"
#include "modelexport/render/exclude_list.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/table.h"
#include "modelexport/validation/undone.h"

namespace modelexport {

absl::StatusOr<Selection> Select(const SelectRequest& request) {
  // Mistakes in patterns are told before a large file is read.
  MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse(request.patterns));
  Selection selection;
  MX_ASSIGN_OR_RETURN(selection.owned,
                      ReadOwned(request.model, request.hierarchy, request.cancelled));
  OwnedGraph graph = OwnedGraph::Of(selection.owned);
  if (!request.also) graph.also = nullptr;
  absl::StatusOr<std::vector<NodeId>> nodes = pattern.Nodes(graph, request.subtrees);
  if (!nodes.ok()) return Annotate(nodes.status(), request.model);
  selection.nodes = *std::move(nodes);
  return selection;
}

// The command line.

namespace {

enum class SelectFormat {
  kNames,
  kValues,
  kPlaces,
  kJson,
  kOrt,
  kModelopt,
  kInc,
  kOlive,
  kGenai,
  kPlacement,
};

struct SelectFlags {
  SelectRequest request;
  SelectFormat format = SelectFormat::kNames;
  bool own = false;
  std::string device = "cpu";
  std::string named_copy;  // A path; "": none.
  absl::optional<double> expected;
};

std::vector<Flag> MakeFlags(SelectFlags* flags) {
  return {
      {"format", "names|values|places|json|ort|modelopt|inc|olive|genai|placement",
       "What is printed: names of nodes, one a line; of the values that they make; places; JSON; "
       "or names as a tool takes them. Default: names.",
       SetWord<SelectFormat>(&flags->format, {{"names", SelectFormat::kNames},
                                              {"values", SelectFormat::kValues},
                                              {"places", SelectFormat::kPlaces},
                                              {"json", SelectFormat::kJson},
                                              {"ort", SelectFormat::kOrt},
                                              {"modelopt", SelectFormat::kModelopt},
                                              {"inc", SelectFormat::kInc},
                                              {"olive", SelectFormat::kOlive},
                                              {"genai", SelectFormat::kGenai},
                                              {"placement", SelectFormat::kPlacement}})},
      {"own", "", "Leaves out the modules below those that match. Default: false.",
       SetBool(&flags->own)},
      {"also", "",
       "Also takes nodes of other modules that do part of the work of a module that matches "
       "(modelexport.also). Default: false.",
       SetBool(&flags->request.also)},
      {"expect", "N", "Exit 1, with nothing printed, unless N nodes match. Default: any number.",
       [flags](const std::string& value) {
         flags->expected.emplace();
         return SetNumber(&*flags->expected, 0, UINT32_MAX)(value);
       }},
      SourceFlag(&flags->request.hierarchy),
      {"name_nodes", "OUT.onnx",
       "Writes a copy in which selected nodes without a name have their place as one, and prints "
       "the names of the copy. Default: none.",
       SetString(&flags->named_copy)},
      {"device", "NAME", "Of --format=placement: where the nodes go. Default: cpu.",
       SetString(&flags->device)},
  };
}

CommandHelp Help() {
  return {
      "IN.onnx PATTERN... [flags]",
      R"(Prints the nodes of IN whose modules match a pattern, for tools that take names of nodes.

PATTERN is a path (encoder.layer.0; * and ? stay within a segment, ** is any number of segments, [0-5]
a number), class:NAME, op:TYPE; A,B what either matches, A+B what both match, !P takes away. What is
below a module belongs to it.
)",
      R"(Exit code: 0 done; 1 a pattern matches nothing, or the format cannot name just these nodes; 2 wrong
usage; 3 an input is missing or malformed; 4 the copy could not be written.
)",
      "testdata/bert_tiny/dynamo/model.onnx class:BertSelfOutput"};
}

// The names of nodes, as they are in the file that the user goes on with.
class Printer {
 public:
  Printer(const Selection& selection, const NameList& names, const SelectFlags& flags,
          std::ostream* out)
      : graph_(selection.owned.graph()),
        hierarchy_(*selection.owned.hierarchy),
        selection_(selection),
        names_(names),
        flags_(flags),
        out_(*out) {}

  absl::Status Print() const {
    switch (flags_.format) {
      case SelectFormat::kNames:
        return PrintNames();
      case SelectFormat::kValues:
        return PrintValues();
      case SelectFormat::kPlaces:
        return PrintPlaces();
      case SelectFormat::kJson:
        return PrintJson();
      case SelectFormat::kOrt:
        return PrintList(ExcludeTarget::kOrt);
      case SelectFormat::kModelopt:
        return PrintList(ExcludeTarget::kModelopt);
      case SelectFormat::kInc:
        return PrintList(ExcludeTarget::kInc);
      case SelectFormat::kOlive:
        return PrintList(ExcludeTarget::kOlive);
      case SelectFormat::kGenai:
        return PrintList(ExcludeTarget::kGenai);
      case SelectFormat::kPlacement:
        return PrintList(ExcludeTarget::kPlacement);
    }
    return absl::OkStatus();
  }

 private:
  absl::Status PrintNames() const {
    size_t unnamed = 0;
    for (NodeId node : selection_.nodes) unnamed += names_.NameOf(node).empty() ? 1 : 0;
    if (unnamed > 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(unnamed, " of ", selection_.nodes.size(), " selected nodes have no name"));
    }
    for (NodeId node : selection_.nodes) out_ << LineOf(names_.NameOf(node)) << "\n";
    return absl::OkStatus();
  }

  absl::Status PrintValues() const {
    for (NodeId node : selection_.nodes) {
      for (ValueId value : graph_.outputs(node)) {
        if (value.valid()) out_ << LineOf(graph_.name(value)) << "\n";
      }
    }
    return absl::OkStatus();
  }

  absl::Status PrintPlaces() const {
    for (NodeId node : selection_.nodes) out_ << LineOf(graph_.Place(node)) << "\n";
    return absl::OkStatus();
  }

  absl::Status PrintJson() const {
    Table table;
    table.name = "nodes";
    table.facts = {{"model", flags_.request.model}, {"hierarchy", selection_.owned.source}};
    table.columns = {{"place", "place"},           {"name", "name"}, {"op_type", "operator"},
                     {"module", "module"},         {"call", "call"}, {"evidence", "evidence"},
                     {"confidence", "confidence"}, {"also", "also"}};
    for (NodeId node : selection_.nodes) table.rows.push_back(RowOf(node));
    WriteTable(table, TableFormat::kJson, {}, out_);
    return absl::OkStatus();
  }

  std::vector<Cell> RowOf(NodeId node) const {
    const Owner& owner = selection_.owned.owners[node.index()];
    const bool attributed = OwnedGraph::Of(selection_.owned).IsAttributed(node);
    const absl::string_view name = names_.NameOf(node);
    return {graph_.Place(node),
            name.empty() ? Cell() : Cell(name),
            graph_.op_type(node),
            attributed ? Cell(hierarchy_.module(owner.module).path) : Cell(),
            owner.call.valid() ? Cell(hierarchy_.call(owner.call).ordinal) : Cell(),
            attributed ? Cell(NameOf(owner.evidence)) : Cell(),
            ConfidenceOf(node),
            Cell(AlsoOf(node))};
  }

  // Rounded, as more digits would say nothing. Tags do not say how sure they are.
  Cell ConfidenceOf(NodeId node) const {
    if (selection_.owned.confidence.empty()) return Cell();
    return Cell(std::round(1000.0 * selection_.owned.confidence[node.index()]) / 1000);
  }

  Cell::Texts AlsoOf(NodeId node) const {
    Cell::Texts paths;
    for (const AlsoModule& other : selection_.owned.also.of(node)) {
      paths.emplace_back(hierarchy_.module(other.module).path);
    }
    return paths;
  }

  absl::Status PrintList(ExcludeTarget target) const {
    std::vector<bool> selected(graph_.num_nodes());
    for (NodeId node : selection_.nodes) selected[node.index()] = true;
    NamesOfNodes names;
    for (size_t n = 0; n < selected.size(); ++n) {
      (selected[n] ? names.selected : names.others).push_back(names_.NameOf(NodeId(n)));
    }
    MX_ASSIGN_OR_RETURN(const std::string list, RenderExcludeList(target, names, flags_.device));
    out_ << list;
    return absl::OkStatus();
  }

  const GraphView& graph_;
  const Hierarchy& hierarchy_;
  const Selection& selection_;
  const NameList& names_;
  const SelectFlags& flags_;
  std::ostream& out_;
};

absl::StatusOr<Findings> ValidateCopy(const GraphView& original, const NameList& names,
                                      const ByteSource& written, const CopyRequest& request) {
  MX_ASSIGN_OR_RETURN(const ModelIndex index, ModelIndex::Build(written, {}));
  const std::vector<Edit> edits = names.Undo(index);
  const SplicePlan undo(index, edits);
  Findings findings;
  MX_RETURN_IF_ERROR(
      CheckUndone(original.index().source(), written, undo, request.cancelled, &findings));
  return findings;
}

absl::Status WriteNamedCopy(const SelectFlags& flags, const GraphView& graph, const NameList& names,
                            std::ostream* err) {
  CopyRequest request;
  request.model = flags.request.model;
  request.output = flags.named_copy;
  request.cancelled = flags.request.cancelled;
  EditedCopy copy(request);
  std::vector<std::string> warnings, findings;
  std::string level;
  MX_RETURN_IF_ERROR(copy.Plan(graph, names.edits(), &warnings));
  // Lengths in another form than ours cannot come back; nothing else compares such a copy.
  if (!copy.lengths_were_minimal()) request.validation = CopyRequest::Validation::kOff;
  for (const std::string& warning : warnings) *err << Printable(warning) << "\n";
  return copy.Write(
      Stages({request.cancelled, {}}),
      [&](const ByteSource& written) { return ValidateCopy(graph, names, written, request); },
      {&level, &findings});
}

// What was judged, with what helps where names are missing.
absl::Status Judged(const absl::Status& status, const SelectFlags& flags) {
  if (status.ok()) return status;
  const bool unnamed = absl::EndsWith(status.message(), "have no name");
  return WithFault(
      Annotate(absl::Status(status.code(),
                            absl::StrCat(status.message(),
                                         unnamed ? "; --name_nodes=OUT.onnx gives them one" : "")),
               flags.request.model),
      Fault::kJudged);
}

absl::Status CheckCount(const SelectFlags& flags, size_t count) {
  if (!flags.expected.has_value() || static_cast<double>(count) == *flags.expected) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      count, count == 1 ? " node matches" : " nodes match", ", not ", *flags.expected));
}

absl::Status RunSelect(const Console& console, const Arguments& arguments, SelectFlags* flags) {
  if (arguments.size() < 2) {
    return UsageError(absl::StrCat("IN and at least one PATTERN are wanted, not ", arguments.size(),
                                   arguments.size() == 1 ? " argument" : " arguments"));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN"}, arguments));
  flags->request.model = UserPath(arguments[0]);
  if (!flags->named_copy.empty()) flags->named_copy = UserPath(flags->named_copy);
  MX_RETURN_IF_ERROR(RefuseSameFile({"--name_nodes", flags->named_copy},
                                    {{"--hierarchy", flags->request.hierarchy}}));
  flags->request.patterns.assign(arguments.begin() + 1, arguments.end());
  flags->request.subtrees = flags->own ? Subtrees::kExcluded : Subtrees::kIncluded;
  flags->request.cancelled = console.cancel_on_signals();
  MX_ASSIGN_OR_RETURN(const Selection selection, Select(flags->request));
  MX_RETURN_IF_ERROR(Judged(CheckCount(*flags, selection.nodes.size()), *flags));
  const bool names_nodes = !flags->named_copy.empty();
  const NameList names(selection.owned.graph(),
                       names_nodes ? selection.nodes : std::vector<NodeId>());
  if (names_nodes) {
    MX_RETURN_IF_ERROR(WriteNamedCopy(*flags, selection.owned.graph(), names, console.err));
  }
  return Judged(Printer(selection, names, *flags, console.out).Print(), *flags);
}

}  // namespace

int SelectCommand(const Console& console, const Arguments& arguments) {
  SelectFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& rest) { return RunSelect(console, rest, &flags); });
}

}  // namespace modelexport
