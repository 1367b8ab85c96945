#include "modelexport/render/table_cells.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "modelexport/render/printable.h"

namespace modelexport {
namespace {

std::string Bytes(double bytes) {
  if (bytes < 1000) return absl::StrFormat("%.0f B", bytes);
  if (bytes < 1e6) return absl::StrFormat("%.1f kB", bytes / 1e3);
  if (bytes < 1e9) return absl::StrFormat("%.1f MB", bytes / 1e6);
  return absl::StrFormat("%.1f GB", bytes / 1e9);
}

std::string Time(double microseconds) {
  if (microseconds < 1e3) return absl::StrFormat("%.1f us", microseconds);
  if (microseconds < 1e6) return absl::StrFormat("%.2f ms", microseconds / 1e3);
  return absl::StrFormat("%.2f s", microseconds / 1e6);
}

std::string Quantity(double number) {
  if (number < 1e3) return absl::StrFormat("%.0f", number);
  if (number < 1e6) return absl::StrFormat("%.1fk", number / 1e3);
  if (number < 1e9) return absl::StrFormat("%.1fM", number / 1e6);
  return absl::StrFormat("%.1fB", number / 1e9);
}

// Three digits count.
std::string Operations(double number) {
  constexpr absl::string_view kUnits[] = {"", "k", "M", "G", "T", "P", "E"};
  size_t unit = 0;
  for (; number >= 1e3 && unit + 1 < std::size(kUnits); ++unit) number /= 1e3;
  const int decimals = unit == 0 || number >= 100 ? 0 : number >= 10 ? 1 : 2;
  return absl::StrFormat("%.*f%s", decimals, number, kUnits[unit]);
}

std::string Number(double number, ColumnType type) {
  switch (type) {
    case ColumnType::kOperations:
      return Operations(number);
    case ColumnType::kQuantity:
      return Quantity(number);
    case ColumnType::kBytes:
      return Bytes(number);
    case ColumnType::kShare:
      return absl::StrFormat("%.1f%%", 100 * number);
    case ColumnType::kMicroseconds:
      return Time(number);
    default:
      return absl::StrFormat("%.4g", number);
  }
}

bool HasOwnForm(ColumnType type) {
  return type == ColumnType::kQuantity || type == ColumnType::kOperations ||
         type == ColumnType::kBytes || type == ColumnType::kShare ||
         type == ColumnType::kMicroseconds;
}

}  // namespace

std::string ShownTitle(const Column& column) {
  const std::string title = Printable(column.title);
  return column.unit.empty() ? title : absl::StrCat(title, " (", Printable(column.unit), ")");
}

std::string ShownCounts(const Cell::Counts& counts) {
  return absl::StrJoin(counts, ", ", [](std::string* out, const auto& count) {
    absl::StrAppend(out, Printable(count.first), " ", count.second);
  });
}

std::string ShownCell(const Cell& cell, ColumnType type) {
  const char* const mark = cell.marked() ? "*" : "";
  if (const auto* text = absl::get_if<std::string>(&cell.value())) {
    return absl::StrCat(Printable(*text), mark);
  }
  if (const auto* counts = absl::get_if<Cell::Counts>(&cell.value())) return ShownCounts(*counts);
  if (const auto* texts = absl::get_if<Cell::Texts>(&cell.value())) {
    return Printable(absl::StrJoin(*texts, ", "));
  }
  if (const auto* number = absl::get_if<double>(&cell.value())) {
    return absl::StrCat(Number(*number, type), mark);
  }
  const auto* count = absl::get_if<int64_t>(&cell.value());
  if (count == nullptr) return "?";
  const std::string shown =
      HasOwnForm(type) ? Number(static_cast<double>(*count), type) : absl::StrCat(*count);
  return absl::StrCat(cell.at_least() ? ">=" : "", shown, mark);
}

}  // namespace modelexport
