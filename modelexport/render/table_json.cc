#include "absl/strings/str_split.h"
#include "modelexport/render/table.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Cell& cell) {
  if (const auto* text = absl::get_if<std::string>(&cell.value())) return *text;
  if (const auto* count = absl::get_if<int64_t>(&cell.value())) return *count;
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

}  // namespace

std::string RenderTableJson(const Table& table) {
  Json json = Json::object();
  for (const auto& [key, cell] : table.facts) json[key] = ToJson(cell);
  Json rows = Json::array();
  for (const std::vector<Cell>& row : table.rows) rows.push_back(ToJson(table, row));
  json[table.name] = std::move(rows);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace modelexport
