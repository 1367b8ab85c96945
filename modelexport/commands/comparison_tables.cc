#include "modelexport/commands/comparison_tables.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/modules/structure.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/table_cells.h"

namespace modelexport {
namespace {

// The list of changes has at least so much room.
constexpr size_t kLeastRoom = 28;
constexpr size_t kGap = 2;  // Between columns.

// "12 -> 9", or "12" if they are equal. Where short forms do not tell them apart, all digits.
std::string Arrow(const Cell& a, const Cell& b, ColumnType type) {
  const std::string shown_a = ShownCell(a, type), shown_b = ShownCell(b, type);
  if (a.value() == b.value()) return shown_a;
  if (shown_a != shown_b) return absl::StrCat(shown_a, " -> ", shown_b);
  return absl::StrCat(ShownCell(a, ColumnType::kCount), " -> ", ShownCell(b, ColumnType::kCount));
}

using OptionalNumber = absl::optional<uint64_t>;

std::string Arrow(const OptionalNumber& a, const OptionalNumber& b, ColumnType type) {
  return Arrow(Cell(a), Cell(b), type);
}

// An item of the list of changes.
void AddIfDifferent(const char* what, const OptionalNumber& a, const OptionalNumber& b,
                    ColumnType type, std::vector<std::string>* items) {
  if (a != b) items->push_back(absl::StrCat(what, " ", Arrow(a, b, type)));
}

std::string ArrowOfNodes(const Sides<Quantity>& sides) {
  return Arrow(Cell(sides.a.nodes), Cell(sides.b.nodes), ColumnType::kCount);
}

bool IsInOneFile(const ComparedModule& module) { return module.present.a != module.present.b; }

// Of a module that one file has, all that is in it.
const Sides<Quantity>& Shown(const ComparedModule& module) {
  return IsInOneFile(module) ? module.total : module.own;
}

// Headlines.

std::string ModulesLine(const ModelComparison& comparison) {
  const ComparedModuleCounts counts = CountModules(comparison);
  const size_t in_one = counts.only_in_a + counts.only_in_b;
  std::string text = absl::StrCat(counts.in_both, " in both");
  if (counts.in_both == 0) text = "none is in both";
  // The only one is the root.
  if (counts.in_both == 1 && in_one > 0) text = "none but the root is in both";
  if (in_one > 0) {
    absl::StrAppend(&text, ", ", counts.only_in_a, " only in A, ", counts.only_in_b, " only in B");
  }
  absl::StrAppend(&text, "; ", counts.differ == 0 ? "none" : absl::StrCat(counts.differ),
                  counts.differ <= 1 ? " differs" : " differ");
  if (counts.allowed > 0) absl::StrAppend(&text, ", ", counts.allowed, " of them as allowed");
  return Line("modules", text);
}

std::string NodesLines(const ModelComparison& comparison) {
  const ComparedNodes& nodes = comparison.nodes;
  std::string text = ArrowOfNodes(comparison.all);
  absl::StrAppend(&text, ": ", nodes.vanished, " vanished, ", nodes.appeared, " appeared, ",
                  nodes.moved, " moved, ", nodes.changed_type, " changed type");
  const size_t identified = nodes.same_name + nodes.moved + nodes.changed_type;
  const size_t others = nodes.same_number + nodes.vanished + nodes.appeared;
  const std::string how =
      others == 0 ? "all by name"
      : identified == 0
          ? "by number for each module and operator: names identify no node"
          : absl::StrCat(identified, " by name, others by number for each module and operator");
  return Line("nodes", text) + Line("compared", how);
}

// The rows.

// Names of modules as people see them: those of rows are folded.
class ModuleNames {
 public:
  explicit ModuleNames(const ComparedFiles& files) : modules_(files.comparison.modules) {
    for (const ChangedRow& row : files.rows) rows_.emplace(row.module, &row);
  }

  std::string Name(uint32_t module) const {
    const auto row = rows_.find(module);
    const std::string& path = row == rows_.end() ? modules_[module].path : row->second->path;
    return path.empty() ? "(root)" : path;
  }

 private:
  const std::vector<ComparedModule>& modules_;
  absl::flat_hash_map<uint32_t, const ChangedRow*> rows_;
};

std::string Times(size_t count) { return count == 1 ? "" : absl::StrCat(count, " "); }

std::string Describe(const NodeChange& change, const ModuleNames& names) {
  switch (change.kind) {
    case NodeChange::Kind::kNumber:
      return absl::StrCat(change.op, " ", change.a, " -> ", change.b);
    case NodeChange::Kind::kType:
      return absl::StrCat(Times(change.a), change.op, " to ", change.op_in_b);
    case NodeChange::Kind::kMovedTo:
      return absl::StrCat(Times(change.a), change.op, " moved to ", names.Name(change.other));
    case NodeChange::Kind::kMovedFrom:
      return absl::StrCat(Times(change.a), change.op, " moved from ", names.Name(change.other));
  }
  return "";
}

// Without their Python module, if they differ without it.
std::string DescribeClasses(const Sides<std::string>& classes) {
  const absl::string_view a = LastSegment(classes.a), b = LastSegment(classes.b);
  return a == b ? absl::StrCat("class ", classes.a, " -> ", classes.b)
                : absl::StrCat("class ", a, " -> ", b);
}

std::vector<std::string> DescribeAll(const ComparedModule& module, const ModuleNames& names) {
  std::vector<std::string> items;
  if (module.allowed) items.emplace_back("(allowed)");
  if (IsInOneFile(module)) items.emplace_back(module.present.a ? "only in A" : "only in B");
  const Sides<Quantity>& shown = Shown(module);
  AddIfDifferent("parameters", shown.a.parameters, shown.b.parameters, ColumnType::kQuantity,
                 &items);
  if (!IsInOneFile(module)) {
    AddIfDifferent("bytes", shown.a.bytes, shown.b.bytes, ColumnType::kBytes, &items);
  }
  // Of all below a module that one file has, operators would be too many.
  if (IsInOneFile(module) && !module.path.empty()) return items;
  const Sides<std::string>& classes = module.class_name;
  if (!classes.a.empty() && !classes.b.empty() && classes.a != classes.b) {
    items.push_back(DescribeClasses(classes));
  }
  for (const NodeChange& change : module.changes) items.push_back(Describe(change, names));
  return items;
}

// Joined by commas, in as few texts of at most `width` bytes as there can be; 0 is any width. An
// item that is longer has a text of its own.
std::vector<std::string> Joined(const std::vector<std::string>& items, size_t width) {
  std::vector<std::string> lines(1);
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string item = absl::StrCat(Printable(items[i]), i + 1 == items.size() ? "" : ",");
    std::string& line = lines.back();
    if (line.empty()) {
      line = item;
    } else if (width == 0 || line.size() + 1 + item.size() <= width) {
      absl::StrAppend(&line, " ", item);
    } else {
      lines.push_back(item);
    }
  }
  return lines;
}

struct PeopleRow {
  std::string module, nodes;
  std::vector<std::string> changes;
};

class PeopleTable {
 public:
  explicit PeopleTable(const ComparedFiles& files) {
    const ModuleNames names(files);
    for (const ChangedRow& row : files.rows) {
      const std::string times = row.count == 1 ? "" : absl::StrCat(" x", row.count);
      Add(absl::StrCat(names.Name(row.module), times), files.comparison.modules[row.module], names);
    }
    const Sides<bool>& unattributed = files.comparison.unattributed.present;
    if (unattributed.a || unattributed.b) {
      Add("(not attributed)", files.comparison.unattributed, names);
    }
  }

  Table Make(size_t width) const {
    Table table;
    table.name = "modules";
    table.columns = {{"module", "module", ColumnType::kText, "", Column::Fit::kCutBeginning},
                     {"nodes", "nodes"},
                     {"changes", "changes", ColumnType::kText, "", Column::Fit::kCutEnd}};
    const size_t room = width == 0 ? 0 : RoomForChanges(width);
    for (const PeopleRow& row : rows_) AddRows(row, room, &table);
    return table;
  }

 private:
  void Add(const std::string& name, const ComparedModule& module, const ModuleNames& names) {
    rows_.push_back({Printable(name), ArrowOfNodes(Shown(module)), DescribeAll(module, names)});
  }

  size_t RoomForChanges(size_t width) const {
    size_t of_modules = 0, of_nodes = 0;
    for (const PeopleRow& row : rows_) {
      of_modules = std::max(of_modules, row.module.size());
      of_nodes = std::max(of_nodes, row.nodes.size());
    }
    return std::max(kLeastRoom, width - std::min(width, of_modules + of_nodes + 2 * kGap));
  }

  static void AddRows(const PeopleRow& row, size_t room, Table* table) {
    const std::vector<std::string> changes = Joined(row.changes, room);
    table->rows.push_back({row.module, row.nodes, changes[0]});
    for (size_t i = 1; i < changes.size(); ++i) table->rows.push_back({"", "", changes[i]});
  }

  std::vector<PeopleRow> rows_;
};

// For programs.

Cell TextOrUnknown(const std::string& text) { return text.empty() ? Cell() : Cell(text); }

// Counts by name, with those of one name added.
class NamedCounts {
 public:
  void Add(const std::string& name, size_t count) {
    if (count == 0) return;
    const auto added = places_.emplace(name, counts_.size());
    if (added.second) counts_.emplace_back(name, 0);
    counts_[added.first->second].second += static_cast<int64_t>(count);
  }

  Cell Take() { return std::move(counts_); }

 private:
  absl::flat_hash_map<std::string, size_t> places_;
  Cell::Counts counts_;
};

std::vector<Cell> RowForPrograms(Cell name, const ComparedModule& module,
                                 const std::vector<ComparedModule>& modules) {
  NamedCounts vanished, appeared, changed_type, moved_to, moved_from;
  for (const NodeChange& change : module.changes) {
    const std::string& other = modules[change.other].path;
    switch (change.kind) {
      case NodeChange::Kind::kNumber:
        vanished.Add(change.op, change.a - std::min(change.a, change.b));
        appeared.Add(change.op, change.b - std::min(change.a, change.b));
        break;
      case NodeChange::Kind::kType:
        changed_type.Add(absl::StrCat(change.op, " -> ", change.op_in_b), change.a);
        break;
      case NodeChange::Kind::kMovedTo:
        moved_to.Add(other, change.a);
        break;
      case NodeChange::Kind::kMovedFrom:
        moved_from.Add(other, change.a);
        break;
    }
  }
  const char* const in = IsInOneFile(module) ? (module.present.a ? "a" : "b") : "both";
  return {std::move(name),
          in,
          module.allowed ? "yes" : "no",
          TextOrUnknown(module.class_name.a),
          TextOrUnknown(module.class_name.b),
          module.own.a.nodes,
          module.own.b.nodes,
          Cell(module.own.a.parameters),
          Cell(module.own.b.parameters),
          Cell(module.own.a.bytes),
          Cell(module.own.b.bytes),
          vanished.Take(),
          appeared.Take(),
          changed_type.Take(),
          moved_to.Take(),
          moved_from.Take()};
}

std::vector<std::pair<std::string, Cell>> FactsForPrograms(const ComparedFiles& files) {
  const ModelComparison& comparison = files.comparison;
  const ComparedNodes& nodes = comparison.nodes;
  const ComparedModuleCounts modules = CountModules(comparison);
  const auto count = [](size_t number) { return static_cast<int64_t>(number); };
  return {{"a", files.models.a},
          {"b", files.models.b},
          {"hierarchy_a", files.sources.a},
          {"hierarchy_b", files.sources.b},
          {"parameters_a", Cell(comparison.all.a.parameters)},
          {"parameters_b", Cell(comparison.all.b.parameters)},
          {"bytes_a", Cell(comparison.all.a.bytes)},
          {"bytes_b", Cell(comparison.all.b.bytes)},
          {"nodes", Cell::Counts{{"a", count(comparison.all.a.nodes)},
                                 {"b", count(comparison.all.b.nodes)},
                                 {"same_by_name", count(nodes.same_name)},
                                 {"same_by_number", count(nodes.same_number)},
                                 {"vanished", count(nodes.vanished)},
                                 {"appeared", count(nodes.appeared)},
                                 {"moved", count(nodes.moved)},
                                 {"changed_type", count(nodes.changed_type)}}},
          {"module_counts", Cell::Counts{{"in_both", count(modules.in_both)},
                                         {"only_in_a", count(modules.only_in_a)},
                                         {"only_in_b", count(modules.only_in_b)},
                                         {"differ", count(modules.differ)},
                                         {"allowed", count(modules.allowed)}}}};
}

}  // namespace

std::string ComparisonHeadlines(const ComparedFiles& files) {
  const ModelComparison& comparison = files.comparison;
  const Sides<Quantity>& all = comparison.all;
  const auto file = [](const std::string& path, const std::string& source) {
    return absl::StrCat(Printable(path), ", modules from ", Printable(source));
  };
  std::string text =
      Line("A", file(files.models.a, files.sources.a)) +
      Line("B", file(files.models.b, files.sources.b)) + ModulesLine(comparison) +
      NodesLines(comparison) +
      Line("parameters", Arrow(all.a.parameters, all.b.parameters, ColumnType::kQuantity)) +
      Line("bytes", Arrow(all.a.bytes, all.b.bytes, ColumnType::kBytes));
  for (const std::string& note : files.notes.a) text += Line("note on A", Printable(note));
  for (const std::string& note : files.notes.b) text += Line("note on B", Printable(note));
  return text;
}

bool HasRows(const ComparedFiles& files) {
  const Sides<bool>& unattributed = files.comparison.unattributed.present;
  return !files.rows.empty() || unattributed.a || unattributed.b;
}

Table ComparisonForPeople(const ComparedFiles& files, size_t width) {
  return PeopleTable(files).Make(width);
}

Table ComparisonForPrograms(const ComparedFiles& files, bool labels) {
  Table table;
  table.name = "modules";
  table.facts = FactsForPrograms(files);
  for (const char* key : {"module", "in", "allowed", "class.a", "class.b"}) {
    table.columns.emplace_back(key, key);
  }
  for (const char* key :
       {"nodes.a", "nodes.b", "parameters.a", "parameters.b", "bytes.a", "bytes.b"}) {
    table.columns.emplace_back(key, key, ColumnType::kCount);
  }
  for (const char* key : {"vanished", "appeared", "changed_type", "moved_to", "moved_from"}) {
    table.columns.emplace_back(key, key);
  }
  const std::vector<ComparedModule>& modules = files.comparison.modules;
  for (const ComparedModule& module : modules) {
    if (!module.differs) continue;
    const bool is_root = module.path.empty();
    table.rows.push_back(
        RowForPrograms(is_root && labels ? "(root)" : module.path, module, modules));
  }
  const ComparedModule& unattributed = files.comparison.unattributed;
  if (unattributed.present.a || unattributed.present.b) {
    table.rows.push_back(
        RowForPrograms(labels ? Cell("(not attributed)") : Cell(), unattributed, modules));
  }
  return table;
}

}  // namespace modelexport
