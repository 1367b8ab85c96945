#include "modelexport/profiles/csv_rows.h"

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"

namespace modelexport {
namespace {

// Each row as "line: field|field", then the error if there is one.
std::string Read(const std::string& text) {
  const auto source = BytesInMemory(text);
  CsvRows rows(*source, ',');
  std::vector<std::string> fields;
  std::string read;
  absl::StatusOr<bool> more = false;
  while ((more = rows.Next(&fields)).value_or(false)) {
    absl::StrAppend(&read, rows.line(), ": ", absl::StrJoin(fields, "|"), "\n");
  }
  return absl::StrCat(read, more.status().message());
}

TEST(CsvRows, QuotesAndEndsOfLines) {
  EXPECT_EQ(Read("a,\"b,\"\"c\"\"\nd\"\r\n,e"), "1: a|b,\"c\"\nd\n3: |e\n");
}

TEST(CsvRows, EmptyLinesAreNoRows) {
  EXPECT_EQ(Read("\n\nab,c\n\n\r\nde\n\n"), "3: ab|c\n6: de\n");
  EXPECT_EQ(Read("\n"), "");
  EXPECT_EQ(Read(""), "");
}

}  // namespace
}  // namespace modelexport
