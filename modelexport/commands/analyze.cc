#include "modelexport/commands/analyze.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/nearest.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/collect_view.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/read_costs.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/costs/module_costs.h"
#include "modelexport/modules/module_figures.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/modules/structure.h"
#include "modelexport/modules/visible_rows.h"
#include "modelexport/render/printable.h"
#include "modelexport/view/viewer_json.h"

namespace modelexport {
namespace {

// One row of the table: of modules, or of the nodes that are of none.
struct RowFacts {
  std::string name;
  absl::Span<const ModuleId> modules;  // Empty: of none.
  const ModuleFigures& figures;
  CostSums costs;  // Of the modules and all below them.
};

// What a column is, and its cell for a row.
struct AnalyzeColumn {
  Column column;
  std::function<Cell(const RowFacts&)> cell;
};

template <typename T>
Cell CellOf(const absl::optional<T>& value) {
  return value.has_value() ? Cell(*value) : Cell();
}

Cell OperatorsOf(const ModuleFigures& figures) {
  Cell::Counts counts;
  for (const OperatorCount& count : figures.top_operators) {
    counts.emplace_back(std::string(count.first), static_cast<int64_t>(count.second));
  }
  return counts;
}

Cell EvidenceOf(const ModuleFigures& figures) {
  Cell::Counts counts;
  for (const EvidenceFacts& kind : kEvidenceKinds) {
    const size_t count = figures.evidence[static_cast<size_t>(kind.kind)];
    if (count > 0) counts.emplace_back(std::string(kind.word), static_cast<int64_t>(count));
  }
  return counts;
}

Cell CostOf(const CostSum& sum) {
  if (!sum.is_exact() && sum.at_least == 0) return Cell();
  return Cell(sum.at_least).AtLeast(!sum.is_exact());
}

// The modules of a row have one class.
Cell ClassOf(const Hierarchy& hierarchy, const RowFacts& row, bool short_form) {
  if (row.modules.empty()) return Cell();
  const absl::string_view name = hierarchy.module(row.modules[0]).class_name;
  if (name.empty()) return Cell();
  return short_form ? LastSegment(name) : name;
}

// Of all modules of the row together.
Cell CallsOf(const Hierarchy& hierarchy, const RowFacts& row) {
  if (row.modules.empty()) return Cell();
  int64_t calls = 0;
  for (ModuleId module : row.modules) {
    if (!hierarchy.module(module).calls.has_value()) return Cell();
    calls += *hierarchy.module(module).calls;
  }
  return calls;
}

std::vector<AnalyzeColumn> AllColumns(const Hierarchy* hierarchy, bool tree) {
  using Fit = Column::Fit;
  return {
      {{"module", "module", ColumnType::kText, "", tree ? Fit::kCutEnd : Fit::kCutBeginning},
       [](const RowFacts& row) { return Cell(row.name); }},
      {{"class", "class", ColumnType::kText, "", Fit::kCutEnd},
       [=](const RowFacts& row) { return ClassOf(*hierarchy, row, tree); }},
      {{"calls", "calls", ColumnType::kCount},
       [=](const RowFacts& row) { return CallsOf(*hierarchy, row); }},
      {{"nodes.own", "own", ColumnType::kCount},
       [](const RowFacts& row) { return Cell(row.figures.own.nodes); }},
      {{"nodes.total", "nodes", ColumnType::kCount},
       [](const RowFacts& row) { return Cell(row.figures.total.nodes); }},
      {{"parameters.own", "own params", ColumnType::kQuantity},
       [](const RowFacts& row) { return CellOf(row.figures.own.parameters); }},
      {{"parameters.total", "params", ColumnType::kQuantity},
       [](const RowFacts& row) {
         return CellOf(row.figures.total.parameters).Marked(row.figures.shares_parameters);
       }},
      {{"bytes", "bytes", ColumnType::kBytes},
       [](const RowFacts& row) { return CellOf(row.figures.total.bytes); }},
      {{"macs", "MACs", ColumnType::kOperations},
       [](const RowFacts& row) { return CostOf(row.costs.macs); }},
      {{"macs_at_least", "MACs >=", ColumnType::kOperations},
       [](const RowFacts& row) { return Cell(row.costs.macs.at_least); }},
      {{"activations", "activations", ColumnType::kBytes},
       [](const RowFacts& row) { return CostOf(row.costs.activations); }},
      {{"activations_at_least", "activations >=", ColumnType::kBytes},
       [](const RowFacts& row) { return Cell(row.costs.activations.at_least); }},
      {{"operators", "top operators", ColumnType::kText, "", Fit::kOmit},
       [](const RowFacts& row) { return OperatorsOf(row.figures); }},
      {{"evidence", "evidence", ColumnType::kText, "", Fit::kOmit},
       [](const RowFacts& row) { return EvidenceOf(row.figures); }},
  };
}

// Whether `word` means the column: its key, or the object that the key is in.
bool Names(const std::string& word, const Column& column) {
  return word == column.key || absl::StartsWith(column.key, absl::StrCat(word, "."));
}

bool IsCost(absl::string_view key) {
  return absl::StartsWith(key, "macs") || absl::StartsWith(key, "activations");
}

bool IsLowerBound(absl::string_view key) { return absl::EndsWith(key, "_at_least"); }

// Whether the user wants costs, rather than taking them where they are at hand.
bool AsksForCosts(const AnalyzeRequest& request) {
  return request.costs || !request.shapes.dims.empty() || IsCost(request.sort) ||
         std::any_of(request.columns.begin(), request.columns.end(), IsCost);
}

absl::Status CheckColumn(const std::string& word) {
  const std::vector<std::string> names = AnalyzeColumns();
  if (std::find(names.begin(), names.end(), word) != names.end()) return absl::OkStatus();
  return UsageError(absl::StrCat("column \"", word, "\": there is none of this name",
                                 DidYouMean(word, names), "; there are ",
                                 absl::StrJoin(names, ", ")));
}

// Numbers from the greatest, texts by the alphabet; unknown comes last.
bool ComesBefore(const Cell& a, const Cell& b) {
  const auto rank = [](const Cell& cell) { return cell.value().index() == 0 ? 1 : 0; };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  const auto* number_a = absl::get_if<int64_t>(&a.value());
  const auto* number_b = absl::get_if<int64_t>(&b.value());
  if (number_a != nullptr && number_b != nullptr) return *number_a > *number_b;
  const auto* text_a = absl::get_if<std::string>(&a.value());
  const auto* text_b = absl::get_if<std::string>(&b.value());
  return text_a != nullptr && text_b != nullptr && *text_a < *text_b;
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
  if (!request.tree || !request.columns.empty()) return costs;
  std::vector<std::string> unused;
  const auto at_hand = ReadNodeCosts(graph, {}, request.cancelled, &unused);
  // What is malformed in what nobody asked for is no error.
  if (at_hand.ok() && unused.empty()) costs.nodes = *at_hand;
  return costs;
}

class Analyzer {
 public:
  Analyzer(const AnalyzeRequest& request, const OwnedModel& owned, const std::vector<bool>& filter,
           const AnalyzedCosts& costs)
      : request_(request),
        owned_(owned),
        filter_(filter),
        notes_(costs.notes),
        has_costs_(!costs.nodes.empty()),
        rows_(OwnedGraph::Of(owned), request.folding, filter),
        figures_(FiguresOf(OwnedGraph::Of(owned), rows_)),
        costs_(SumCosts(OwnedGraph::Of(owned), rows_, costs.nodes)) {
    for (AnalyzeColumn& column : AllColumns(owned.hierarchy.get(), request.tree)) {
      if (Names(request.sort, column.column)) sort_ = column.cell;  // Of an object the total.
      if (IsWanted(column.column)) columns_.push_back(std::move(column));
    }
  }

  Analysis Run() {
    Describe();
    const std::vector<VisibleRow> visible = Choose();
    for (const VisibleRow& row : visible) AddRow(NameOf(row), row.row);
    if (filter_.empty() && HasUnattributed()) AddUnattributed();
    return std::move(analysis_);
  }

 private:
  bool IsWanted(Column& column) const {
    if (request_.columns.empty()) return IsDefault(column.key);
    // What is asked for is shown.
    if (column.fit == Column::Fit::kOmit) column.fit = Column::Fit::kCutEnd;
    return std::any_of(request_.columns.begin(), request_.columns.end(),
                       [&](const std::string& word) { return Names(word, column); });
  }

  bool IsDefault(absl::string_view key) const {
    const bool asked = AsksForCosts(request_);
    if (key == "macs") return asked || (request_.tree && has_costs_);
    if (IsLowerBound(key)) return asked && !request_.tree;
    if (IsCost(key)) return asked;
    return !request_.tree || key != "parameters.own";
  }

  void Describe() {
    analysis_.source = owned_.source;
    analysis_.notes = owned_.notes;
    analysis_.notes.insert(analysis_.notes.end(), notes_.begin(), notes_.end());
    analysis_.parameters = figures_.all.total.parameters.value_or(0);
    Table& table = analysis_.table;
    table.name = "modules";
    table.facts = {{"model", request_.model},
                   {"hierarchy", owned_.source},
                   {"nodes", figures_.all.total.nodes},
                   {"parameters", CellOf(figures_.all.total.parameters)},
                   {"bytes", CellOf(figures_.all.total.bytes)}};
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
    return {std::move(name), rows_.row(row).modules, figures_.rows[row], costs_.rows[row].total};
  }

  void AddRow(std::string name, uint32_t row) { Add(FactsOf(std::move(name), row)); }

  bool HasUnattributed() const {
    const Quantity& total = figures_.unattributed.total;
    return total.nodes > 0 || total.parameters != uint64_t{0};
  }

  void AddUnattributed() {
    Add({"(not attributed)", {}, figures_.unattributed, costs_.unattributed});
  }

  void Add(const RowFacts& facts) {
    std::vector<Cell>& row = analysis_.table.rows.emplace_back();
    for (const AnalyzeColumn& column : columns_) row.push_back(column.cell(facts));
    if (facts.modules.empty() && !request_.labels && columns_[0].column.key == "module") {
      row[0] = Cell();
    }
    analysis_.has_marks = analysis_.has_marks || facts.figures.shares_parameters;
  }

  const AnalyzeRequest& request_;
  const OwnedModel& owned_;
  const std::vector<bool>& filter_;
  const std::vector<std::string>& notes_;  // About costs.
  const bool has_costs_;
  const ModuleRows rows_;
  const FiguresOfModel figures_;
  const CostsOfModel costs_;
  std::vector<AnalyzeColumn> columns_;
  std::function<Cell(const RowFacts&)> sort_;
  Analysis analysis_;
};

}  // namespace

std::vector<std::string> AnalyzeColumns() {
  std::vector<std::string> names;
  for (const AnalyzeColumn& column : AllColumns(nullptr, false)) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(column.column.key, '.');
    if (!parts.second.empty() && names.back() != parts.first &&
        !absl::StartsWith(names.back(), absl::StrCat(parts.first, "."))) {
      names.push_back(parts.first);
    }
    names.push_back(column.column.key);
  }
  return names;
}

absl::StatusOr<Analysis> Analyze(const AnalyzeRequest& request) {
  for (const std::string& column : request.columns) MX_RETURN_IF_ERROR(CheckColumn(column));
  if (!request.sort.empty()) MX_RETURN_IF_ERROR(CheckColumn(request.sort));
  MX_ASSIGN_OR_RETURN(const Pattern pattern, Pattern::Parse(request.filter));
  MX_ASSIGN_OR_RETURN(const OwnedModel owned,
                      ReadOwned(request.model, request.hierarchy, request.cancelled));
  std::vector<bool> filter;
  if (!request.filter.empty()) {
    absl::StatusOr<std::vector<bool>> modules = pattern.Modules(OwnedGraph::Of(owned));
    if (!modules.ok()) return Annotate(modules.status(), request.model);
    filter = *std::move(modules);
  }
  MX_ASSIGN_OR_RETURN(const AnalyzedCosts costs, ReadCosts(request, owned.graph()));
  return Analyzer(request, owned, filter, costs).Run();
}

// The command line.

namespace {

// As many levels as a screen has room for in most models.
constexpr uint32_t kUsualDepth = 3;

// What other programs show of a model, in place of a table.
enum class ViewerFormat : uint8_t { kNone, kModelExplorer, kNetron };

struct AnalyzeFlags {
  AnalyzeRequest request;
  TableFormat format = TableFormat::kText;
  ViewerFormat viewer = ViewerFormat::kNone;
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

FlagSetter SetOptionalNumber(absl::optional<double>* target, double most) {
  return [=](const std::string& value) {
    target->emplace();
    return SetNumber(&**target, 0, most)(value);
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
       "Shows modules that match (docs/commands/select.md), and those below them. Default: all.",
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
           ". Default: all but costs (macs and what follows up to activations_at_least); in text "
           "not "
           "parameters.own, operators and evidence as far as the width has room, and macs if IN "
           "itself says all shapes."),
       SetList(&request.columns)},
      {"costs", "",
       "Adds MACs and bytes of activations to the default columns; shapes that IN does not say are "
       "inferred (docs/costs.md).",
       SetBool(&request.costs)},
      DimFlag(&request.shapes.dims),
      {"format", "text|json|csv|md|model_explorer|netron",
       "A table; or the graph with its modules for Model Explorer, or the modules of nodes for "
       "Netron, which the flags of tables do not change. Default: text.",
       [flags](const std::string& value) { return SetFormat(flags, value); }},
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

absl::Status PrintForViewer(const Console& console, const AnalyzeFlags& flags) {
  ViewSources sources;
  sources.model = flags.request.model;
  sources.hierarchy = flags.request.hierarchy;
  sources.shapes = flags.request.shapes;
  sources.cancelled = flags.request.cancelled;
  MX_ASSIGN_OR_RETURN(const ViewData data, CollectView(sources));
  *console.out << (flags.viewer == ViewerFormat::kNetron ? ToNetron(data) : ToModelExplorer(data));
  return absl::OkStatus();
}

absl::Status RunAnalyze(const Console& console, const Arguments& arguments, AnalyzeFlags* flags) {
  if (arguments.size() != 1) {
    return UsageError(absl::StrCat("one path is wanted, IN, not ", arguments.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN"}, arguments));
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
