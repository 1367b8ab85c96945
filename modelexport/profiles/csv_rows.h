// Rows of a CSV text that is read in blocks.
#ifndef MODELEXPORT_PROFILES_CSV_ROWS_H_
#define MODELEXPORT_PROFILES_CSV_ROWS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/json/source_bytes.h"

namespace modelexport {

// By RFC 4180, but for the separator. Memory is that of the longest row, which may have
// kMaxRowSize bytes.
class CsvRows {
 public:
  static constexpr size_t kMaxRowSize = 16 << 20;

  // `source` must outlive it.
  CsvRows(const ByteSource& source, char separator)
      : bytes_(source), at_(bytes_.begin()), separator_(separator) {}

  // The next row that is not empty; false at the end. A last row without an end of line counts.
  // Errors name the line.
  absl::StatusOr<bool> Next(std::vector<std::string>* fields);

  size_t line() const { return line_; }  // Of the row, from 1.

 private:
  SourceBytes bytes_;
  SourceBytes::Position at_;
  char separator_;
  size_t line_ = 0;
  size_t next_line_ = 1;
  char last_ = 0;
};

// The position of `title` among `titles`; an error that names it if there is none.
absl::StatusOr<size_t> FindColumn(const std::vector<std::string>& titles, absl::string_view title);

}  // namespace modelexport

#endif  // MODELEXPORT_PROFILES_CSV_ROWS_H_
