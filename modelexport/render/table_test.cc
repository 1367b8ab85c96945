#include "modelexport/render/table.h"

#include <cmath>

#include "gtest/gtest.h"
#include "modelexport/render/printable.h"

namespace modelexport {
namespace {

Table Small() {
  Table table;
  table.name = "modules";
  table.facts = {{"model", "a.onnx"}, {"macs", Cell()}};
  table.columns = {{"module", "module", ColumnType::kText, "", Column::Fit::kCutBeginning},
                   {"nodes.own", "own", ColumnType::kCount},
                   {"nodes.total", "total", ColumnType::kCount},
                   {"bytes", "size", ColumnType::kBytes},
                   {"share", "share", ColumnType::kShare},
                   {"time_us", "time", ColumnType::kMicroseconds},
                   {"rate", "rate", ColumnType::kNumber, "GMAC/s"}};
  table.rows = {{"encoder.layer.0", 1, 12, 999, 0.5, 12.25, 2.5},
                {"a|b,\"c\n", 0, 3, 4200000, 1.0, 3500, Cell()},
                {"\xc3\xa9\x1b", Cell(), 4, Cell(), NAN, Cell(), 0.1}};
  return table;
}

TEST(Table, AsText) {
  EXPECT_EQ(RenderTable(Small(), TableFormat::kText, {0, false}),
            "module           own  total    size   share     time  rate (GMAC/s)\n"
            "encoder.layer.0    1     12   999 B   50.0%  12.2 us            2.5\n"
            "a|b,\"c\\n           0      3  4.2 MB  100.0%  3.50 ms              ?\n"
            "\xc3\xa9\\x1b              ?      4       ?       ?        ?            0.1\n");
}

TEST(Table, TextFitsAWidthOrIsAsNarrowAsItCanBe) {
  Table table = Small();
  table.rows.resize(1);
  EXPECT_EQ(RenderTable(table, TableFormat::kText, {60, false}),
            "module      own  total   size  share     time  rate (GMAC/s)\n"
            "...layer.0    1     12  999 B  50.0%  12.2 us            2.5\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kText, {10, false}),
            "module    own  total   size  share     time  rate (GMAC/s)\n"
            "...yer.0    1     12  999 B  50.0%  12.2 us            2.5\n");
}

TEST(Table, RowsThatAreMadeAsTheyAreWritten) {
  const Table held = Small();
  for (const size_t num_held : {0, 1}) {
    Table table = held;
    table.rows.resize(num_held);
    table.num_later_rows = held.rows.size() - num_held;
    table.later_row = [&](size_t i) { return held.rows[num_held + i]; };
    for (const TableFormat format :
         {TableFormat::kText, TableFormat::kJson, TableFormat::kCsv, TableFormat::kMarkdown}) {
      EXPECT_EQ(RenderTable(table, format), RenderTable(held, format));
    }
  }
}

TEST(Table, AsJson) {
  Table table = Small();
  table.rows.erase(table.rows.begin() + 1);
  EXPECT_EQ(RenderTable(table, TableFormat::kJson), R"({
  "model": "a.onnx",
  "macs": null,
  "modules": [
    {
      "module": "encoder.layer.0",
      "nodes": {
        "own": 1,
        "total": 12
      },
      "bytes": 999,
      "share": 0.5,
      "time_us": 12.25,
      "rate": 2.5
    },
    {
      "module": "é\u001b",
      "nodes": {
        "own": null,
        "total": 4
      },
      "bytes": null,
      "share": null,
      "time_us": null,
      "rate": 0.1
    }
  ]
}
)");
}

TEST(Table, AsCsv) {
  EXPECT_EQ(RenderTable(Small(), TableFormat::kCsv),
            "module,nodes.own,nodes.total,bytes,share,time_us,rate\r\n"
            "encoder.layer.0,1,12,999,0.5,12.25,2.5\r\n"
            "\"a|b,\"\"c\n\",0,3,4200000,1.0,3500,\r\n"
            "\xc3\xa9\x1b,,4,,,,0.1\r\n");
}

TEST(Table, AsMarkdown) {
  EXPECT_EQ(RenderTable(Small(), TableFormat::kMarkdown),
            "| module | own | total | size | share | time | rate (GMAC/s) |\n"
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
            "| encoder.layer.0 | 1 | 12 | 999 B | 50.0% | 12.2 us | 2.5 |\n"
            "| a\\|b,\"c\\\\n | 0 | 3 | 4.2 MB | 100.0% | 3.50 ms | ? |\n"
            "| \xc3\xa9\\\\x1b | ? | 4 | ? | ? | ? | 0.1 |\n");
}

// The widest is cut first; what may be left out goes before anything is cut.
TEST(Table, TextCutsTheWidestColumnsAndLeavesOthersOut) {
  Table table;
  table.columns = {{"module", "module", ColumnType::kText, "", Column::Fit::kCutBeginning},
                   {"class", "class", ColumnType::kText, "", Column::Fit::kCutEnd},
                   {"operators", "operators", ColumnType::kText, "", Column::Fit::kOmit},
                   {"nodes", "nodes", ColumnType::kCount}};
  table.rows = {{"encoder.layer.0", "BertSelfAttention", Cell::Counts{{"Add", 3}, {"Mul", 1}}, 4}};
  const auto text = [&](size_t width) {
    return RenderTable(table, TableFormat::kText, {width, false});
  };
  EXPECT_EQ(text(55),
            "module           class              operators     nodes\n"
            "encoder.layer.0  BertSelfAttention  Add 3, Mul 1      4\n");
  EXPECT_EQ(text(54),
            "module           class              nodes\n"
            "encoder.layer.0  BertSelfAttention      4\n");
  EXPECT_EQ(text(40),
            "module           class             nodes\n"
            "encoder.layer.0  BertSelfAtten...      4\n");
  EXPECT_EQ(text(33),
            "module        class         nodes\n"
            "...r.layer.0  BertSelfA...      4\n");
  EXPECT_EQ(text(1),
            "module    class     nodes\n"
            "...yer.0  BertS...      4\n");
}

TEST(Table, CutsCodePointsWhole) {
  Table table;
  table.columns = {{"name", "name", ColumnType::kText, "", Column::Fit::kCutEnd}};
  table.rows = {{"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"}};
  EXPECT_EQ(RenderTable(table, TableFormat::kText, {8, false}),
            "name\n\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9...\n");
}

TEST(Table, TitlesInColour) {
  Table table;
  table.columns = {{"name", "name"}};
  table.rows = {{"a"}};
  EXPECT_EQ(RenderTable(table, TableFormat::kText, {80, true}), "\x1b[1mname\x1b[0m\na\n");
}

TEST(Table, LowerBoundsAndOperations) {
  Table table;
  table.name = "modules";
  table.columns = {{"macs", "MACs", ColumnType::kOperations}};
  table.rows = {{999}, {4089200000}, {Cell(12345).AtLeast(true)}, {Cell(0).AtLeast(false)}};
  EXPECT_EQ(RenderTable(table, TableFormat::kText),
            "   MACs\n    999\n  4.09G\n>=12.3k\n      0\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kMarkdown),
            "| MACs |\n| ---: |\n| 999 |\n| 4.09G |\n| >=12.3k |\n| 0 |\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kCsv), "macs\r\n999\r\n4089200000\r\n\r\n0\r\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kJson), R"({
  "modules": [
    {
      "macs": 999
    },
    {
      "macs": 4089200000
    },
    {
      "macs": null
    },
    {
      "macs": 0
    }
  ]
}
)");
}

TEST(Table, MarksAndCounts) {
  Table table;
  table.name = "modules";
  table.columns = {{"size", "size", ColumnType::kQuantity}, {"operators", "operators"}};
  table.rows = {{999, Cell::Counts{}},
                {Cell(4386178).Marked(true), Cell::Counts{{"a|\n", 2}, {"Add", 1}}}};
  EXPECT_EQ(RenderTable(table, TableFormat::kText),
            " size  operators\n  999\n4.4M*  a|\\n 2, Add 1\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kMarkdown),
            "| size | operators |\n| ---: | --- |\n| 999 |  |\n| 4.4M\\* | a\\|\\\\n 2, Add 1 |\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kCsv),
            "size,operators\r\n999,\r\n4386178,\"a|\\n 2, Add 1\"\r\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kJson), R"({
  "modules": [
    {
      "size": 999,
      "operators": {}
    },
    {
      "size": 4386178,
      "operators": {
        "a|\n": 2,
        "Add": 1
      }
    }
  ]
}
)");
}

TEST(Table, WithoutRows) {
  Table table;
  table.name = "modules";
  table.columns = {{"module", "module"}};
  EXPECT_EQ(RenderTable(table, TableFormat::kText, {80, false}), "module\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kJson), "{\n  \"modules\": []\n}\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kCsv), "module\r\n");
  EXPECT_EQ(RenderTable(table, TableFormat::kMarkdown), "| module |\n| --- |\n");
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(Printable("a\n\x1b\x7f\xc2\x9b\xc2\xa0\xff"), "a\\n\\x1b\\x7f\\xc2\\x9b\xc2\xa0\xff");
  EXPECT_EQ(Printable("a\nb\t", LineFeeds::kKept), "a\nb\\t");
}

TEST(Printable, EscapesWhatTurnsTextOrSeparatesLines) {
  EXPECT_EQ(Printable("a\u202eb\u200f\u2028\u2066\u2069"), "a\\u202eb\\u200f\\u2028\\u2066\\u2069");
  // Their neighbours and what ends too early stay.
  const std::string others = "\u200d\u2010\u2027\u202f\u2065\u206a\xe2\x80";
  EXPECT_EQ(Printable(others), others);
}

TEST(ValidUtf8, ReplacesWhatIsNot) {
  EXPECT_EQ(ValidUtf8("abc"), "abc");
  EXPECT_EQ(ValidUtf8("\xc3\xa9\"\\\n\xff"), "\xc3\xa9\"\\\n\uFFFD");
}

}  // namespace
}  // namespace modelexport
