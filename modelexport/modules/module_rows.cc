#include "modelexport/modules/module_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_join.h"
#include "modelexport/modules/structure.h"

namespace modelexport {
namespace {

// Positions of children of equal structure among those of their parent.
struct Run {
  size_t first, behind;
};

std::vector<Run> RunsOf(absl::Span<const ModuleId> children,
                        const std::vector<uint64_t>& structure) {
  std::vector<Run> runs;
  for (size_t i = 0; i < children.size(); ++i) {
    // Nothing is folded where structures are not known.
    const bool folds = !structure.empty() && i > 0 &&
                       structure[children[i].index()] == structure[children[i - 1].index()];
    if (!folds) runs.push_back({i, i});
    runs.back().behind = i + 1;
  }
  return runs;
}

// The children of all modules of a row at the positions of `run`: they correspond to each other.
ModuleRow RowBelow(const Hierarchy& hierarchy, const ModuleRow& parent, const Run& run) {
  ModuleRow row;
  row.siblings = static_cast<uint32_t>(run.behind - run.first);
  row.depth = parent.depth + 1;
  for (ModuleId module : parent.modules) {
    const absl::Span<const ModuleId> children = hierarchy.children(module);
    for (size_t i = run.first; i < std::min(run.behind, children.size()); ++i) {
      row.modules.push_back(children[i]);
    }
  }
  return row;
}

}  // namespace

ModuleRows::ModuleRows(const OwnedGraph& owned, Folding folding, const std::vector<bool>& marks)
    : hierarchy_(owned.hierarchy), row_of_(owned.hierarchy.modules().size()) {
  const std::vector<uint64_t> structure =
      folding == Folding::kOn ? StructureOf(owned, marks) : std::vector<uint64_t>();
  ModuleRow root;
  root.modules = {Hierarchy::root()};
  std::vector<ModuleRow> open = {std::move(root)};  // The next row is at the back.
  while (!open.empty()) {
    const uint32_t index = static_cast<uint32_t>(rows_.size());
    rows_.push_back(std::move(open.back()));
    open.pop_back();
    const ModuleRow& row = rows_.back();
    for (ModuleId module : row.modules) row_of_[module.index()] = index;
    const std::vector<Run> runs = RunsOf(hierarchy_.children(row.modules[0]), structure);
    for (size_t i = runs.size(); i-- > 0;) {
      open.push_back(RowBelow(hierarchy_, row, runs[i]));
      open.back().parent = index;
    }
  }
}

std::string ModuleRows::Name(uint32_t row) const {
  const ModuleRow& named = rows_[row];
  return FoldedName(hierarchy_, absl::MakeConstSpan(named.modules).subspan(0, named.siblings));
}

std::string ModuleRows::Path(uint32_t row) const {
  uint32_t folded = row;
  while (folded != 0 && rows_[folded].siblings == 1) folded = rows_[folded].parent;
  if (folded == 0) return std::string(hierarchy_.module(rows_[row].modules[0]).path);
  std::vector<std::string> names;
  for (; row != 0; row = rows_[row].parent) names.push_back(Name(row));
  return absl::StrJoin(names.rbegin(), names.rend(), ".");
}

}  // namespace modelexport
