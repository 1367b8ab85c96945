#include <string>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "modelexport/render/table.h"
#include "modelexport/render/table_cells.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Cell& cell) {
  if (const auto* text = absl::get_if<std::string>(&cell.value())) return *text;
  if (const auto* count = absl::get_if<int64_t>(&cell.value())) return *count;
  if (const auto* counts = absl::get_if<Cell::Counts>(&cell.value())) {
    Json json = Json::object();
    for (const auto& [name, count] : *counts) json.emplace(name, count);
    return json;
  }
  if (const auto* number = absl::get_if<double>(&cell.value())) return *number;
  return nullptr;
}

// operator[] searches the members, which are as many as the columns at most.
Json ToJson(const Table& table, const std::vector<Cell>& row) {
  Json json = Json::object();
  for (size_t i = 0; i < table.columns.size(); ++i) {
    Json* member = &json;
    for (const std::string& key :
         std::vector<std::string>(absl::StrSplit(table.columns[i].key, '.'))) {
      member = &(*member)[key];
    }
    *member = ToJson(row[i]);
  }
  return json;
}

// As dump(2) writes it `depth` levels deep.
std::string Dump(const Json& json, int depth) {
  const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace);
  return absl::StrReplaceAll(text, {{"\n", "\n" + std::string(2 * depth, ' ')}});
}

}  // namespace

void WriteJson(const Table& table, std::ostream& out) {
  out << "{\n";
  for (const auto& [key, cell] : table.facts) {
    out << "  " << Dump(key, 1) << ": " << Dump(ToJson(cell), 1) << ",\n";
  }
  out << "  " << Dump(table.name, 1) << ": [";
  for (size_t i = 0; i < table.rows.size(); ++i) {
    out << (i == 0 ? "\n    " : ",\n    ") << Dump(ToJson(table, table.rows[i]), 2);
  }
  out << (table.rows.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace modelexport
