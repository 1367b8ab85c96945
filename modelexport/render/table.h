// A table as a plain value, and its renderings as text, JSON, CSV and Markdown.
#ifndef MODELEXPORT_RENDER_TABLE_H_
#define MODELEXPORT_RENDER_TABLE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/variant.h"

namespace modelexport {

// What the numbers of a column mean. JSON and CSV have them as they are given; text and Markdown
// show them for people.
enum class ColumnType {
  kText,          // Aligned to the left; all others are aligned to the right.
  kCount,         // A whole number: 1234.
  kNumber,        // Any number, shown with up to four significant digits.
  kBytes,         // Bytes, shown as 12 B, 3.4 kB, 5.6 MB (powers of 1000).
  kShare,         // 0 to 1, shown as 12.3%.
  kMicroseconds,  // Shown as 12.3 us, 4.56 ms, 7.89 s.
};

struct Column {
  Column(std::string key, std::string title, ColumnType type = ColumnType::kText,
         std::string unit = "", bool elastic = false)
      : key(std::move(key)),
        title(std::move(title)),
        type(type),
        unit(std::move(unit)),
        elastic(elastic) {}

  std::string key;    // In JSON and CSV. "nodes.own" is the member "own" of the object "nodes".
  std::string title;  // In text and Markdown.
  ColumnType type;
  std::string unit;  // Shown after the title in text and Markdown, as "rate (GMAC/s)".
  bool elastic;      // Shortened where the table is too wide. For one column of text.
};

// A text, a number, or unknown.
class Cell {
 public:
  using Value = absl::variant<absl::monostate, std::string, int64_t, double>;

  Cell() = default;  // Unknown.
  // Implicit, so that a row is written as a list of values.
  // NOLINTBEGIN(google-explicit-constructor)
  Cell(std::string text) : value_(std::move(text)) {}
  Cell(absl::string_view text) : value_(std::string(text)) {}
  Cell(const char* text) : value_(std::string(text)) {}
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

 private:
  Value value_;
};

struct Table {
  std::string name;                                 // Of the rows in JSON, as "modules".
  std::vector<std::pair<std::string, Cell>> facts;  // About the whole; only JSON has them.
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // Each has a cell for each column.
};

// Lines of aligned columns, with a line of titles before them. Where they are wider than `width`
// characters (code points), cells of the elastic column lose their beginnings, for which "..."
// is shown, down to 8 characters; 0 is any width. Control characters are escaped. Unknown is "?".
std::string RenderTableText(const Table& table, size_t width);

// An object of the facts and of the rows, as an array of objects. Unknown is null. What is not
// UTF-8 is replaced by U+FFFD.
std::string RenderTableJson(const Table& table);

// By RFC 4180, with a line of keys. Unknown is an empty field.
std::string RenderTableCsv(const Table& table);

// A table of GitHub's Markdown. Control characters and what Markdown would interpret in cells are
// escaped. Unknown is "?".
std::string RenderTableMarkdown(const Table& table);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_TABLE_H_
