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
  table.columns = {{"module", "module", ColumnType::kText, "", true},
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
  EXPECT_EQ(RenderTableText(Small(), 0),
            "module           own  total    size   share     time  rate (GMAC/s)\n"
            "encoder.layer.0    1     12   999 B   50.0%  12.2 us            2.5\n"
            "a|b,\"c\\n           0      3  4.2 MB  100.0%  3.50 ms              ?\n"
            "\xc3\xa9\\x1b              ?      4       ?       ?        ?            0.1\n");
}

TEST(Table, TextFitsAWidthOrIsAsNarrowAsItCanBe) {
  Table table = Small();
  table.rows.resize(1);
  EXPECT_EQ(RenderTableText(table, 60),
            "module      own  total   size  share     time  rate (GMAC/s)\n"
            "...layer.0    1     12  999 B  50.0%  12.2 us            2.5\n");
  EXPECT_EQ(RenderTableText(table, 10),
            "module    own  total   size  share     time  rate (GMAC/s)\n"
            "...yer.0    1     12  999 B  50.0%  12.2 us            2.5\n");
}

TEST(Table, AsJson) {
  Table table = Small();
  table.rows.erase(table.rows.begin() + 1);
  EXPECT_EQ(RenderTableJson(table), R"({
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
  EXPECT_EQ(RenderTableCsv(Small()),
            "module,nodes.own,nodes.total,bytes,share,time_us,rate\r\n"
            "encoder.layer.0,1,12,999,0.5,12.25,2.5\r\n"
            "\"a|b,\"\"c\n\",0,3,4200000,1.0,3500,\r\n"
            "\xc3\xa9\x1b,,4,,,,0.1\r\n");
}

TEST(Table, AsMarkdown) {
  EXPECT_EQ(RenderTableMarkdown(Small()),
            "| module | own | total | size | share | time | rate (GMAC/s) |\n"
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
            "| encoder.layer.0 | 1 | 12 | 999 B | 50.0% | 12.2 us | 2.5 |\n"
            "| a\\|b,\"c\\\\n | 0 | 3 | 4.2 MB | 100.0% | 3.50 ms | ? |\n"
            "| \xc3\xa9\\\\x1b | ? | 4 | ? | ? | ? | 0.1 |\n");
}

TEST(Table, WithoutRows) {
  Table table;
  table.name = "modules";
  table.columns = {{"module", "module"}};
  EXPECT_EQ(RenderTableText(table, 80), "module\n");
  EXPECT_EQ(RenderTableJson(table), "{\n  \"modules\": []\n}\n");
  EXPECT_EQ(RenderTableCsv(table), "module\r\n");
  EXPECT_EQ(RenderTableMarkdown(table), "| module |\n| --- |\n");
}

TEST(Printable, EscapesControlCharacters) {
  EXPECT_EQ(Printable("a\n\x1b\x7f\xc2\x9b\xc2\xa0\xff"), "a\\n\\x1b\\x7f\\xc2\\x9b\xc2\xa0\xff");
  EXPECT_EQ(Printable("a\nb\t", LineFeeds::kKept), "a\nb\\t");
}

}  // namespace
}  // namespace modelexport
