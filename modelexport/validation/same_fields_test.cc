#include "modelexport/validation/same_fields.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/test_model.h"

namespace modelexport {
namespace {

using absl::StrCat;
using testing::Field;
using testing::NodeEntry;
using testing::Number;

// "yes", "yes, with entries" or "no".
std::string Judge(absl::string_view a, absl::string_view b) {
  bool has_entries = false;
  if (!SameFields(a, b, IsOwnKey, IsOwnKey, &has_entries)) return "no";
  return has_entries ? "yes, with entries" : "yes";
}

TEST(SameFields, TellsEntriesFromOtherFields) {
  const std::string node = StrCat(Field(1, "x"), Number(200, 7), NodeEntry("namespace", "n"));
  const std::string ours = NodeEntry(kTagKey, "t");
  EXPECT_EQ(Judge("", ""), "yes");
  EXPECT_EQ(Judge(node, node), "yes");
  EXPECT_EQ(Judge(node, StrCat(node, ours, ours)), "yes, with entries");
  EXPECT_EQ(Judge(StrCat(ours, node), StrCat(ours, node)), "yes, with entries");
  EXPECT_EQ(Judge(node, StrCat(ours, node)), "yes, with entries");
  EXPECT_EQ(Judge(StrCat(node, ours), node), "yes, with entries");
  EXPECT_EQ(Judge(StrCat(node, ours), StrCat(node, NodeEntry(kTagKey, "u"))), "yes, with entries");
  EXPECT_EQ(Judge(node, ours), "no");
  EXPECT_EQ(Judge("", node), "no");
  EXPECT_EQ(Judge(node, StrCat(node, NodeEntry("name", "n"))), "no");
  EXPECT_EQ(Judge(node, StrCat(node, ours, Field(1, "x"))), "no");
  EXPECT_EQ(Judge(node, StrCat(node, Number(9, 1))), "no");
}

TEST(SameFields, EachSideHasItsOwnEntries) {
  const auto never = [](absl::string_view) { return false; };
  const std::string node = Field(1, "x");
  const std::string ours = StrCat(node, NodeEntry(kTagKey, "t"));
  bool has_entries = false;
  EXPECT_TRUE(SameFields(ours, node, IsOwnKey, never, &has_entries));
  EXPECT_TRUE(has_entries);
  EXPECT_FALSE(SameFields(ours, node, never, IsOwnKey, &has_entries));
  EXPECT_FALSE(SameFields(ours, ours, IsOwnKey, never, &has_entries));
  EXPECT_TRUE(SameFields(ours, ours, never, never, &has_entries));
  EXPECT_FALSE(has_entries);
}

// The bytes begin alike, but what the first ends in is half a field: an entry behind it in the
// second cannot heal it.
TEST(SameFields, FieldsEndWhereTheirNodeEnds) {
  const std::string ours = NodeEntry(kTagKey, "t");
  const std::string half = StrCat(Field(1, "x"), "\x1a", std::string(1, char(ours.size())));
  EXPECT_EQ(Judge(half, StrCat(half, ours)), "no");
  EXPECT_EQ(Judge(half, StrCat(half, ours, ours)), "no");
}

TEST(SameFields, LeavesWhatIsUnusualToOthers) {
  const std::string group = "\x0b\x0c";
  EXPECT_EQ(Judge(group, group), "no");
  EXPECT_EQ(Judge("\x0a\x05", "\x0a\x05"), "no");
  EXPECT_EQ(Judge("\xff", "\xff"), "no");
  EXPECT_EQ(Judge("", Field(9, StrCat(Field(2, "v"), Field(1, kTagKey)))), "no");
  EXPECT_EQ(Judge("", Field(9, StrCat(Field(1, kTagKey), Field(1, "namespace")))), "no");
  EXPECT_EQ(Judge("", Field(9, Field(1, kTagKey))), "yes, with entries");
}

}  // namespace
}  // namespace modelexport
