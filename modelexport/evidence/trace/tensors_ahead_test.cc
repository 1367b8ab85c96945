#include "modelexport/evidence/trace/tensors_ahead.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// For each image that cannot be one of some operators, its result and the names of these. A value
// holds the tensor of the same name: p, q, r or s.
std::string Excluded(absl::string_view ops, absl::string_view model) {
  constexpr absl::string_view kModel = R"("" my.Net
tensor p float32[4]
tensor q float32[4]
tensor r float32[4]
tensor s float32[4]
call ""
)";
  const Hierarchy hierarchy = testing::HierarchyOf(absl::StrCat(kModel, ops));
  const TextGraph graph(model);
  const SourceRun source(hierarchy);
  const Image image(graph.view());
  Rows<TensorId> read;
  for (size_t i = 0; i < image.size(); ++i) {
    for (const ValueId input : graph.view().inputs(image.node(i))) {
      const TensorId tensor = hierarchy.FindTensor(graph.view().name(input));
      if (tensor.valid()) read.Append(tensor);
    }
    read.EndRow();
  }
  const TensorsAhead ahead(source, image, read, nullptr);
  std::string text;
  for (size_t i = 0; i < image.size(); ++i) {
    std::string excluded;
    for (size_t op = 0; op < source.size(); ++op) {
      if ((ahead.of_image(i) & ahead.of_op(op)) == 0)
        absl::StrAppend(&excluded, " ", hierarchy.ops()[op].node_name);
    }
    const ValueId result = graph.view().outputs(image.node(i))[0];
    if (!excluded.empty()) absl::StrAppend(&text, graph.view().name(result), ":", excluded, "\n");
  }
  return text;
}

constexpr absl::string_view kTwoTowers = R"(
  op a = aten.neg.default -
  op b = aten.mul.Tensor a p
  op c = aten.neg.default -
  op d = aten.mul.Tensor c q
  op e = aten.add.Tensor b d
  op f = aten.mul.Tensor e r
)";

// e leads to r, as b and d do, and these read other tensors themselves.
TEST(TensorsAhead, ExcludeOperatorsThatLeadToOthers) {
  EXPECT_EQ(Excluded(kTwoTowers, R"(
    main (x) => (z) <float[4] p = {1, ...}, float[4] q = {2, ...}, float[4] r = {3, ...}> {
      v = Neg (x)
      w = Mul (v, q)
      t = Neg (x)
      u = Mul (t, p)
      y = Add (u, w)
      z = Mul (y, r)
    })"),
            "v: a b e f\n"
            "t: c d e f\n"
            "y: a c\n");
}

TEST(TensorsAhead, AreFirstOnEachWay) {
  EXPECT_EQ(Excluded(kTwoTowers, R"(
    main (x) => (z) <float[4] p = {1, ...}, float[4] q = {2, ...}, float[4] r = {3, ...}> {
      v = Neg (x)
      s = Sin (v)
      w = Mul (s, q)
      u = Mul (v, p)
      y = Add (u, w)
      z = Mul (y, r)
    })"),
            "v: e f\n"
            "s: a b e f\n"
            "y: a c\n");
}

TEST(TensorsAhead, CountOnlyIfTheFileHasThem) {
  EXPECT_EQ(Excluded(kTwoTowers, R"(
    main (x) => (z) <float[4] o = {1, ...}, float[4] r = {3, ...}> {
      v = Neg (x)
      w = Mul (v, o)
      t = Neg (x)
      y = Add (t, w)
      z = Mul (y, r)
    })"),
            "");
}

// What reads r leads to q in the file, but to p in the run, which a tool moved to the end.
TEST(TensorsAhead, OnWhichTheSidesDisagreeAreLeftOut) {
  constexpr absl::string_view kRun = R"(
  op a = aten.neg.default -
  op b = aten.mul.Tensor a r
  op c = aten.mul.Tensor b p
  op d = aten.mul.Tensor c q
  op e = aten.mul.Tensor d s
)";
  EXPECT_EQ(Excluded(kRun, R"(
    main (x) => (z) <float[4] p = {1, ...}, float[4] q = {2, ...}, float[4] r = {3, ...},
                     float[4] s = {3, ...}> {
      v = Neg (x)
      w = Mul (v, r)
      k = Neg (w)
      t = Mul (k, q)
      l = Neg (t)
      y = Mul (l, s)
      m = Neg (y)
      z = Mul (m, p)
    })"),
            "v: c d e\n"
            "k: a\n"
            "l: a\n");
}

TEST(TensorsAhead, AreReadThroughWhatIsMadeOfTensorsAlone) {
  EXPECT_EQ(Excluded(R"(
  op a = aten.neg.default -
  op t = aten.t.default p
  op b = aten.mm.default a t
  op c = aten.neg.default b
  op d = aten.mul.Tensor c q
)",
                     R"(
    main (x) => (z) <float[4] p = {1, ...}, float[4] q = {2, ...}> {
      v = Neg (x)
      w = MatMul (v, p)
      y = Neg (w)
      z = Mul (y, q)
    })"),
            "v: c d\n"
            "y: a t\n");
}

}  // namespace
}  // namespace modelexport
