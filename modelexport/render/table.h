// A table as a plain value, and its renderings as text, JSON, CSV and Markdown.
//
//   Table table;
//   table.name = "modules";
//   table.columns = {{"module", "module", ColumnType::kText, "", Column::Fit::kCutBeginning},
//                    {"nodes.own", "own", ColumnType::kCount}};
//   table.rows = {{"encoder", 12}, {"pooler", Cell()}};
//   WriteTable(table, TableFormat::kText, {}, std::cout);
#ifndef MODELEXPORT_RENDER_TABLE_H_
#define MODELEXPORT_RENDER_TABLE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/variant.h"

namespace modelexport {

// What the numbers of a column mean. JSON and CSV have them as they are given; text and Markdown
// show them for people.
enum class ColumnType {
  kText,          // Aligned to the left; all others are aligned to the right.
  kCount,         // A whole number: 1234.
  kQuantity,      // A whole number that may be great, shown as 123, 4.5k, 6.7M, 8.9B.
  kNumber,        // Any number, shown with up to four significant digits.
  kOperations,    // A whole number of operations, shown as 123, 4.56k, 78.9M, 123G.
  kBytes,         // Bytes, shown as 12 B, 3.4 kB, 5.6 MB (powers of 1000).
  kShare,         // 0 to 1, shown as 12.3%.
  kMicroseconds,  // Shown as 12.3 us, 4.56 ms, 7.89 s.
};

struct Column {
  // What becomes of a column of text where the table is too wide.
  enum class Fit : uint8_t {
    kWhole,         // Nothing.
    kCutBeginning,  // Cells lose their beginnings, as paths differ at their ends,
    kCutEnd,        // or their ends, for which "..." is shown.
    kOmit,          // It is left out.
  };

  Column(std::string key, std::string title, ColumnType type = ColumnType::kText,
         std::string unit = "", Fit fit = Fit::kWhole)
      : key(std::move(key)), title(std::move(title)), type(type), unit(std::move(unit)), fit(fit) {}

  // In JSON and CSV. "nodes.own" is the member "own" of the object "nodes", whose columns follow
  // each other.
  std::string key;
  std::string title;  // In text and Markdown.
  ColumnType type;
  std::string unit;  // Shown after the title in text and Markdown, as "rate (GMAC/s)".
  Fit fit;           // In text.
};

// A text, a number, texts, numbers with names, or unknown.
class Cell {
 public:
  // An object in JSON, "MatMul 12, Add 3" elsewhere. Names differ.
  using Counts = std::vector<std::pair<std::string, int64_t>>;
  using Texts = std::vector<std::string>;  // An array in JSON, "a, b" elsewhere.
  using Value = absl::variant<absl::monostate, std::string, int64_t, double, Counts, Texts>;

  Cell() = default;  // Unknown.
  // Implicit, so that a row is written as a list of values.
  // NOLINTBEGIN(google-explicit-constructor)
  Cell(std::string text) : value_(std::move(text)) {}
  Cell(absl::string_view text) : value_(std::string(text)) {}
  Cell(const char* text) : value_(std::string(text)) {}
  Cell(Counts counts) : value_(std::move(counts)) {}
  Cell(Texts texts) : value_(std::move(texts)) {}
  // Absent is unknown.
  template <typename T>
  Cell(const absl::optional<T>& value) : Cell(value.has_value() ? Cell(*value) : Cell()) {}
  // Numbers that are not finite are unknown. Integers must be at most 2^63 - 1.
  template <typename T, std::enable_if_t<std::is_arithmetic<T>::value, int> = 0>
  Cell(T number) {
    if (std::is_integral<T>::value) {
      value_ = static_cast<int64_t>(number);
    } else if (std::isfinite(static_cast<double>(number))) {
      value_ = static_cast<double>(number);
    }
  }
  // NOLINTEND(google-explicit-constructor)

  const Value& value() const { return value_; }

  // Whether text and Markdown show a "*" after it, which what explains the table explains.
  bool marked() const { return marked_; }
  Cell Marked(bool marked) && {
    marked_ = marked;
    return std::move(*this);
  }

  // Whether the number is only a lower bound: text and Markdown show it after ">=", for JSON and
  // CSV it is unknown.
  bool at_least() const { return at_least_; }
  Cell AtLeast(bool at_least) && {
    at_least_ = at_least;
    return std::move(*this);
  }

 private:
  Value value_;
  bool marked_ = false;
  bool at_least_ = false;
};

struct Table {
  std::string name;                                 // Of the rows in JSON, as "modules".
  std::vector<std::pair<std::string, Cell>> facts;  // About the whole; only JSON has them.
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // Each has a cell for each column.

  // Rows after these that are made as they are written, so that a table too large for memory can
  // be: how many, and the cells of each, from 0. What it refers to must outlive the table.
  size_t num_later_rows = 0;
  std::function<std::vector<Cell>(size_t)> later_row;

  // Calls `visit` with each row, in order.
  template <typename Visit>
  void ForEachRow(const Visit& visit) const {
    for (const std::vector<Cell>& row : rows) visit(row);
    for (size_t i = 0; i < num_later_rows; ++i) visit(later_row(i));
  }
};

enum class TableFormat : uint8_t { kText, kJson, kCsv, kMarkdown };

// Of kText.
struct TextStyle {
  // In characters (code points); 0 is any width.
  size_t width = 0;
  bool colours = false;  // Titles are bold, by an escape sequence that terminals know.
};

// Writes row by row: the table may be large.
//
// kText: lines of aligned columns, with a line of titles before them. Where they are wider than the
// style's width, columns are left out from the right (Column::Fit::kOmit), then cells are cut, down
// to 8 characters. Control characters are escaped. Unknown is "?".
//
// kJson: an object of the facts and of the rows, as an array of objects. Unknown is null. What is
// not UTF-8 is replaced by U+FFFD.
//
// kCsv: by RFC 4180, with a line of keys. Unknown is an empty field.
//
// kMarkdown: a table of GitHub's Markdown. Control characters and what Markdown would interpret in
// cells are escaped, what is not UTF-8 is replaced by U+FFFD. Unknown is "?".
void WriteTable(const Table& table, TableFormat format, const TextStyle& style, std::ostream& out);

// The same as one text.
std::string RenderTable(const Table& table, TableFormat format, const TextStyle& style = {});

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_TABLE_H_
