#include "modelexport/evidence/trace/bands.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/trace/test_case.h"

namespace modelexport {
namespace {

// A run and a graph, each a chain; some nodes are known to make the result of an operator.
class Chain {
 public:
  struct Known {
    size_t node;
    size_t op;
  };

  Chain(int ops, int nodes, const std::vector<Known>& known)
      : case_(Lines(ops), Model(nodes), Anchors(nodes, known)),
        order_(OrderAsGiven(case_.source, case_.image)) {}

  // The guide and the band of each step: "0 in [0, 4)".
  std::string Describe() const {
    const std::vector<double> guide = GuideByClues(order_, case_.clues);
    const std::vector<Band> bands = PlaceBands(order_, case_.clues, guide);
    std::string text;
    for (size_t step = 0; step < guide.size(); ++step) {
      absl::StrAppend(&text, guide[step], " in [", bands[step].begin, ", ", bands[step].end, ")\n");
    }
    return text;
  }

  const Order& order() const { return order_; }
  const Clues& clues() const { return case_.clues; }

 private:
  static std::string Lines(int ops) {
    std::string lines = "\"\" my.Net\ncall \"\"\n  op v0 = aten.relu.default -\n";
    for (int i = 1; i < ops; ++i) {
      absl::StrAppend(&lines, "  op v", i, " = aten.relu.default v", i - 1, "\n");
    }
    return lines;
  }

  static std::string Model(int nodes) {
    std::string model = "main (x) => (y) {\n v0 = Relu (x)\n";
    for (int i = 1; i < nodes; ++i) absl::StrAppend(&model, " v", i, " = Relu (v", i - 1, ")\n");
    return model + "}";
  }

  static std::vector<Anchor> Anchors(int nodes, const std::vector<Known>& known) {
    std::vector<Anchor> anchors(nodes);
    for (const Known& one : known) {
      anchors[one.node] = {Hierarchy::root(), CallId(0), true, OpId(one.op)};
    }
    return anchors;
  }

  const AlignmentCase case_;
  const Order order_;
};

TEST(Bands, OfSmallModelsAreAllOperators) {
  const Chain chain(4, 2, {});
  EXPECT_EQ(chain.Describe(), "0 in [0, 4)\n2 in [0, 4)\n");
  EXPECT_FALSE(BandsLeaveOut(chain.order()));
}

// Node 2 makes the result of operator 5: what stands before and behind it is spread evenly.
TEST(Bands, AKnownImageDividesThem) {
  EXPECT_EQ(Chain(9, 4, {{2, 5}}).Describe(),
            "0 in [0, 9)\n2.5 in [0, 9)\n5 in [5, 6)\n7 in [0, 9)\n");
}

// Of images whose order contradicts the run's, the most that agree guide: nodes 0, 2 and 3.
TEST(Bands, KnownImagesThatCrossDoNotGuide) {
  const Chain chain(9, 4, {{0, 1}, {1, 8}, {2, 3}, {3, 5}});
  EXPECT_EQ(GuideByClues(chain.order(), chain.clues()), (std::vector<double>{1, 2, 3, 5}));
}

TEST(Bands, OfLargeModelsGoWithTheGuide) {
  constexpr int kSize = 3000;
  const Chain chain(kSize, kSize, {{1500, 2000}});
  EXPECT_TRUE(BandsLeaveOut(chain.order()));
  const std::vector<double> guide = GuideByClues(chain.order(), chain.clues());
  const std::vector<Band> bands = PlaceBands(chain.order(), chain.clues(), guide);
  const auto show = [&](size_t step) {
    return absl::StrCat(guide[step], " in [", bands[step].begin, ", ", bands[step].end, ")");
  };
  EXPECT_EQ(show(0), "0 in [0, 1398)");
  EXPECT_EQ(show(900), "1200 in [501, 1899)");
  EXPECT_EQ(show(1500), "2000 in [2000, 2001)");
  EXPECT_EQ(show(2999), "2999.33 in [1602, 3000)");
}

}  // namespace
}  // namespace modelexport
