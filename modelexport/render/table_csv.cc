#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "modelexport/render/table.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

std::string Field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

std::string Field(const Cell& cell) {
  if (const auto* text = absl::get_if<std::string>(&cell.value())) return Field(*text);
  if (const auto* count = absl::get_if<int64_t>(&cell.value())) return absl::StrCat(*count);
  // JSON has the fewest digits that give the number back.
  if (const auto* number = absl::get_if<double>(&cell.value())) {
    return nlohmann::json(*number).dump();
  }
  return "";
}

}  // namespace

std::string RenderTableCsv(const Table& table) {
  std::string csv;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    absl::StrAppend(&csv, i == 0 ? "" : ",", Field(table.columns[i].key));
  }
  csv += "\r\n";
  for (const std::vector<Cell>& row : table.rows) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      absl::StrAppend(&csv, i == 0 ? "" : ",", Field(row[i]));
    }
    csv += "\r\n";
  }
  return csv;
}

}  // namespace modelexport
