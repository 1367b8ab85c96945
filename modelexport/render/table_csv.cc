#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "modelexport/render/table.h"
#include "modelexport/render/table_cells.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

std::string Field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string Field(const Cell& cell) {
  if (cell.at_least()) return "";
  if (const auto* text = absl::get_if<std::string>(&cell.value())) return Field(*text);
  if (const auto* counts = absl::get_if<Cell::Counts>(&cell.value())) {
    return Field(ShownCounts(*counts));
  }
  if (const auto* count = absl::get_if<int64_t>(&cell.value())) return absl::StrCat(*count);
  // JSON has the fewest digits that give the number back.
  if (const auto* number = absl::get_if<double>(&cell.value())) {
    return nlohmann::json(*number).dump();
  }
  return "";
}

}  // namespace

void WriteCsv(const Table& table, std::ostream& out) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    out << (i == 0 ? "" : ",") << Field(table.columns[i].key);
  }
  out << "\r\n";
  table.ForEachRow([&](const std::vector<Cell>& row) {
    for (size_t i = 0; i < table.columns.size(); ++i) out << (i == 0 ? "" : ",") << Field(row[i]);
    out << "\r\n";
  });
}

}  // namespace modelexport
