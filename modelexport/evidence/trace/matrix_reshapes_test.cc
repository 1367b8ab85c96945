#include "modelexport/evidence/trace/matrix_reshapes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/trace/test_case.h"

namespace modelexport {
namespace {

// The operator that each image helps, in order, "-" if none: "- 1 -". `op_of` has the operator of
// each image.
std::string Helped(absl::string_view hierarchy_lines, absl::string_view model,
                   const std::vector<uint32_t>& op_of) {
  const AlignmentCase c(hierarchy_lines, model);
  std::vector<uint32_t> kind_counts(c.source.kinds().size(), 1);
  std::vector<uint32_t> type_counts(c.image.types().size(), 1);
  const OperatorOdds odds(c.source.kinds(), kind_counts, c.image.types(), type_counts);
  MatrixReshapes reshapes(c.source, c.image);
  reshapes.Learn(op_of, odds);
  std::string text;
  for (uint32_t i = 0; i < c.image.size(); ++i) {
    const uint32_t op = reshapes.OpOf(i, op_of);
    absl::StrAppend(&text, i == 0 ? "" : " ");
    if (op == MatrixReshapes::kNone) {
      text += "-";
    } else {
      absl::StrAppend(&text, op);
    }
  }
  return text;
}

// 0 layer_norm, 1 linear, 2 gelu, 3 linear, 4 view, 5 linear
constexpr absl::string_view kRun = R"(
  ""  my.Net
  a   my.A
  tensor a.w float32[4,4]
  call ""
    call a
      op n = aten.layer_norm.default -
      op f = aten.linear.default n a.w
      op g = aten.gelu.default f
      op h = aten.linear.default g a.w
      op v = aten.view.default h
      op k = aten.linear.default v a.w
)";

TEST(MatrixReshapes, StandOnBothSidesOfAGemm) {
  EXPECT_EQ(Helped(kRun, R"(main (x, s, w) => (y) {
      n = LayerNormalization (x)
      a = Reshape (n, s)
      b = Gemm (a, w)
      c = Reshape (b, s)
      y = Gelu (c)
    })",
                   {0, 0, 1, 1, 2}),
            "- 1 - 1 -");
}

TEST(MatrixReshapes, AnOperatorThatReshapesHasOneOfTwo) {
  EXPECT_EQ(Helped(kRun, R"(main (x, s, w) => (y) {
      b = Gemm (x, w)
      c = Reshape (b, s)
      d = Reshape (c, s)
      e = Reshape (d, s)
      y = Gemm (e, w)
    })",
                   {3, 4, 4, 4, 5}),
            "- 3 - 5 -");
}

TEST(MatrixReshapes, AnOperatorThatReshapesHasTheOnlyOne) {
  EXPECT_EQ(Helped(kRun, R"(main (x, s, w) => (y) {
      b = Gemm (x, w)
      c = Reshape (b, s)
      y = Gemm (c, w)
    })",
                   {3, 4, 5}),
            "- - -");
}

TEST(MatrixReshapes, StandBesideNoOtherOperator) {
  EXPECT_EQ(Helped(kRun, R"(main (x, s, w) => (y) {
      n = LayerNormalization (x)
      a = Reshape (n, s)
      b = MatMul (a, w)
      c = Reshape (b, s)
      d = Gemm (z, w)
      y = Reshape (d, s)
    })",
                   {0, 0, 1, 1, 3, 3}),
            "- - - - - -");
}

}  // namespace
}  // namespace modelexport
