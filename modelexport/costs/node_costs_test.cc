#include "modelexport/costs/node_costs.h"

#include <string>

#include "gtest/gtest.h"
#include "modelexport/costs/test_costs.h"
#include "modelexport/onnx/value_type.h"

namespace modelexport {
namespace {

using testing::NodeCostsText;

TEST(NodeCosts, BytesOfOutputs) {
  EXPECT_EQ(NodeCostsText(R"(
    main (float[2,3] x) => (float[2,5] y) <float[2,3] h, float16[3,5] w, int64[1] i, bool[3] s,
                                           string[2] t> {
      h = Relu (x)
      w = Constant <value = float16[3,5] {1, ...}> ()
      y = MatMul (h, w)
      a, i = TopK (x)
      s = Cast (h)
      t = Cast (h)
      "", i2 = Dropout (h)
    })"),
            R"(#0 Relu 0 macs 24 bytes
#1 Constant 0 macs 0 bytes
#2 MatMul 30 macs 40 bytes
#3 TopK 0 macs ? bytes
#4 Cast 0 macs 3 bytes
#5 Cast 0 macs ? bytes
#6 Dropout 0 macs ? bytes
)");
}

constexpr absl::string_view kDynamic = R"(
    main (float[batch,3] x) => (float[batch,4] y) <float[3,4] w = {1, ...}> {
      h = MatMul (x, w)
      y = Relu (h)
    })";

TEST(NodeCosts, DimensionsWithValues) {
  EXPECT_EQ(NodeCostsText(kDynamic), "#0 MatMul ? macs ? bytes\n#1 Relu 0 macs ? bytes\n");
  EXPECT_EQ(NodeCostsText(kDynamic, {{{"batch", 2}}, {}}),
            "#0 MatMul ? macs ? bytes\n#1 Relu 0 macs 32 bytes\n");
}

// It is asked about the model with the values of dimensions.
TEST(NodeCosts, InferredShapes) {
  const TypeInference inference = [](const ByteSource& model) {
    EXPECT_EQ(model.ReadString({0, model.size()})->find("batch"), std::string::npos);
    ValueType type = {ValueType::Kind::kTensor, 1, std::vector<Dimension>{{2, ""}, {4, ""}}, {}};
    return std::vector<InferredType>{{"h", SerializedType(type)}, {"x", SerializedType(type)}};
  };
  EXPECT_EQ(NodeCostsText(kDynamic, {{{"batch", 2}}, inference}),
            "#0 MatMul 24 macs 32 bytes\n#1 Relu 0 macs 32 bytes\n");
}

TEST(NodeCosts, InferenceIsNotAskedWhereAllIsDeclared) {
  const TypeInference inference = [](const ByteSource&) {
    ADD_FAILURE() << "is asked";
    return std::vector<InferredType>();
  };
  EXPECT_EQ(NodeCostsText("main (float[2] x) => (float[2] y) { y = Relu (x) }", {{}, inference}),
            "#0 Relu 0 macs 8 bytes\n");
}

TEST(NodeCosts, Bodies) {
  EXPECT_EQ(NodeCostsText(R"(
    main (float[2,3] x, bool c, int64 n) => (float[2,2] y, float[2,2] z) <float[3,2] w = {1, ...}> {
      y = If (c) <
        then_branch = yes () => (float[2,2] t) { t = MatMul (x, w) },
        else_branch = no () => (float[2,2] e) { e = Identity (y0)  f = Constant <value = float {1}> () }
      >
      z = Loop (n, c, y) <body = b (int64 i, bool d, float[2,2] p) => (bool d, float[2,2] s)
        <float[2,2] q> { q = MatMul (x, w)  s = Add (q, p) }>
    })"),
            R"(#0 If 0 macs 16 bytes
#1 Loop 0 macs 16 bytes
/0:then_branch#0 MatMul ? macs ? bytes
/0:else_branch#0 Identity 0 macs ? bytes
/0:else_branch#1 Constant 0 macs 0 bytes
/1:body#0 MatMul 12 macs 16 bytes ...
/1:body#1 Add 0 macs 16 bytes ...
)");
}

TEST(NodeCosts, Functions) {
  EXPECT_EQ(NodeCostsText(R"(
    main (float[2,3] x) => (float[2,3] y) <float[2,3] h, float[2,3] k> {
      h = f.Once (x)  k = f.Twice (h)  y = f.Twice (k)
    }
    <domain: "f"> Once (a) => (b) { b = Relu (a) }
    <domain: "f"> Twice (a) => (b) { b = Relu (a) }
    <domain: "f"> Never (a) => (b) { b = MatMul (a, a) })"),
            R"(#0 Once 0 macs 24 bytes
#1 Twice 0 macs 24 bytes
#2 Twice 0 macs 24 bytes
function:f:Once:#0 Relu 0 macs ? bytes
function:f:Twice:#0 Relu 0 macs ? bytes
function:f:Never:#0 MatMul 0 macs 0 bytes
)");
}

}  // namespace
}  // namespace modelexport
