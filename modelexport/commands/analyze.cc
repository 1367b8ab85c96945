#include "modelexport/commands/analyze.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/analyze_columns.h"
#include "modelexport/commands/collect_view.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/placement_file.h"
#include "modelexport/commands/read_costs.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/costs/module_costs.h"
#include "modelexport/modules/module_figures.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/modules/precision.h"
#include "modelexport/modules/source_lines.h"
#include "modelexport/modules/visible_rows.h"
#include "modelexport/render/printable.h"
#include "modelexport/view/viewer_json.h"

namespace modelexport {
namespace {

bool IsLowerBound(absl::string_view key) { return absl::EndsWith(key, "_at_least"); }

// Whether the user wants costs, rather than taking them where they are at hand.
bool AsksForCosts(const AnalyzeRequest& request) {
  return request.costs || !request.shapes.dims.empty() || IsCostColumn(request.sort) ||
         std::any_of(request.columns.begin(), request.columns.end(), IsCostColumn);
}

// By node; empty where nobody asks and the file itself does not say all that MACs need.
struct AnalyzedCosts {
  std::vector<NodeCost> nodes;
  std::vector<std::string> notes;
};

absl::StatusOr<AnalyzedCosts> ReadCosts(const AnalyzeRequest& request, const GraphView& graph) {
  AnalyzedCosts costs;
  if (AsksForCosts(request)) {
    MX_ASSIGN_OR_RETURN(costs.nodes,
                        ReadNodeCosts(graph, request.shapes, request.cancelled, &costs.notes));
    return costs;
  }
  if (request.tree && request.columns.empty()) {
    costs.nodes = CostsAtHand(graph, request.cancelled);
  }
  return costs;
}

// Makes the rows of the table as they are written.
class Analyzer {
 public:
  Analyzer(const AnalyzeRequest& request, OwnedModel owned, std::vector<bool> filter,
           const AnalyzedCosts& costs)
      : request_(request),
        owned_(std::move(owned)),
        filter_(std::move(filter)),
        notes_(costs.notes),
        has_costs_(!costs.nodes.empty()),
        rows_(OwnedGraph::Of(owned_), request.folding, filter_),
        figures_(FiguresOf(OwnedGraph::Of(owned_), rows_)),
        costs_(has_costs_ ? SumCosts(OwnedGraph::Of(owned_), rows_, costs.nodes) : CostsOfModel()) {
    data_.hierarchy = owned_.hierarchy.get();
    data_.tree = request.tree;
    for (AnalyzeColumn& column : MakeAnalyzeColumns(data_)) {
      if (NamesColumn(request.sort, column.column)) sort_ = column.cell;  // Of an object the total.
      if (IsWanted(&column)) columns_.push_back(std::move(column));
    }
  }

  // All but the rows.
  absl::StatusOr<Analysis> Run() {
    MX_RETURN_IF_ERROR(FillData());
    Describe();
    visible_ = Choose();
    has_unattributed_ = filter_.empty() && HasUnattributed();
    for (const VisibleRow& row : visible_) AddMark(figures_.rows[row.row]);
    if (has_unattributed_) AddMark(figures_.unattributed);
    return std::move(analysis_);
  }

  size_t num_rows() const { return visible_.size() + (has_unattributed_ ? 1 : 0); }

  std::vector<Cell> Row(size_t i) const {
    if (i < visible_.size()) {
      const uint32_t row = visible_[i].row;
      return CellsOf(FactsOf(NameOf(visible_[i]), row));
    }
    std::vector<Cell> cells = CellsOf({"(not attributed)",
                                       RowFacts::kUnattributed,
                                       {},
                                       figures_.unattributed,
                                       costs_.unattributed});
    if (!request_.labels && columns_[0].column.key == "module") cells[0] = Cell();
    return cells;
  }

 private:
  bool IsWanted(AnalyzeColumn* column) const {
    const std::string& key = column->column.key;
    const bool by_flag =
        (key == "line" && request_.lines) || (key == "placement" && !request_.placement.empty());
    if (by_flag) return true;
    if (request_.columns.empty()) return IsUsual(*column);
    // What is asked for is shown.
    if (column->column.fit == Column::Fit::kOmit) column->column.fit = Column::Fit::kCutEnd;
    return std::any_of(request_.columns.begin(), request_.columns.end(),
                       [&](const std::string& word) { return NamesColumn(word, column->column); });
  }

  bool IsUsual(const AnalyzeColumn& column) const {
    using Shown = AnalyzeColumn::Shown;
    if (column.shown == Shown::kNotInTree) return !request_.tree;
    if (column.shown != Shown::kWithCosts) return column.shown == Shown::kAlways;
    const absl::string_view key = column.column.key;
    if (key == "macs" && request_.tree && has_costs_) return true;
    return AsksForCosts(request_) && !(request_.tree && IsLowerBound(key));
  }

  bool NeedsColumn(absl::string_view key) const {
    return request_.sort == key ||
           std::any_of(columns_.begin(), columns_.end(),
                       [&](const AnalyzeColumn& column) { return column.column.key == key; });
  }

  absl::Status FillData() {
    const OwnedGraph owned = OwnedGraph::Of(owned_);
    if (NeedsColumn("precision")) {
      MX_ASSIGN_OR_RETURN(const NodeLabels labels, FindPrecision(owned.graph));
      data_.precision = LabelColumn{labels.labels(), CountLabels(owned, rows_, labels)};
    }
    if (!request_.placement.empty()) {
      MX_ASSIGN_OR_RETURN(const PlacedNodes placed,
                          ReadPlacement(request_.placement, owned.graph, request_.cancelled));
      data_.placement =
          LabelColumn{placed.providers.labels(), CountLabels(owned, rows_, placed.providers)};
      analysis_.notes = placed.notes;
    }
    if (NeedsColumn("line")) {
      MX_ASSIGN_OR_RETURN(data_.lines, FindSourceLines(owned, rows_));
    }
    return absl::OkStatus();
  }

  void Describe() {
    analysis_.source = owned_.source;
    analysis_.notes.insert(analysis_.notes.begin(), owned_.notes.begin(), owned_.notes.end());
    analysis_.notes.insert(analysis_.notes.end(), notes_.begin(), notes_.end());
    analysis_.parameters = figures_.all.total.parameters.value_or(0);
    Table& table = analysis_.table;
    table.name = "modules";
    table.facts = {{"model", request_.model},
                   {"hierarchy", owned_.source},
                   {"nodes", figures_.all.total.nodes},
                   {"parameters", Cell(figures_.all.total.parameters)},
                   {"bytes", Cell(figures_.all.total.bytes)}};
    if (AsksForCosts(request_)) {
      table.facts.emplace_back("macs", CostOf(costs_.all.macs));
      table.facts.emplace_back("activations", CostOf(costs_.all.activations));
    }
    for (const AnalyzeColumn& column : columns_) table.columns.push_back(column.column);
  }

  std::vector<VisibleRow> Choose() const {
    RowChoice choice;
    choice.compact = request_.tree;
    choice.filter = filter_;
    if (request_.depth.has_value()) choice.max_depth = *request_.depth;
    std::vector<Cell> keys;
    if (sort_) {
      for (uint32_t row = 0; row < rows_.rows().size(); ++row) {
        keys.push_back(sort_(FactsOf(rows_.Name(row), row)));
      }
      choice.before = [&](uint32_t a, uint32_t b) { return ComesBefore(keys[a], keys[b]); };
    }
    return ChooseRows(*owned_.hierarchy, rows_, figures_, choice);
  }

  std::string NameOf(const VisibleRow& row) const {
    const std::string root = request_.labels ? "(root)" : "";
    if (!request_.tree) return row.row == 0 ? root : rows_.Path(row.row);
    const std::string name = row.row == 0 ? root : row.name;
    const size_t modules = rows_.row(row.row).modules.size();
    return absl::StrCat(std::string(2 * row.depth, ' '), name,
                        modules > 1 ? absl::StrCat(" x", modules) : "");
  }

  RowFacts FactsOf(std::string name, uint32_t row) const {
    return {std::move(name), row, rows_.row(row).modules, figures_.rows[row],
            has_costs_ ? costs_.rows[row].total : CostSums()};
  }

  bool HasUnattributed() const {
    const Quantity& total = figures_.unattributed.total;
    return total.nodes > 0 || total.parameters != uint64_t{0};
  }

  std::vector<Cell> CellsOf(const RowFacts& facts) const {
    std::vector<Cell> cells;
    cells.reserve(columns_.size());
    for (const AnalyzeColumn& column : columns_) cells.push_back(column.cell(facts));
    return cells;
  }

  void AddMark(const ModuleFigures& figures) {
    analysis_.shares_nodes = analysis_.shares_nodes || figures.shares_nodes;
    analysis_.has_marks = analysis_.has_marks || figures.shares_parameters;
  }

  const AnalyzeRequest request_;
  const OwnedModel owned_;
  const std::vector<bool> filter_;
  const std::vector<std::string> notes_;  // About costs.
  const bool has_costs_;
  const ModuleRows rows_;
  const FiguresOfModel figures_;
  const CostsOfModel costs_;
  ColumnData data_;
  std::vector<AnalyzeColumn> columns_;
  std::function<Cell(const RowFacts&)> sort_;
  std::vector<VisibleRow> visible_;
  bool has_unattributed_ = false;
  Analysis analysis_;
};

absl::Status CheckColumns(const AnalyzeRequest& request) {
  std::vector<std::string> columns = request.columns;
  if (!request.sort.empty()) columns.push_back(request.sort);
  for (const std::string& column : columns) {
    MX_RETURN_IF_ERROR(CheckAnalyzeColumn(column));
    if (column == "placement" && request.placement.empty()) {
      return UsageError("column \"placement\" wants --placement=FILE");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Analysis> Analyze(const AnalyzeRequest& request) {
  MX_RETURN_IF_ERROR(CheckColumns(request));
  MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse(request.filter));
  MX_ASSIGN_OR_RETURN(OwnedModel owned,
                      ReadOwned(request.model, request.hierarchy, request.cancelled));
  std::vector<bool> filter;
  if (!request.filter.empty()) {
    absl::StatusOr<std::vector<bool>> modules = pattern.Modules(OwnedGraph::Of(owned));
    if (!modules.ok()) return Annotate(modules.status(), request.model);
    filter = *std::move(modules);
  }
  MX_ASSIGN_OR_RETURN(const AnalyzedCosts costs, ReadCosts(request, owned.graph()));
  const auto analyzer =
      std::make_shared<Analyzer>(request, std::move(owned), std::move(filter), costs);
  MX_ASSIGN_OR_RETURN(Analysis analysis, analyzer->Run());
  analysis.table.num_later_rows = analyzer->num_rows();
  analysis.table.later_row = [analyzer](size_t i) { return analyzer->Row(i); };
  return analysis;
}

// The command line.

namespace {

// As many levels as a screen has room for in most models.
constexpr uint32_t kUsualDepth = 3;

// What other programs show of a model, in place of a table.
enum class ViewerFormat : uint8_t { kNone, kModelExplorer, kNodeData, kNetron };

struct AnalyzeFlags {
  AnalyzeRequest request;
  TableFormat format = TableFormat::kText;
  ViewerFormat viewer = ViewerFormat::kNone;
  std::string events;
  absl::optional<Folding> folding;
  absl::optional<double> depth;
  absl::optional<double> max_parameters;
};

FlagSetter SetList(std::vector<std::string>* target) {
  return [target](const std::string& value) {
    *target = absl::StrSplit(value, ',');
    return absl::OkStatus();
  };
}

absl::Status SetFormat(AnalyzeFlags* flags, const std::string& value) {
  using Formats = std::pair<TableFormat, ViewerFormat>;
  const auto table = [](TableFormat format) { return Formats(format, ViewerFormat::kNone); };
  Formats formats;
  MX_RETURN_IF_ERROR(SetWord<Formats>(
      &formats, {{"text", table(TableFormat::kText)},
                 {"json", table(TableFormat::kJson)},
                 {"csv", table(TableFormat::kCsv)},
                 {"md", table(TableFormat::kMarkdown)},
                 {"model_explorer", {TableFormat::kJson, ViewerFormat::kModelExplorer}},
                 {"node_data", {TableFormat::kJson, ViewerFormat::kNodeData}},
                 {"netron", {TableFormat::kJson, ViewerFormat::kNetron}}})(value));
  std::tie(flags->format, flags->viewer) = formats;
  return absl::OkStatus();
}

std::vector<Flag> MakeFlags(AnalyzeFlags* flags) {
  AnalyzeRequest& request = flags->request;
  return {
      SourceFlag(&request.hierarchy),
      {"depth", "N", "How many levels below the root are shown. Default: 3; all in JSON and CSV.",
       SetOptionalNumber(&flags->depth, UINT32_MAX)},
      {"fold", "on|off",
       "Whether equal modules in a row are one row, with their figures together. Default: on; off "
       "in JSON and CSV.",
       [flags](const std::string& value) {
         flags->folding.emplace();
         return SetWord<Folding>(&*flags->folding,
                                 {{"on", Folding::kOn}, {"off", Folding::kOff}})(value);
       }},
      {"filter", "PATTERN",
       "Shows modules that match PATTERN (see `modelexport help select`), and those below them. "
       "Default: all.",
       [flags](const std::string& value) {
         flags->request.filter = {value};
         return absl::OkStatus();
       }},
      {"sort", "COLUMN",
       "Sorts modules of one parent by a column, the greatest number first. Default: their order.",
       SetString(&request.sort)},
      {"columns", "LIST",
       absl::StrCat(
           "Comma-separated: ", absl::StrJoin(AnalyzeColumns(), ", "),
           ". Default: all but costs (the columns from macs to activations_at_least), placement "
           "and line. Text leaves out parameters.own and precision, has operators and evidence if "
           "the width has room, and macs if IN declares all shapes."),
       SetList(&request.columns)},
      {"costs", "",
       "Adds MACs and bytes of activations to the default columns; shapes that IN does not say are "
       "inferred.",
       SetBool(&request.costs)},
      DimFlag(&request.shapes.dims),
      {"lines", "",
       "Adds the column line: where in the source the nodes of a module were written, if IN's "
       "exporter kept it. Default: false.",
       SetBool(&request.lines)},
      {"placement", "FILE",
       "Adds the column placement: how many nodes each execution provider runs, by a profile of "
       "ONNX Runtime, or by a JSON object with the nodes of each. Default: none.",
       [flags](const std::string& value) {
         if (value.empty()) return absl::InvalidArgumentError("is empty");
         flags->request.placement = UserPath(value);
         return absl::OkStatus();
       }},
      {"format", "text|json|csv|md|model_explorer|node_data|netron",
       "The first four are tables. model_explorer: the graph with its modules, for Model "
       "Explorer; node_data: the times of nodes, for the same; netron: the modules of nodes, for "
       "Netron. Flags of tables do not change the last three. Default: text.",
       [flags](const std::string& value) { return SetFormat(flags, value); }},
      {"events", "FILE",
       "For viewers: a profile of IN in any form that `modelexport profile` takes. Default: none.",
       [flags](const std::string& value) {
         if (value.empty()) return absl::InvalidArgumentError("is empty");
         flags->events = UserPath(value);
         return absl::OkStatus();
       }},
      {"max_parameters", "N",
       "Exit 1, after the table, if IN has more parameters. Default: any number.",
       SetOptionalNumber(&flags->max_parameters, 1e18)},
  };
}

CommandHelp Help() {
  return {
      "IN.onnx [flags]",
      R"(Prints a table of the modules of IN: their nodes, parameters, bytes, costs, operators, and by which
evidence nodes are attributed to them. Weights are not read.
)",
      R"(Exit code: 0 done; 1 a pattern matches nothing, or IN has too many parameters; 2 wrong usage; 3 an
input is missing or malformed.
)",
      "testdata/bert_tiny/torchscript/model.onnx"};
}

bool IsForPeople(TableFormat format) {
  return format == TableFormat::kText || format == TableFormat::kMarkdown;
}

void Complete(AnalyzeFlags* flags) {
  AnalyzeRequest& request = flags->request;
  request.tree = flags->format == TableFormat::kText;
  request.labels = flags->format != TableFormat::kJson;
  request.folding =
      flags->folding.value_or(IsForPeople(flags->format) ? Folding::kOn : Folding::kOff);
  if (flags->depth.has_value()) {
    request.depth = static_cast<uint32_t>(*flags->depth);
  } else if (IsForPeople(flags->format)) {
    request.depth = kUsualDepth;
  }
}

// What the table does not say of itself.
void PrintNotes(const Analysis& analysis, std::ostream* out) {
  *out << "\nmodules from " << Printable(analysis.source);
  if (analysis.has_marks) *out << "; * reads parameters that other rows read too";
  if (analysis.shares_nodes) *out << "; * after nodes: some do the work of several rows";
  *out << "\n";
  for (const std::string& note : analysis.notes) *out << "note: " << Printable(note) << "\n";
}

absl::Status CheckBudget(const AnalyzeFlags& flags, const Analysis& analysis) {
  if (!flags.max_parameters.has_value() ||
      static_cast<double>(analysis.parameters) <= *flags.max_parameters) {
    return absl::OkStatus();
  }
  return WithFault(absl::FailedPreconditionError(absl::StrFormat(
                       "%s: %d parameters, more than --max_parameters=%.0f", flags.request.model,
                       analysis.parameters, *flags.max_parameters)),
                   Fault::kJudged);
}

// The metric of a profile is the last one.
std::string ForViewer(const ViewData& data, ViewerFormat format) {
  if (format == ViewerFormat::kNetron) return ToNetron(data);
  if (format == ViewerFormat::kNodeData) return ToNodeData(data, data.metrics.back());
  return ToModelExplorer(data);
}

absl::Status CheckEvents(const AnalyzeFlags& flags) {
  if (flags.viewer == ViewerFormat::kNone && !flags.events.empty()) {
    return UsageError("--events is for --format=model_explorer, node_data or netron");
  }
  if (flags.viewer == ViewerFormat::kNodeData && flags.events.empty()) {
    return UsageError("--format=node_data needs --events");
  }
  return absl::OkStatus();
}

absl::Status PrintForViewer(const Console& console, const AnalyzeFlags& flags) {
  ViewSources sources;
  sources.model = flags.request.model;
  sources.hierarchy = flags.request.hierarchy;
  sources.events = flags.events;
  sources.shapes = flags.request.shapes;
  sources.cancelled = flags.request.cancelled;
  MX_ASSIGN_OR_RETURN(const ViewData data, CollectView(sources));
  *console.out << ForViewer(data, flags.viewer);
  return absl::OkStatus();
}

absl::Status RunAnalyze(const Console& console, const Arguments& arguments, AnalyzeFlags* flags) {
  if (arguments.size() != 1) {
    return UsageError(absl::StrCat("one path is wanted, IN, not ", arguments.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN"}, arguments));
  MX_RETURN_IF_ERROR(CheckEvents(*flags));
  flags->request.model = UserPath(arguments[0]);
  flags->request.cancelled = console.cancel_on_signals();
  flags->request.shapes.inference = console.inference;
  Complete(flags);
  if (flags->viewer != ViewerFormat::kNone) return PrintForViewer(console, *flags);
  MX_ASSIGN_OR_RETURN(const Analysis analysis, Analyze(flags->request));
  WriteTable(analysis.table, flags->format, {console.width, console.colours}, *console.out);
  if (flags->format == TableFormat::kText) PrintNotes(analysis, console.out);
  return CheckBudget(*flags, analysis);
}

}  // namespace

int AnalyzeCommand(const Console& console, const Arguments& arguments) {
  AnalyzeFlags flags;
  return RunCommand(console, Help(), MakeFlags(&flags), arguments,
                    [&](const auto& rest) { return RunAnalyze(console, rest, &flags); });
}

}  // namespace modelexport
