#include "modelexport/render/folded_stacks.h"

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(FoldedStacks, ALineForEach) {
  EXPECT_EQ(RenderFolded({{{"(root)", "encoder", "MatMul"}, 12}, {{"(not attributed)"}, 3}}),
            "(root);encoder;MatMul 12\n(not attributed) 3\n");
}

TEST(FoldedStacks, NoNameBreaksALine) {
  EXPECT_EQ(RenderFolded({{{"a;b", " c d ", "e\n9"}, 1}, {{"none"}, 0}, {{"rounded"}, -1}}),
            "a,b;c d;e\\n9 1\n");
}

}  // namespace
}  // namespace modelexport
