#include "modelexport/modules/visible_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/group_by_row.h"

namespace modelexport {
namespace {

class RowChooser {
 public:
  RowChooser(const Hierarchy& hierarchy, const ModuleRows& rows, const FiguresOfModel& figures,
             const RowChoice& choice)
      : hierarchy_(hierarchy),
        rows_(rows),
        figures_(figures),
        choice_(choice),
        is_shown_(rows.rows().size()),
        has_shown_(rows.rows().size()) {
    // From the back, all below a row are known.
    for (size_t row = is_shown_.size(); row-- > 0;) {
      is_shown_[row] = IsInFilter(row) && !IsLeftOut(row);
      has_shown_[row] = has_shown_[row] || is_shown_[row];
      if (has_shown_[row]) has_shown_[rows.row(row).parent] = true;
    }
    LinkChildren();
  }

  std::vector<VisibleRow> Run() {
    std::vector<VisibleRow> open = {{0, 0, ""}};  // The next one is at the back.
    std::vector<VisibleRow> visible;
    while (!open.empty()) {
      const VisibleRow at = std::move(open.back());
      open.pop_back();
      if (!has_shown_[at.row]) continue;
      const bool joins = !is_shown_[at.row] || Joins(at.row);
      if (!joins) visible.push_back(at);
      if (!joins && at.depth == choice_.max_depth) continue;
      const absl::Span<const uint32_t> children = children_[at.row];
      for (size_t i = children.size(); i-- > 0;) {
        const std::string name = rows_.Name(children[i]);
        const bool continues = joins && !at.name.empty();
        open.push_back({children[i], joins ? at.depth : at.depth + 1,
                        continues ? absl::StrCat(at.name, ".", name) : name});
      }
    }
    return visible;
  }

 private:
  bool IsInFilter(size_t row) const {
    const std::vector<ModuleId>& modules = rows_.row(row).modules;
    return choice_.filter.empty() ||
           std::any_of(modules.begin(), modules.end(),
                       [this](ModuleId module) { return choice_.filter[module.index()]; });
  }

  bool IsLeftOut(size_t row) const {
    const Quantity& total = figures_.rows[row].total;
    return choice_.compact && row != 0 && total.nodes == 0 && total.parameters == uint64_t{0};
  }

  bool Joins(uint32_t row) const {
    const Module& module = hierarchy_.module(rows_.row(row).modules[0]);
    const bool is_container = !module.MayHaveBeenCalled() || module.class_name.empty();
    return choice_.compact && row != 0 && is_container && figures_.rows[row].own.nodes == 0 &&
           children_[row].size() == 1;
  }

  // Those that have anything to show.
  void LinkChildren() {
    std::vector<std::pair<uint32_t, uint32_t>> pairs;
    for (uint32_t row = 1; row < is_shown_.size(); ++row) {
      if (has_shown_[row]) pairs.emplace_back(rows_.row(row).parent, row);
    }
    if (choice_.before) {
      std::stable_sort(pairs.begin(), pairs.end(), [this](const auto& a, const auto& b) {
        return choice_.before(a.second, b.second);
      });
    }
    children_ = GroupByRow(pairs, is_shown_.size());
  }

  const Hierarchy& hierarchy_;
  const ModuleRows& rows_;
  const FiguresOfModel& figures_;
  const RowChoice& choice_;
  std::vector<bool> is_shown_;
  std::vector<bool> has_shown_;  // It, or anything below it, is shown.
  Rows<uint32_t> children_;
};

}  // namespace

std::vector<VisibleRow> ChooseRows(const Hierarchy& hierarchy, const ModuleRows& rows,
                                   const FiguresOfModel& figures, const RowChoice& choice) {
  return RowChooser(hierarchy, rows, figures, choice).Run();
}

}  // namespace modelexport
