#include "modelexport/resolution/call_walk.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;

// The numbers of the calls that fit each step; several are joined by "|".
std::string Fitting(const Hierarchy& hierarchy, const std::vector<std::vector<size_t>>& steps) {
  std::vector<CallOptions> options;
  for (const std::vector<size_t>& step : steps) {
    CallOptions& calls = options.emplace_back();
    for (size_t call : step) calls.push_back(CallId(call));
  }
  std::vector<std::string> texts;
  for (const CallOptions& calls : FitCalls(hierarchy, options)) {
    std::vector<size_t> numbers;
    for (CallId call : calls) numbers.push_back(call.index());
    texts.push_back(absl::StrJoin(numbers, "|"));
  }
  return absl::StrJoin(texts, " ");
}

// Calls 0 to 6: the root calls a, b, a, b; the 2nd a calls c, as does the 2nd b.
constexpr absl::string_view kModel = R"(
  ""  my.Model
  a   my.A
  b   my.B
  c   my.C
  call ""    # 0
    call a   # 1
    call b   # 2
    call a   # 3
      call c # 4
    call b   # 5
      call c # 6
)";

constexpr absl::string_view kThree = R"(
  ""  my.Model
  a   my.A
  b   my.B
  call ""    # 0
    call a   # 1
    call a   # 2
    call a   # 3
    call b   # 4
)";

TEST(CallWalk, NothingToChoose) {
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {}), "");
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{3}, {1}, {0}}), "3 1 0");
}

TEST(CallWalk, TimeGoesForward) {
  const Hierarchy h = HierarchyOf(kModel);
  EXPECT_EQ(Fitting(h, {{2}, {1, 3}, {5}}), "2 3 5");
  EXPECT_EQ(Fitting(h, {{1}, {2, 5}, {3}}), "1 2 3");
  EXPECT_EQ(Fitting(h, {{1, 3}, {2}}), "1 2");
  EXPECT_EQ(Fitting(h, {{4}, {2, 5}}), "4 5");
}

// A choice now may only pay later.
TEST(CallWalk, TheWholeWalkCounts) {
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{1, 3}, {2, 5}, {1, 3}, {4, 6}, {2, 5}, {6}}),
            "1 2 3 4 5 6");
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{1, 3}, {2, 5}, {3}}), "1 2 3");
}

TEST(CallWalk, ReturningToAnOuterCallIsNoStepBack) {
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{4}, {1, 3}, {4, 6}, {5}}), "4 3 6 5");
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{6}, {2, 5}, {0}, {4, 6}}), "6 5 0 6");
}

// After a node of the root the walk is still where the nodes before it were.
TEST(CallWalk, ReturningToAnOuterCallDoesNotTurnBackTime) {
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{2}, {0}, {1, 3}}), "2 0 3");
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{4}, {0}, {2, 5}}), "4 0 5");
}

// A module that is called in a loop whose other operators are the root's: what was left is not
// entered again.
TEST(CallWalk, EachTurnOfALoopIsACall) {
  EXPECT_EQ(Fitting(HierarchyOf(kThree), {{1, 2, 3}, {0}, {1, 2, 3}, {0}, {1, 2, 3}, {0}, {4}}),
            "1 0 2 0 3 0 4");
}

// One settled node that stands too early costs one step back, whatever is chosen around it.
TEST(CallWalk, NodesOutOfOrderDoNotCarryTheOthersAway) {
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{2, 5}, {1}, {3}, {2, 5}}), "2 1 3 5");
  EXPECT_EQ(Fitting(HierarchyOf(kModel), {{5}, {1, 3}, {2, 5}}), "5 3 5");
}

// As many calls as possible get a step.
TEST(CallWalk, FewCallsArePassedOver) {
  EXPECT_EQ(Fitting(HierarchyOf(kThree), {{1, 2}, {2, 3}, {3, 4}}), "1|2 2|3 3|4");
  EXPECT_EQ(Fitting(HierarchyOf(kThree), {{0}, {1, 2, 3}, {1, 2, 3}, {1, 2, 3}, {4}}), "0 1 2 3 4");
}

// At the ends of the walk as well as within.
TEST(CallWalk, NoCallIsPassedOverAtTheEnds) {
  EXPECT_EQ(Fitting(HierarchyOf(kThree), {{1, 2}, {1, 2}}), "1 2");
  EXPECT_EQ(Fitting(HierarchyOf(kThree), {{1, 2, 3}, {3}, {3, 4}}), "1|2 3 4");
  EXPECT_EQ(Fitting(HierarchyOf(kThree), {{2, 3}, {2, 3}, {2, 3}}), "2 2|3 3");
}

TEST(CallWalk, OfEqualChoicesAll) {
  EXPECT_EQ(Fitting(HierarchyOf(kThree), {{1, 2, 3}}), "1|2|3");
  EXPECT_EQ(Fitting(HierarchyOf(kThree), {{1, 2}, {0}, {0}}), "1|2 0 0");
}

TEST(CallWalk, ThousandsOfSteps) {
  std::string text = "\"\" my.Model\na my.A\ncall \"\"\n";
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&text, "  call a\n");
  std::vector<std::vector<size_t>> steps;
  std::vector<size_t> expected;
  for (size_t i = 1; i <= 3000; ++i) {
    steps.push_back({i, std::min<size_t>(i + 1, 3000), std::min<size_t>(i + 2, 3000)});
    expected.push_back(i);
  }
  EXPECT_EQ(Fitting(HierarchyOf(text), steps), absl::StrJoin(expected, " "));
}

}  // namespace
}  // namespace modelexport
