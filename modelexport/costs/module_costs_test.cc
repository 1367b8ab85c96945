#include "modelexport/costs/module_costs.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/costs/test_costs.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::NodeCostsOf;
using testing::TestOwned;
using testing::Text;

std::string Text(const CostSums& sums) {
  return absl::StrCat(Text(sums.macs), " macs ", Text(sums.activations), " bytes");
}

std::string RowsText(const TestOwned& model) {
  const ModuleRows rows(model.owned(), Folding::kOff);
  const CostsOfModel costs = SumCosts(model.owned(), rows, NodeCostsOf(model.graph()));
  std::string text;
  for (uint32_t r = 0; r < rows.rows().size(); ++r) {
    absl::StrAppend(&text, "\"", rows.Path(r), "\": own ", Text(costs.rows[r].own), ", total ",
                    Text(costs.rows[r].total), "\n");
  }
  return absl::StrCat(text, "none: ", Text(costs.unattributed), "\nall: ", Text(costs.all), "\n");
}

TEST(ModuleCosts, OwnAndTotal) {
  const TestOwned model(R"(
    main (float[2,3] x) => (float[2,3] y) <float[3,3] w = {1, ...}, float[2,3] p, float[2,3] q> {
      [a.q] p = MatMul (x, w)
      [a] q = MatMul (p, w)
      [b] r = MatMul (q, w)
      y = MatMul (r, w)
    })",
                        R"("" my.Net
    a my.A
    a.q my.Q
    b my.B)");
  EXPECT_EQ(RowsText(model),
            R"("": own 0 macs 0 bytes, total >=36 macs >=48 bytes
"a": own 18 macs 24 bytes, total 36 macs 48 bytes
"a.q": own 18 macs 24 bytes, total 18 macs 24 bytes
"b": own ? macs ? bytes, total ? macs ? bytes
none: 18 macs 24 bytes
all: >=54 macs >=72 bytes
)");
}

TEST(ModuleCosts, LoopsAreLowerBounds) {
  const TestOwned model(R"(
    main (float[2,3] x, bool c, int64 n) => (y) <float[3,3] w = {1, ...}> {
      [a] y = Loop (n, c, x) <body = b (int64 i, bool d, float[2,3] p) => (bool d, float[2,3] s)
        { [a] s = MatMul (p, w) }>
    })",
                        "\"\" my.Net\na my.A");
  EXPECT_EQ(RowsText(model),
            R"("": own 0 macs 0 bytes, total >=18 macs >=24 bytes
"a": own >=18 macs >=24 bytes, total >=18 macs >=24 bytes
none: 0 macs 0 bytes
all: >=18 macs >=24 bytes
)");
}

TEST(ModuleCosts, SumsThatAreTooGreatAreUnknown) {
  CostSum sum;
  sum.Add(Count(Count::kMax), false);
  EXPECT_EQ(Text(sum), "4611686018427387904");
  sum.Add(Count(1), false);
  EXPECT_EQ(Text(sum), ">=4611686018427387904");
}

TEST(ModuleCosts, ByCall) {
  const TestOwned model(R"(
    main (float[2,3] x) => (float[2,3] y) <float[3,3] w = {1, ...}, float[2,3] p, float[2,3] q> {
      [a.q::0] p = MatMul (x, w)
      [a.q::1] q = MatMul (p, w)
      [a::0] y = MatMul (q, w)
    })",
                        R"("" my.Net
    a my.A
    a.q my.Q
    call ""
      call a
        call a.q
        call a.q)");
  const std::vector<CostSums> costs = SumCostsByCall(model.owned(), NodeCostsOf(model.graph()));
  std::string text;
  for (size_t c = 0; c < costs.size(); ++c) {
    const Call& call = model.hierarchy().calls()[c];
    absl::StrAppend(&text, "\"", model.PathOf(call.module), "\"::", call.ordinal, ": ",
                    Text(costs[c]), "\n");
  }
  EXPECT_EQ(text, R"(""::0: 54 macs 72 bytes
"a"::0: 54 macs 72 bytes
"a.q"::0: 18 macs 24 bytes
"a.q"::1: 18 macs 24 bytes
)");
}

}  // namespace
}  // namespace modelexport
