#include "modelexport/evidence/trace/source_run.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;

std::string Text(absl::Span<const NearOp> row) {
  return absl::StrJoin(row, " ", [](std::string* out, const NearOp& near) {
    absl::StrAppend(out, near.op, "@", static_cast<int>(near.distance));
  });
}

std::string Describe(const SourceRun& run) {
  std::string text;
  for (size_t op = 0; op < run.size(); ++op) {
    absl::StrAppend(&text, op, " ", run.kinds()[run.kind(op)], " reads [",
                    absl::StrJoin(run.reads(op), " "), "] behind [", Text(run.behind(op)), "]",
                    run.reads_tensors(op) ? " weights" : "", "\n");
  }
  return text;
}

TEST(SourceRun, WhoReadsWhatReturnsWhatItReadReadsThisToo) {
  const Hierarchy hierarchy = HierarchyOf(R"("" my.Net
      call ""
        op a = aten.div.Tensor -
        op b = aten.div.Tensor =a
        op c = aten.div.Tensor b)");
  const SourceRun run(hierarchy);
  EXPECT_FALSE(run.returns_read(0));
  EXPECT_TRUE(run.returns_read(1));
  EXPECT_EQ(Describe(run),
            "0 aten.div.Tensor reads [] behind [1@0 2@0]\n"
            "1 aten.div.Tensor reads [0] behind [2@0]\n"
            "2 aten.div.Tensor reads [1 0] behind []\n");
}

TEST(SourceRun, OfNothing) {
  const Hierarchy hierarchy = HierarchyOf("\"\" my.Net");
  EXPECT_EQ(Describe(SourceRun(hierarchy)), "");
}

TEST(SourceRun, LinksOperatorsUpToADistance) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    "" my.Net
    tensor w float32[4]
    call ""
      op a = mul - w
      op b = add a a w
      op c = mul b a
      op d = neg c
      op e = neg d
      op f = neg e
  )");
  const SourceRun run(hierarchy);
  EXPECT_EQ(Describe(run),
            "0 mul reads [] behind [1@0 2@0 3@1 4@2 5@3] weights\n"
            "1 add reads [0] behind [2@0 3@1 4@2 5@3] weights\n"
            "2 mul reads [1 0] behind [3@0 4@1 5@2]\n"
            "3 neg reads [2] behind [4@0 5@1]\n"
            "4 neg reads [3] behind [5@0]\n"
            "5 neg reads [4] behind []\n");
  EXPECT_EQ(absl::StrJoin(run.readers(TensorId(0)), " "), "0 1");
  EXPECT_TRUE(run.knows_reads());
}

TEST(SourceRun, TheHierarchyMayNotSayWhatOperatorsRead) {
  EXPECT_FALSE(SourceRun(HierarchyOf("\"\" my.Net\ncall \"\"\n  op a = relu -\n")).knows_reads());
}

// In quadratic time this takes minutes.
TEST(SourceRun, AnOperatorThatReadsManyAndOneThatManyRead) {
  std::string lines = "\"\" my.Net\ncall \"\"\n  op v0 = relu -\n";
  std::string all;
  constexpr int kOps = 50000;
  for (int i = 1; i < kOps; ++i) {
    absl::StrAppend(&lines, "  op v", i, " = relu v0\n");
    absl::StrAppend(&all, " v", i);
  }
  const Hierarchy hierarchy = HierarchyOf(absl::StrCat(lines, "  op cat", all));
  const SourceRun run(hierarchy);
  EXPECT_EQ(run.behind(0).size(), kOps - 1);
  EXPECT_EQ(run.reads(kOps).size(), kOps - 1);
  int behind = 0;
  for (int op = 0; op < kOps; ++op) {
    for (const NearOp& near : run.behind(op)) behind += near.op == kOps;
  }
  EXPECT_LT(behind, 100);
}

TEST(SourceRun, KindsAreBounded) {
  std::string lines = "\"\" my.Net\ncall \"\"\n";
  for (int i = 0; i < 3000; ++i) absl::StrAppend(&lines, "  op x.op", i, "\n");
  const Hierarchy hierarchy = HierarchyOf(lines);
  const SourceRun run(hierarchy);
  EXPECT_EQ(run.kinds().size(), 1024);
  EXPECT_EQ(run.kinds()[run.kind(1000)], "x.op1000");
  EXPECT_EQ(run.kind(2999), 1023);
}

}  // namespace
}  // namespace modelexport
