#include <algorithm>

#include "absl/strings/str_cat.h"
#include "modelexport/render/table.h"
#include "modelexport/render/table_cells.h"

namespace modelexport {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kLeastCut = 8;
constexpr absl::string_view kCut = "...";
constexpr absl::string_view kBold = "\x1b[1m";
constexpr absl::string_view kPlain = "\x1b[0m";

bool Continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// In code points.
size_t Width(absl::string_view text) {
  return text.size() - std::count_if(text.begin(), text.end(), Continues);
}

// The offset of the code point that `count` others precede.
size_t OffsetOf(absl::string_view text, size_t count) {
  size_t offset = 0;
  for (; offset < text.size(); ++offset) {
    if (Continues(text[offset])) continue;
    if (count-- == 0) break;
  }
  return offset;
}

// To `width` code points.
std::string Cut(const std::string& text, size_t width, Column::Fit fit) {
  const size_t size = Width(text);
  if (size <= width) return text;
  const size_t left = width - kCut.size();
  return fit == Column::Fit::kCutEnd ? absl::StrCat(text.substr(0, OffsetOf(text, left)), kCut)
                                     : absl::StrCat(kCut, text.substr(OffsetOf(text, size - left)));
}

bool CanBeCut(const Column& column) {
  return column.fit == Column::Fit::kCutBeginning || column.fit == Column::Fit::kCutEnd;
}

// The columns of a table that are shown, and how wide.
class Layout {
 public:
  Layout(const Table& table, size_t width) : table_(table) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      shown_.push_back(i);
      widths_.push_back(Width(ShownTitle(table.columns[i])));
    }
    table.ForEachRow([this](const std::vector<Cell>& row) { Widen(row); });
    if (width == 0) return;
    Omit(width);
    while (TotalWidth() > width && Shrink(TotalWidth() - width)) {
    }
  }

  void WriteTitles(const TextStyle& style, std::ostream& out) const {
    std::vector<std::string> cells;
    for (const Column& column : table_.columns) cells.push_back(ShownTitle(column));
    const std::string line = LineOf(cells);
    if (style.colours) {
      out << kBold << line << kPlain << "\n";
    } else {
      out << line << "\n";
    }
  }

  void WriteRow(const std::vector<Cell>& row, std::ostream& out) const {
    std::vector<std::string> cells;
    for (size_t i = 0; i < row.size(); ++i) {
      cells.push_back(ShownCell(row[i], table_.columns[i].type));
    }
    out << LineOf(cells) << "\n";
  }

 private:
  void Widen(const std::vector<Cell>& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths_[i] = std::max(widths_[i], Width(ShownCell(row[i], table_.columns[i].type)));
    }
  }

  size_t TotalWidth() const {
    size_t total = shown_.empty() ? 0 : kGap * (shown_.size() - 1);
    for (size_t column : shown_) total += widths_[column];
    return total;
  }

  void Omit(size_t width) {
    for (size_t i = shown_.size(); i-- > 0 && TotalWidth() > width;) {
      if (table_.columns[shown_[i]].fit == Column::Fit::kOmit) shown_.erase(shown_.begin() + i);
    }
  }

  // Makes the widest column that can be cut narrower, until the next one is the widest. False if
  // none can be.
  bool Shrink(size_t excess) {
    size_t widest = 0, next = kLeastCut;
    for (size_t column : shown_) {
      if (!CanBeCut(table_.columns[column]) || widths_[column] <= kLeastCut) continue;
      if (widest == 0 || widths_[column] > widths_[widest - 1]) {
        if (widest != 0) next = std::max(next, widths_[widest - 1]);
        widest = column + 1;
      } else {
        next = std::max(next, widths_[column]);
      }
    }
    if (widest == 0) return false;
    size_t& width = widths_[widest - 1];
    const size_t least = std::max(kLeastCut, std::min(next, width - 1));
    width = std::max(least, width - std::min(excess, width));
    return true;
  }

  std::string LineOf(const std::vector<std::string>& cells) const {
    std::string line;
    for (size_t i : shown_) {
      const std::string cell = Cut(cells[i], widths_[i], table_.columns[i].fit);
      const std::string padding(widths_[i] - Width(cell), ' ');
      const bool left = table_.columns[i].type == ColumnType::kText;
      absl::StrAppend(&line, std::string(i == shown_[0] ? 0 : kGap, ' '), left ? cell : padding,
                      left ? padding : cell);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  }

  const Table& table_;
  std::vector<size_t> shown_;   // Columns.
  std::vector<size_t> widths_;  // By column.
};

}  // namespace

void WriteText(const Table& table, const TextStyle& style, std::ostream& out) {
  const Layout layout(table, style.width);
  layout.WriteTitles(style, out);
  table.ForEachRow([&](const std::vector<Cell>& row) { layout.WriteRow(row, out); });
}

}  // namespace modelexport
