#include "modelexport/evidence/trace/best_path.h"

#include <algorithm>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

using ::testing::ElementsAre;

constexpr double kNever = -std::numeric_limits<double>::infinity();

// scores[step][position].
struct Table {
  std::vector<float> skip_costs;
  std::vector<Band> bands;
  std::vector<std::vector<float>> scores;

  void operator()(size_t step, Band band, float* row) const {
    for (uint32_t p = band.begin; p < band.end; ++p) row[p - band.begin] = scores[step][p];
  }
};

Table FullTable(std::vector<float> skip_costs, std::vector<std::vector<float>> scores) {
  Table table;
  table.bands.assign(scores.size(), {0, static_cast<uint32_t>(skip_costs.size())});
  table.skip_costs = std::move(skip_costs);
  table.scores = std::move(scores);
  return table;
}

std::vector<uint32_t> Find(const Table& table, double* total) {
  return BestPath(table.skip_costs, table.bands).Find(table, total);
}

double Sum(const std::vector<float>& costs, size_t begin, size_t end) {
  double sum = 0;
  for (size_t i = begin; i < end; ++i) sum += costs[i];
  return sum;
}

// What best_path.h says that a step adds.
double StepScore(const std::vector<float>& costs, uint32_t from, uint32_t to) {
  double score = 0;
  if (to > from) score = -Sum(costs, from + 1, to);
  if (to < from) score = -BestPath::kBack - BestPath::kBackPerSkip * Sum(costs, to, from);
  return std::max<double>(score, -BestPath::kJump);
}

double PathScore(const Table& table, const std::vector<uint32_t>& path) {
  double score = -Sum(table.skip_costs, 0, path[0]);
  for (size_t i = 0; i < path.size(); ++i) {
    if (i > 0) score += StepScore(table.skip_costs, path[i - 1], path[i]);
    score += table.scores[i][path[i]];
  }
  return score;
}

// best[step][position]: of all paths through it.
std::vector<std::vector<double>> TryAll(const Table& table) {
  std::vector<std::vector<double>> best(table.bands.size(),
                                        std::vector<double>(table.skip_costs.size(), kNever));
  std::vector<uint32_t> path;
  for (const Band& band : table.bands) path.push_back(band.begin);
  for (;;) {
    const double score = PathScore(table, path);
    for (size_t i = 0; i < path.size(); ++i) {
      best[i][path[i]] = std::max(best[i][path[i]], score);
    }
    size_t i = 0;
    while (i < path.size() && ++path[i] == table.bands[i].end) {
      path[i] = table.bands[i].begin;
      ++i;
    }
    if (i == path.size()) return best;
  }
}

TEST(BestPath, WithoutStepsIsEmpty) {
  double total = 1;
  EXPECT_THAT(Find(FullTable({1, 1}, {}), &total), ElementsAre());
  EXPECT_EQ(total, 0);
}

TEST(BestPath, FollowsTheScores) {
  double total;
  EXPECT_THAT(Find(FullTable({1, 1, 1}, {{5, 0, 0}, {0, 5, 0}, {0, 0, 5}}), &total),
              ElementsAre(0, 1, 2));
  EXPECT_EQ(total, 15);
}

TEST(BestPath, SeveralStepsShareAPosition) {
  double total;
  EXPECT_THAT(Find(FullTable({1, 1}, {{5, 0}, {5, 0}, {0, 5}, {0, 5}}), &total),
              ElementsAre(0, 0, 1, 1));
  EXPECT_EQ(total, 20);
}

TEST(BestPath, SkippedPositionsCost) {
  double total;
  EXPECT_THAT(Find(FullTable({1, 3, 1}, {{5, 0, 0}, {4, 0, 5}}), &total), ElementsAre(0, 0));
  EXPECT_EQ(total, 9);
  EXPECT_THAT(Find(FullTable({1, 0.5, 1}, {{5, 0, 0}, {4, 0, 5}}), &total), ElementsAre(0, 2));
  EXPECT_EQ(total, 9.5);
}

TEST(BestPath, GoesBackForEnough) {
  double total;
  EXPECT_THAT(Find(FullTable({1, 1}, {{0, 6}, {2, 0}}), &total), ElementsAre(1, 1));
  EXPECT_THAT(Find(FullTable({1, 1}, {{0, 6}, {4, 0}}), &total), ElementsAre(1, 0));
  EXPECT_NEAR(total, 10 - 1 - 2 - 0.4, 1e-6);
}

TEST(BestPath, NoStepCostsMoreThanAJump) {
  double total;
  std::vector<float> far(100);
  far[99] = 50;
  std::vector<float> near(100);
  near[0] = 50;
  EXPECT_THAT(Find(FullTable(std::vector<float>(100, 1), {near, far}), &total), ElementsAre(0, 99));
  EXPECT_EQ(total, 75);
}

TEST(BestPath, StaysWithinItsBands) {
  Table table = FullTable({1, 1, 1}, {{5, 0, 0}, {9, 0, 1}, {9, 0, 0}});
  table.bands = {{0, 2}, {1, 3}, {2, 3}};
  double total;
  EXPECT_THAT(Find(table, &total), ElementsAre(0, 1, 2));
}

TEST(BestPath, IsTheBestOfAll) {
  std::mt19937 random(1);
  const auto upto = [&](double most) { return most * random() / random.max(); };
  for (int round = 0; round < 300; ++round) {
    const uint32_t positions = 1 + random() % 5;
    Table table =
        FullTable(std::vector<float>(positions), std::vector<std::vector<float>>(1 + random() % 4));
    for (float& cost : table.skip_costs) cost = static_cast<float>(upto(round % 3 == 0 ? 30 : 3));
    for (std::vector<float>& row : table.scores) {
      for (uint32_t p = 0; p < positions; ++p) row.push_back(static_cast<float>(upto(8) - 4));
    }
    for (Band& band : table.bands) {
      band.begin = random() % positions;
      band.end = band.begin + 1 + random() % (positions - band.begin);
    }
    const std::vector<std::vector<double>> best = TryAll(table);
    double total;
    const std::vector<uint32_t> path = Find(table, &total);
    ASSERT_NEAR(total, *std::max_element(best[0].begin(), best[0].end()), 1e-4);
    ASSERT_NEAR(PathScore(table, path), total, 1e-4);
    const auto check = [&](size_t step, Band band, const double* totals) {
      for (uint32_t p = band.begin; p < band.end; ++p) {
        EXPECT_NEAR(totals[p - band.begin], best[step][p], 1e-4);
      }
    };
    BestPath(table.skip_costs, table.bands).VisitTotals(table, check);
  }
}

}  // namespace
}  // namespace modelexport
