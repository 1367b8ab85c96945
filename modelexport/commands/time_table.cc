#include "modelexport/commands/time_table.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/costs/module_costs.h"
#include "modelexport/modules/module_figures.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/modules/structure.h"
#include "modelexport/modules/visible_rows.h"
#include "modelexport/profiles/module_times.h"

namespace modelexport {
namespace {

class TimeTable {
 public:
  TimeTable(const ProfileRequest& request, const TimeTableInput& input)
      : request_(request),
        measured_(input.measured),
        profile_(measured_.profile),
        other_(input.other),
        filter_(input.filter),
        graph_(OwnedGraph::Of(measured_.owned)),
        rows_(graph_, request.folding, filter_),
        times_(TimesOf(profile_.kernels, measured_.nodes, measured_.shares, rows_)) {
    if (!input.costs.empty()) costs_ = SumCosts(graph_, rows_, input.costs);
    if (other_ == nullptr) return;
    other_times_ = AlignedTimesOf(other_->profile.kernels, other_->nodes, other_->shares,
                                  *other_->owned.hierarchy, *measured_.owned.hierarchy, rows_);
  }

  ModuleProfile Run() {
    Describe();
    Table& table = result_.table;
    table.name = "rows";
    AddFacts(&table);
    AddColumns(&table);
    for (const VisibleRow& row : Choose()) AddRow(row);
    if (filter_.empty()) AddFixedRows();
    const ModuleRows unfolded(graph_, Folding::kOff);
    result_.flames = FlamesOf(profile_.kernels, measured_.shares, unfolded);
    return std::move(result_);
  }

 private:
  double PerRun(double sum) const { return sum / static_cast<double>(profile_.runs.kept); }
  double OtherPerRun(double sum) const {
    return sum / static_cast<double>(other_->profile.runs.kept);
  }

  void Describe() {
    result_.source = measured_.owned.source;
    result_.runs = profile_.runs;
    result_.metric = profile_.metric;
    result_.kernel_time = PerRun(times_.all.time);
    if (times_.all.time > 0) {
      result_.attributed = (times_.all.time - times_.unattributed.time) / times_.all.time;
      if (times_.divided.time > 0) result_.divided = times_.divided.time / times_.all.time;
      result_.by_macs = times_.by_macs.time / times_.all.time;
      if (times_.with_others.time > 0) {
        result_.shared = times_.with_others.time / times_.all.time;
      }
    }
    result_.notes = measured_.owned.notes;
    result_.notes.insert(result_.notes.end(), profile_.notes.begin(), profile_.notes.end());
  }

  // In text a mark tells rows that have any.
  bool HasShared() const { return !request_.tree; }

  bool IsTime() const { return profile_.metric.empty(); }

  // Keys end in "_us" where the numbers are microseconds.
  std::string Key(absl::string_view key) const { return absl::StrCat(key, IsTime() ? "_us" : ""); }

  template <typename T>
  static Cell CellOf(const absl::optional<T>& value) {
    return value.has_value() ? Cell(*value) : Cell();
  }

  void AddFacts(Table* table) const {
    const KeptRuns& runs = profile_.runs;
    table->facts = {{"model", request_.measure.model},
                    {"events", request_.measure.events},
                    {"form", profile_.form},
                    {"hierarchy", measured_.owned.source},
                    {"attributed", CellOf(result_.attributed)},
                    {"divided", result_.divided.value_or(0)},
                    {"divided_by_macs", result_.by_macs},
                    {"shared", result_.shared.value_or(0)}};
    if (IsTime()) {
      const Cell outside = profile_.outside.has_value() ? Cell(PerRun(*profile_.outside)) : Cell();
      table->facts.insert(table->facts.end(), {{"kernel_us", result_.kernel_time},
                                               {"outside_us", outside},
                                               {"runs", runs.kept},
                                               {"runs_seen", runs.seen},
                                               {"warmup", runs.warmup},
                                               {"least_us", CellOf(runs.least)},
                                               {"median_us", CellOf(runs.median)},
                                               {"most_us", CellOf(runs.most)}});
    } else {
      table->facts.emplace_back("metric", profile_.metric);
    }
    if (other_ == nullptr) return;
    table->facts.insert(table->facts.end(),
                        {{"against_model", request_.against_model.empty() ? request_.measure.model
                                                                          : request_.against_model},
                         {"against", request_.against},
                         {"against_runs", other_->profile.runs.kept}});
  }

  void AddColumns(Table* table) const {
    using Fit = Column::Fit;
    const ColumnType figure = IsTime() ? ColumnType::kMicroseconds : ColumnType::kNumber;
    table->columns = {
        {"module", "module", ColumnType::kText, "",
         request_.tree ? Fit::kCutEnd : Fit::kCutBeginning},
        {"class", "class", ColumnType::kText, "", Fit::kCutEnd},
        {Key("own"), "own", figure},
        {Key("total"), "total", figure},
        {"share", "share", ColumnType::kShare},
        {"kernels", "kernels", ColumnType::kNumber},
    };
    if (HasShared()) table->columns.emplace_back(Key("shared"), "shared", figure);
    if (costs_.has_value()) {
      table->columns.emplace_back("gmac_per_s", "rate", ColumnType::kNumber, "GMAC/s");
    }
    if (other_ == nullptr) return;
    table->columns.insert(table->columns.end(), {{Key("against.own"), "own there", figure},
                                                 {Key("against.total"), "there", figure},
                                                 {"against.ratio", "ratio", ColumnType::kNumber}});
  }

  std::vector<VisibleRow> Choose() const {
    RowChoice choice;
    choice.compact = request_.tree;
    choice.filter = filter_;
    if (request_.depth.has_value()) choice.max_depth = *request_.depth;
    if (request_.sort != "module") {
      const bool own = request_.sort == "own";
      choice.before = [this, own](uint32_t a, uint32_t b) {
        const ModuleTime& left = times_.rows[a];
        const ModuleTime& right = times_.rows[b];
        return own ? left.own.time > right.own.time : left.total.time > right.total.time;
      };
    }
    return ChooseRows(*measured_.owned.hierarchy, rows_, KernelFigures(), choice);
  }

  // Kernels for nodes: what had none is left out where modules without nodes are.
  FiguresOfModel KernelFigures() const {
    FiguresOfModel figures;
    figures.rows.resize(times_.rows.size());
    for (size_t row = 0; row < times_.rows.size(); ++row) {
      const auto has = [&](TimeSum ModuleTime::*sum) {
        return (times_.rows[row].*sum).executions > 0 ||
               (other_ != nullptr && (other_times_.rows[row].*sum).executions > 0);
      };
      figures.rows[row].own.nodes = has(&ModuleTime::own) ? 1 : 0;
      figures.rows[row].total.nodes = has(&ModuleTime::total) ? 1 : 0;
    }
    return figures;
  }

  std::string NameOf(const VisibleRow& row) const {
    const std::string root = request_.labels ? "(root)" : "";
    if (!request_.tree) return row.row == 0 ? root : rows_.Path(row.row);
    const size_t modules = rows_.row(row.row).modules.size();
    return absl::StrCat(std::string(2 * row.depth, ' '), row.row == 0 ? root : row.name,
                        modules > 1 ? absl::StrCat(" x", modules) : "");
  }

  Cell ClassOf(const VisibleRow& row) const {
    const absl::string_view name =
        measured_.owned.hierarchy->module(rows_.row(row.row).modules[0]).class_name;
    if (name.empty()) return Cell();
    return request_.tree ? LastSegment(name) : name;
  }

  // A share of nothing is unknown.
  Cell ShareOf(double time) const {
    return times_.all.time > 0 ? Cell(time / times_.all.time) : Cell();
  }

  void AddRow(const VisibleRow& row) {
    const ModuleTime& time = times_.rows[row.row];
    Add(NameOf(row), ClassOf(row), Cell(PerRun(time.own.time)).Marked(time.divided), time.total,
        time.with_others);
    if (costs_.has_value()) {
      result_.table.rows.back().push_back(RateOf(costs_->rows[row.row].total.macs, time.total));
    }
    if (other_ == nullptr) return;
    const ModuleTime& other = other_times_.rows[row.row];
    AddOther(other.own.time, time.total.time, other.total.time);
  }

  // Of modules without MACs 0; unknown where not all are known.
  Cell RateOf(const CostSum& macs, const TimeSum& time) const {
    constexpr double kMacsInMicrosecond = 1000;  // Of a GMAC/s.
    const double microseconds = PerRun(time.time);
    if (!macs.is_exact() || microseconds <= 0) return Cell();
    return static_cast<double>(macs.at_least) / microseconds / kMacsInMicrosecond;
  }

  // Of a row that is no module's.
  void SkipRate(Cell cell) {
    if (costs_.has_value()) result_.table.rows.back().push_back(std::move(cell));
  }

  // Completes the last row.
  void AddOther(double own, double total_here, double total) {
    const double here = PerRun(total_here), there = OtherPerRun(total);
    std::vector<Cell>& row = result_.table.rows.back();
    row.insert(row.end(), {OtherPerRun(own), there, here > 0 ? Cell(there / here) : Cell()});
  }

  // Times below 0, which rounding of clocks makes, are as they are: so rows add up.
  void Add(Cell name, Cell module_class, Cell own, const TimeSum& total,
           const TimeSum& with_others = {}) {
    result_.table.rows.push_back(
        {std::move(name), std::move(module_class), std::move(own), PerRun(total.time),
         ShareOf(total.time), Cell(PerRun(total.executions)).Marked(with_others.executions > 0)});
    if (HasShared()) result_.table.rows.back().push_back(PerRun(with_others.time));
  }

  void AddFixedRows() {
    const TimeSum& rest = times_.unattributed;
    const TimeSum there = other_ == nullptr ? TimeSum() : other_times_.unattributed;
    if (rest.executions > 0 || there.executions > 0) {
      Add(request_.labels ? Cell("(not attributed)") : Cell(), Cell(), PerRun(rest.time), rest);
      SkipRate(Cell());
      if (other_ != nullptr) AddOther(there.time, rest.time, there.time);
    }
    if (other_ != nullptr && other_times_.elsewhere.executions > 0) AddElsewhere();
    // JSON has it among the facts: rows are the kernels' time.
    if (!request_.labels || !IsTime() || profile_.runs.seen == 0) return;
    const Cell outside = profile_.outside.has_value() ? Cell(PerRun(*profile_.outside)) : Cell();
    result_.table.rows.push_back({"(outside kernels)", "", outside, outside, "", ""});
    if (HasShared()) result_.table.rows.back().push_back("");
    SkipRate("");
    if (other_ == nullptr) return;
    const absl::optional<double>& sum = other_->profile.outside;
    const Cell other = sum.has_value() ? Cell(OtherPerRun(*sum)) : Cell();
    std::vector<Cell>& row = result_.table.rows.back();
    row.insert(row.end(), {other, other, ""});
  }

  // Modules that the other model alone has.
  void AddElsewhere() {
    Add("(other modules)", Cell(), 0.0, TimeSum());
    SkipRate(Cell());
    AddOther(other_times_.elsewhere.time, 0, other_times_.elsewhere.time);
  }

  const ProfileRequest& request_;
  const MeasuredModel& measured_;
  const Profile& profile_;
  const MeasuredModel* const other_;
  const std::vector<bool>& filter_;
  const OwnedGraph graph_;
  const ModuleRows rows_;
  const TimesOfModel times_;
  TimesOfModel other_times_;
  absl::optional<CostsOfModel> costs_;
  ModuleProfile result_;
};

}  // namespace

ModuleProfile TabulateTimes(const ProfileRequest& request, const TimeTableInput& input) {
  return TimeTable(request, input).Run();
}

}  // namespace modelexport
