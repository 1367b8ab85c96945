#include "modelexport/modules/coarse_owners.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

TEST(CoarseOwners, AtEachDepth) {
  const TestOwned model(
      "main (x) => (y) { [a.q.r] p = Mul (x) [a.q] q = Add (p) [root] y = Neg (q) }",
      R"("" my.Net
                           a my.A
                           a.q my.Q
                           a.q.r my.R)");
  const auto owners = [&](uint32_t depth) {
    std::string text;
    for (const Owner& owner : OwnersAtDepth(model.hierarchy(), model.owned().owners, depth)) {
      absl::StrAppend(&text, "\"", model.PathOf(owner.module), "\" ");
    }
    return text;
  };
  EXPECT_EQ(owners(0), "\"\" \"\" \"\" ");
  EXPECT_EQ(owners(1), "\"a\" \"a\" \"\" ");
  EXPECT_EQ(owners(2), "\"a.q\" \"a.q\" \"\" ");
  EXPECT_EQ(owners(3), "\"a.q.r\" \"a.q\" \"\" ");
}

}  // namespace
}  // namespace modelexport
