#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "modelexport/render/table.h"
#include "modelexport/render/table_cells.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::json;

// Whether JSON has the text as it is.
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

std::string Quoted(absl::string_view text) {
  if (IsPlain(text)) return absl::StrCat("\"", text, "\"");
  return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string Indent(size_t depth) { return std::string(2 * depth, ' '); }

// A value of which the first line is `depth` levels deep.
std::string ValueOf(const Cell& cell, size_t depth) {
  if (cell.at_least()) return "null";
  if (const auto* text = absl::get_if<std::string>(&cell.value())) return Quoted(*text);
  if (const auto* count = absl::get_if<int64_t>(&cell.value())) return absl::StrCat(*count);
  // With the fewest digits that give the number back.
  if (const auto* number = absl::get_if<double>(&cell.value())) return Json(*number).dump();
  const auto* counts = absl::get_if<Cell::Counts>(&cell.value());
  if (counts == nullptr) return "null";
  if (counts->empty()) return "{}";
  const auto member = [&](std::string* out, const std::pair<std::string, int64_t>& count) {
    absl::StrAppend(out, Indent(depth + 1), Quoted(count.first), ": ", count.second);
  };
  return absl::StrCat("{\n", absl::StrJoin(*counts, ",\n", member), "\n", Indent(depth), "}");
}

// What comes before the value of a column: its key, and where columns of one object begin or end
// the lines of that.
struct Lead {
  std::string text;
  size_t depth = 3;  // Of the value.
};

std::vector<Lead> LeadsOf(const std::vector<Column>& columns) {
  std::vector<Lead> leads;
  std::string object;  // That of the column before.
  for (const Column& column : columns) {
    const std::vector<std::string> keys = absl::StrSplit(column.key, absl::MaxSplits('.', 1));
    const std::string own_object = keys.size() > 1 ? keys[0] : "";
    std::string text;
    if (object != own_object && !object.empty()) absl::StrAppend(&text, "\n", Indent(3), "}");
    if (!leads.empty()) text += ",";
    text += "\n";
    if (object != own_object && !own_object.empty()) {
      absl::StrAppend(&text, Indent(3), Quoted(own_object), ": {\n");
    }
    const size_t depth = own_object.empty() ? 3 : 4;
    absl::StrAppend(&text, Indent(depth), Quoted(keys.back()), ": ");
    leads.push_back({std::move(text), depth});
    object = own_object;
  }
  return leads;
}

bool EndsInObject(const std::vector<Column>& columns) {
  return !columns.empty() && absl::StrContains(columns.back().key, '.');
}

}  // namespace

void WriteJson(const Table& table, std::ostream& out) {
  out << "{\n";
  for (const auto& [key, cell] : table.facts) {
    out << Indent(1) << Quoted(key) << ": " << ValueOf(cell, 1) << ",\n";
  }
  out << Indent(1) << Quoted(table.name) << ": [";
  const std::vector<Lead> leads = LeadsOf(table.columns);
  const std::string end = absl::StrCat(
      "\n", EndsInObject(table.columns) ? absl::StrCat(Indent(3), "}\n") : "", Indent(2), "}");
  bool is_first = true;
  table.ForEachRow([&](const std::vector<Cell>& row) {
    out << (is_first ? "\n" : ",\n") << Indent(2) << "{";
    for (size_t k = 0; k < leads.size(); ++k)
      out << leads[k].text << ValueOf(row[k], leads[k].depth);
    out << end;
    is_first = false;
  });
  out << (is_first ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace modelexport
