#include <algorithm>

#include "absl/strings/str_cat.h"
#include "modelexport/render/table.h"
#include "modelexport/render/table_cells.h"

namespace modelexport {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kLeastElastic = 8;
constexpr absl::string_view kCut = "...";

bool Continues(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// In code points.
size_t Width(absl::string_view text) {
  return text.size() - std::count_if(text.begin(), text.end(), Continues);
}

// Paths differ at their ends: what is cut is the beginning.
std::string Shortened(const std::string& text, size_t width) {
  size_t left = Width(text);
  if (left <= width) return text;
  size_t begin = 0;
  for (; begin < text.size(); ++begin) {
    if (Continues(text[begin])) continue;
    if (left <= width - kCut.size()) break;
    --left;
  }
  return absl::StrCat(kCut, text.substr(begin));
}

using Lines = std::vector<std::vector<std::string>>;

Lines Shown(const Table& table) {
  Lines lines(1);
  for (const Column& column : table.columns) lines[0].push_back(ShownTitle(column));
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (size_t i = 0; i < table.columns.size(); ++i) {
      line.push_back(ShownCell(row[i], table.columns[i].type));
    }
  }
  return lines;
}

std::vector<size_t> Widths(const Lines& lines) {
  std::vector<size_t> widths(lines[0].size(), 0);
  for (const std::vector<std::string>& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], Width(line[i]));
  }
  return widths;
}

void Fit(const Table& table, size_t width, Lines* lines, std::vector<size_t>* widths) {
  const auto elastic = std::find_if(table.columns.begin(), table.columns.end(),
                                    [](const Column& column) { return column.elastic; });
  if (width == 0 || elastic == table.columns.end()) return;
  const size_t at = elastic - table.columns.begin();
  size_t others = kGap * (widths->size() - 1);
  for (size_t i = 0; i < widths->size(); ++i) others += i == at ? 0 : (*widths)[i];
  const size_t room = std::max(kLeastElastic, width - std::min(width, others));
  if ((*widths)[at] <= room) return;
  (*widths)[at] = room;
  for (std::vector<std::string>& line : *lines) line[at] = Shortened(line[at], room);
}

std::string Aligned(const Table& table, const std::vector<size_t>& widths,
                    const std::vector<std::string>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - Width(cells[i]), ' ');
    const bool left = table.columns[i].type == ColumnType::kText;
    absl::StrAppend(&line, std::string(i == 0 ? 0 : kGap, ' '), left ? cells[i] : padding,
                    left ? padding : cells[i]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

}  // namespace

std::string RenderTableText(const Table& table, size_t width) {
  Lines lines = Shown(table);
  std::vector<size_t> widths = Widths(lines);
  Fit(table, width, &lines, &widths);
  std::string text;
  for (const std::vector<std::string>& line : lines) text += Aligned(table, widths, line);
  return text;
}

}  // namespace modelexport
