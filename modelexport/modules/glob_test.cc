#include "modelexport/modules/glob.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

// Of the names those that match, joined by spaces; or the error.
std::string Matched(const std::string& glob, const std::vector<std::string>& names) {
  const absl::StatusOr<Glob> parsed = Glob::Parse(glob);
  if (!parsed.ok()) return std::string(parsed.status().message());
  std::string matched;
  for (const std::string& name : names) {
    if (parsed->Matches(name)) absl::StrAppend(&matched, matched.empty() ? "" : " ", name);
  }
  return matched;
}

TEST(Glob, Literal) {
  EXPECT_EQ(Matched("a.b", {"", "a", "a.b", "a.b.c", "aXb"}), "a.b");
  EXPECT_EQ(Matched("a\\.b\\*", {"a.b*", "a.b"}), "a.b*");
}

TEST(Glob, TheRoot) {
  EXPECT_EQ(Matched(".", {"", "a"}), "");
  EXPECT_TRUE(Glob::Parse(".")->Matches(""));
}

TEST(Glob, StarsStayInTheirSegment) {
  EXPECT_EQ(Matched("a.*", {"a", "a.b", "a.b.c", "b.c"}), "a.b");
  EXPECT_EQ(Matched("*q*y", {"query", "qy", "xqxy", "qyx", "q.y"}), "query qy xqxy");
  EXPECT_EQ(Matched("a.?", {"a.b", "a.bc", "a.\xc3\xa9"}), "a.b a.\xc3\xa9");
}

TEST(Glob, TwoStarsAreAnyPath) {
  EXPECT_EQ(Matched("**.q", {"q", "a.q", "a.b.q", "a.q.b", "aq"}), "q a.q a.b.q");
  EXPECT_EQ(Matched("a.**", {"a", "a.q", "a.b.q", "b"}), "a a.q a.b.q");
  EXPECT_EQ(Matched("a.**.q", {"a.q", "a.b.c.q", "a.q.b"}), "a.q a.b.c.q");
  EXPECT_EQ(Matched("**.a.**.q", {"a.q", "x.a.y.q", "a.x", "a.q.a.b.q"}), "a.q x.a.y.q a.q.a.b.q");
}

TEST(Glob, RangesAreWholeNumbers) {
  EXPECT_EQ(Matched("l.[2-11]", {"l.1", "l.2", "l.10", "l.11", "l.12", "l.2a", "l.x"}),
            "l.2 l.10 l.11");
  EXPECT_EQ(Matched("l[2-3]_[0-0]", {"l2_0", "l3_0", "l2_1", "l23_0"}), "l2_0 l3_0");
  EXPECT_EQ(Matched("*[0-5]", {"l3", "l13", "l-13x4"}), "l3 l-13x4");
}

TEST(Glob, Errors) {
  EXPECT_EQ(Matched("a[b]", {}), "\"[\" wants two numbers, as in [0-11]");
  EXPECT_EQ(Matched("a[5-2]", {}), "\"[\" wants two numbers, as in [0-11]");
  EXPECT_EQ(Matched("a[-5-2]", {}), "\"[\" wants two numbers, as in [0-11]");
  EXPECT_EQ(Matched("a[0-5", {}), "\"[\" wants two numbers, as in [0-11]");
  EXPECT_EQ(Matched("a..b", {}), "a segment is empty");
  EXPECT_EQ(Matched("a\\", {}), "nothing follows the last \"\\\"");
}

// Each of these would take exponential time if every choice were tried.
TEST(Glob, ManyStars) {
  std::string glob, path;
  for (int i = 0; i < 60; ++i) {
    glob += "**.a*a*a*a.";
    path += "aaaaaaaa.";
  }
  EXPECT_TRUE(Glob::Parse(glob + "b")->Matches(path + "b"));
  EXPECT_FALSE(Glob::Parse(glob + "b")->Matches(path + "c"));
}

}  // namespace
}  // namespace modelexport
