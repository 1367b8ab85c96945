#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/types/variant.h"
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

void AppendQuoted(absl::string_view text, std::string* out) {
  if (IsPlain(text)) {
    absl::StrAppend(out, "\"", text, "\"");
  } else {
    *out += Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

std::string Quoted(absl::string_view text) {
  std::string quoted;
  AppendQuoted(text, &quoted);
  return quoted;
}

std::string Indent(size_t depth) { return std::string(2 * depth, ' '); }

// Appends a value of which the first line is `depth` levels deep.
class ValueWriter {
 public:
  ValueWriter(size_t depth, std::string* out) : depth_(depth), out_(out) {}

  void operator()(absl::monostate) const { *out_ += "null"; }
  void operator()(const std::string& text) const { AppendQuoted(text, out_); }
  void operator()(int64_t count) const { absl::StrAppend(out_, count); }
  // With the fewest digits that give the number back.
  void operator()(double number) const { *out_ += Json(number).dump(); }

  void operator()(const Cell::Texts& texts) const {
    const char* before = "[";
    for (const std::string& text : texts) {
      *out_ += before;
      AppendQuoted(text, out_);
      before = ", ";
    }
    *out_ += texts.empty() ? "[]" : "]";
  }

  void operator()(const Cell::Counts& counts) const {
    const char* before = "{\n";
    for (const auto& [name, count] : counts) {
      *out_ += before;
      out_->append(2 * (depth_ + 1), ' ');
      AppendQuoted(name, out_);
      absl::StrAppend(out_, ": ", count);
      before = ",\n";
    }
    if (counts.empty()) {
      *out_ += "{}";
    } else {
      absl::StrAppend(out_, "\n", Indent(depth_), "}");
    }
  }

 private:
  const size_t depth_;
  std::string* const out_;
};

void AppendValue(const Cell& cell, size_t depth, std::string* out) {
  if (cell.at_least()) {
    *out += "null";
  } else {
    absl::visit(ValueWriter(depth, out), cell.value());
  }
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
  std::string text = "{\n";
  for (const auto& [key, cell] : table.facts) {
    absl::StrAppend(&text, Indent(1), Quoted(key), ": ");
    AppendValue(cell, 1, &text);
    text += ",\n";
  }
  out << text << Indent(1) << Quoted(table.name) << ": [";
  const std::vector<Lead> leads = LeadsOf(table.columns);
  const std::string end = absl::StrCat(
      "\n", EndsInObject(table.columns) ? absl::StrCat(Indent(3), "}\n") : "", Indent(2), "}");
  bool is_first = true;
  table.ForEachRow([&](const std::vector<Cell>& row) {
    text = absl::StrCat(is_first ? "\n" : ",\n", Indent(2), "{");
    for (size_t k = 0; k < leads.size(); ++k) {
      text += leads[k].text;
      AppendValue(row[k], leads[k].depth, &text);
    }
    text += end;
    out << text;
    is_first = false;
  });
  out << (is_first ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace modelexport
