#include "modelexport/evidence/tensors/given_weights.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// The inputs that are weights, in the order of their names: "w 3x4".
std::string Find(absl::string_view model) {
  const Hierarchy hierarchy = testing::HierarchyOf(R"(
    ""  my.Net
    a   my.A
    tensor a.weight float32[4,3]
    tensor a.bias float32[4]
    tensor a.scale float32[]
  )");
  const testing::TextGraph graph(model);
  std::vector<std::string> lines;
  for (const auto& [value, shape] : FindGivenWeights(graph.view(), hierarchy)) {
    lines.push_back(absl::StrCat(graph.view().name(value), " ", absl::StrJoin(shape, "x")));
  }
  std::sort(lines.begin(), lines.end());
  return absl::StrJoin(lines, ", ");
}

TEST(GivenWeights, HaveTheShapesOfTensors) {
  EXPECT_EQ(Find(R"(main (float[2,3] x, float[3,4] w, float[4] v, float[1] s) => (z) {
      y = MatMul (x, w)
      z = Add (y, v)
    })"),
            "v 4, w 3x4");
}

TEST(GivenWeights, AreNotOneOfManyTensors) {
  EXPECT_EQ(Find("main (float[N,4] x, float[2,3] y) => (z) { z = Concat (x, y) }"), "");
}

TEST(GivenWeights, AreNotStored) {
  EXPECT_EQ(Find(R"(main (float[3,4] w) => (z) <float[3,4] w = {1, ...}> { z = Relu (w) })"), "");
}

}  // namespace
}  // namespace modelexport
