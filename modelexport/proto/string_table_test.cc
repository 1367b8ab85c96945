#include "modelexport/proto/string_table.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(StringTable, NumberZeroIsTheEmptyString) {
  StringTable table;
  EXPECT_EQ(table.size(), 1);
  EXPECT_EQ(table[StringId(0)], "");
  EXPECT_EQ(table.Intern(""), StringId(0));
  EXPECT_EQ(table.Find(""), StringId(0));
}

TEST(StringTable, EqualTextsShareANumber) {
  StringTable table;
  const StringId a = table.Intern("a");
  const StringId nul = table.Intern(absl::string_view("a\0b", 3));
  EXPECT_NE(a, nul);
  EXPECT_EQ(table.Intern(std::string("a")), a);
  EXPECT_EQ(table.Find("a"), a);
  EXPECT_EQ(table[nul], absl::string_view("a\0b", 3));
  EXPECT_FALSE(table.Find("ab").valid());
  EXPECT_EQ(table.size(), 3);
}

TEST(StringTable, WhatIsAddedIsNotShared) {
  StringTable table;
  const StringId first = table.Add("a");
  EXPECT_FALSE(table.Find("a").valid());
  const StringId interned = table.Intern("a");
  const StringId second = table.Add("a");
  EXPECT_NE(first, second);
  EXPECT_NE(first, interned);
  EXPECT_NE(second, interned);
  EXPECT_EQ(table.Find("a"), interned);
  EXPECT_EQ(table[first], "a");
  EXPECT_EQ(table[second], "a");
  EXPECT_NE(table.Add(""), StringId(0));
}

TEST(StringTable, InternAllGivesTheNumbersThatInternGives) {
  StringTable table;
  const StringId known = table.Intern("known");
  const absl::string_view texts[] = {"new", "new", "known", "", "other", "new"};
  StringId ids[6];
  table.InternAll(texts, ids);
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(table[ids[i]], texts[i]);
    EXPECT_EQ(table.Find(texts[i]), ids[i]) << i;
  }
  EXPECT_EQ(ids[2], known);
  EXPECT_EQ(ids[3], StringId(0));
  EXPECT_EQ(table.size(), 4);
}

TEST(StringTable, AddUsesTheBytesOfALongerText) {
  StringTable table;
  const StringId longer = table.Intern("/Add_output_0");
  const StringId begins = table.Add("/Add", longer);
  const StringId differs = table.Add("/Mul", longer);
  EXPECT_EQ(table[begins], "/Add");
  EXPECT_EQ(table[begins].data(), table[longer].data());
  EXPECT_EQ(table[differs], "/Mul");
  EXPECT_FALSE(table.Find("/Add").valid());
}

TEST(StringTable, AHintChangesNoNumber) {
  StringTable table;
  const StringId a = table.Intern("a");
  table.Reserve(1000);
  EXPECT_EQ(table.Find("a"), a);
  EXPECT_EQ(table.Intern("b").index(), a.index() + 1);
}

TEST(StringTable, KeepsCopies) {
  StringTable table;
  std::string text = "before";
  const StringId id = table.Intern(text);
  text = "after!";
  EXPECT_EQ(table[id], "before");
}

// Enough to grow the slots many times and to need several blocks.
TEST(StringTable, NumbersAndViewsStayWhileItGrowsAndWhenItMoves) {
  constexpr size_t kCount = 100000;
  StringTable table;
  std::vector<absl::string_view> views;
  for (size_t i = 1; i <= kCount; ++i) {
    const StringId id = table.Intern(absl::StrCat("/encoder/layer.", i));
    ASSERT_EQ(id.index(), i);
    views.push_back(table[id]);
  }
  const StringTable moved = std::move(table);
  for (size_t i = 1; i <= kCount; ++i) {
    const std::string text = absl::StrCat("/encoder/layer.", i);
    ASSERT_EQ(moved.Find(text).index(), i);
    ASSERT_EQ(views[i - 1], text);
    ASSERT_EQ(moved[StringId(i)].data(), views[i - 1].data());
  }
  EXPECT_FALSE(moved.Find("/encoder/layer.0").valid());
}

TEST(StringTable, TextsLargerThanABlockAndSmallOnesBetween) {
  StringTable table;
  const std::string large(3 << 20, 'x');
  const StringId before = table.Intern("before");
  const StringId id = table.Intern(large);
  const StringId after = table.Intern("after");
  const std::string other(large.size() - 1, 'x');
  EXPECT_NE(table.Intern(other), id);
  EXPECT_TRUE(table[id] == large);
  EXPECT_EQ(table[before], "before");
  EXPECT_EQ(table[after], "after");
}

}  // namespace
}  // namespace modelexport
