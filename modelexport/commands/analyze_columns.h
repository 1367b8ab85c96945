// The columns of the table that `analyze` prints.
#ifndef MODELEXPORT_COMMANDS_ANALYZE_COLUMNS_H_
#define MODELEXPORT_COMMANDS_ANALYZE_COLUMNS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/costs/module_costs.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/modules/label_counts.h"
#include "modelexport/modules/module_figures.h"
#include "modelexport/modules/source_lines.h"
#include "modelexport/render/table.h"

namespace modelexport {

// One row of the table: of modules, or of the nodes that are of none.
struct RowFacts {
  static constexpr uint32_t kUnattributed = UINT32_MAX;

  std::string name;
  uint32_t row;                        // Of ModuleRows, or kUnattributed.
  absl::Span<const ModuleId> modules;  // Empty: of none.
  const ModuleFigures& figures;
  CostSums costs;  // Of the modules and all below them.
};

// How many nodes of each row have which label.
struct LabelColumn {
  std::vector<std::string> labels;
  LabelCounts counts;
};

// What cells say beside RowFacts::figures; absent where no column asks for it.
struct ColumnData {
  const Hierarchy* hierarchy = nullptr;
  bool tree = false;  // As AnalyzeRequest::tree.
  absl::optional<LabelColumn> precision, placement;
  absl::optional<LinesOfModules> lines;
};

// What a column is, and its cell for a row.
struct AnalyzeColumn {
  // Where the column is shown if no columns are asked for.
  enum class Shown : uint8_t {
    kAlways,
    kNotInTree,
    kWithCosts,  // With the costs of modules.
    kOnRequest,  // By a flag of its own.
  };

  Column column;
  std::function<Cell(const RowFacts&)> cell;
  Shown shown = Shown::kAlways;
};

// All columns in order. `data` must outlive them, and may be filled after the call.
std::vector<AnalyzeColumn> MakeAnalyzeColumns(const ColumnData& data);

// "module", "class", ... in the order of the table. "nodes" stands for "nodes.own" and
// "nodes.total", "parameters" likewise.
std::vector<std::string> AnalyzeColumns();

// Whether `word`, one of AnalyzeColumns(), means the column: its key, or the object that the key is
// in.
bool NamesColumn(const std::string& word, const Column& column);

// Whether the column is about MACs or activations.
bool IsCostColumn(absl::string_view key);

// A cost as far as it is known.
Cell CostOf(const CostSum& sum);

// An error with Fault::kUsage if there is no column of this name.
absl::Status CheckAnalyzeColumn(const std::string& word);

// The order of --sort: numbers from the greatest, texts by the alphabet; unknown comes last.
bool ComesBefore(const Cell& a, const Cell& b);

}  // namespace modelexport

#endif  // MODELEXPORT_COMMANDS_ANALYZE_COLUMNS_H_
