#include "modelexport/evidence/trace/operator_table.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_split.h"
#include "modelexport/evidence/trace/operator_table_data.h"
#include "modelexport/evidence/trace/tools_table_data.h"

namespace modelexport {

// A line is "add Add0 Mul0 Transpose1": the digit counts the helpers on the way.
OperatorTable::Rows OperatorTable::Parse(absl::string_view table) {
  constexpr float kPerStep = 0.4f;
  Rows rows;
  for (absl::string_view line : absl::StrSplit(table, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    std::vector<Entry>& row = rows[words[0]];
    for (size_t i = 1; i < words.size(); ++i) {
      const int steps = words[i].back() - '0';
      row.push_back(
          {words[i].substr(0, words[i].size() - 1), std::pow(kPerStep, static_cast<float>(steps))});
    }
  }
  return rows;
}

absl::string_view BaseName(absl::string_view kind) {
  const size_t first = kind.find('.');
  if (first == absl::string_view::npos) return kind;
  const absl::string_view rest = kind.substr(first + 1);
  return rest.substr(0, rest.find('.'));
}

const OperatorTable& OperatorTable::Get() {
  static const OperatorTable* const table = new OperatorTable;
  return *table;
}

OperatorTable::OperatorTable() : entries_(Parse(kOperatorTable)), by_tools_(Parse(kToolsTable)) {
  for (absl::string_view line : absl::StrSplit(kOperatorTable, '\n', absl::SkipEmpty())) {
    for (const Entry& entry : *Find(line.substr(0, line.find(' ')))) {
      total_weight_[entry.op_type] += entry.weight;
    }
  }
  for (const auto& [op_type, weight] : total_weight_) op_types_.push_back(op_type);
}

const std::vector<OperatorTable::Entry>* OperatorTable::Find(absl::string_view aten_name) const {
  const auto found = entries_.find(aten_name);
  return found == entries_.end() ? nullptr : &found->second;
}

const std::vector<OperatorTable::Entry>* OperatorTable::FindByTools(
    absl::string_view op_type) const {
  const auto found = by_tools_.find(op_type);
  return found == by_tools_.end() ? nullptr : &found->second;
}

float OperatorTable::Information(absl::string_view op_type) const {
  const auto found = total_weight_.find(op_type);
  if (found == total_weight_.end()) return 1;
  const float rows = static_cast<float>(entries_.size());
  return std::log(rows / std::max(1.0f, found->second)) / std::log(rows);
}

}  // namespace modelexport
