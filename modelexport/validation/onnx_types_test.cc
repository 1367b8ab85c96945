#include "modelexport/validation/onnx_types.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/value_type.h"
#include "modelexport/testing/model_text.h"

namespace modelexport {
namespace {

// A line for each value, or the error.
std::string TypesOf(const std::string& bytes) {
  const auto types = OnnxTypes(*BytesInMemory(bytes));
  if (!types.ok()) return types.status().ToString();
  std::string text;
  for (const InferredType& each : *types) {
    const auto source = BytesInMemory(each.type);
    absl::StrAppend(&text, each.value, ": ",
                    ToString(*ReadValueType(*source, Range{0, each.type.size()})), "\n");
  }
  return text;
}

TEST(OnnxTypes, FollowFromOperatorsAndShapes) {
  EXPECT_EQ(TypesOf(testing::Model(R"(<ir_version: 8, opset_import: ["" : 17, "other" : 1]>
    main (float[2, N] x, bool flag) => (y) <float[4] w = {1, ...}, int64[1] shape = {-1}> {
      h = Shape (x)
      r = Reshape (x, shape)
      y = If (flag) <
        then_branch = yes () => (float[?] t) { t = Relu (r) },
        else_branch = no () => (float[?] e) { e = Neg (r) }
      >
      z = other.Op (r)
    })")),
            "e: float[unk__0]\nflag: bool\nh: int64[2]\nr: float[unk__0]\nt: float[unk__0]\n"
            "x: float[2, N]\ny: float[unk__0]\n");
}

// The shape of ConstantOfShape(v) is what v was found to be.
std::string ValueOf(const std::string& nodes) {
  const std::string types = TypesOf(testing::Model(absl::StrCat(
      R"(<ir_version: 8, opset_import: ["" : 18]> main (float[2, 3, 8] x, float[N] n) => (y) { )",
      nodes, " y = ConstantOfShape (v) }")));
  const size_t begin = types.find("\ny: ");
  return begin == std::string::npos ? types : types.substr(begin + 4, types.rfind(']') - begin - 3);
}

std::string Const(const std::string& name, const std::string& tensor) {
  return absl::StrCat(name, " = Constant <value = ", tensor, "> () ");
}

TEST(OnnxTypes, ShapesThatExportersCompute) {
  EXPECT_EQ(ValueOf("v = Shape (x)"), "float[2, 3, 8]");
  EXPECT_EQ(ValueOf("v = Shape <start = -2> (x)"), "float[3, 8]");
  // As a reshape to heads: (batch, length, -1).
  EXPECT_EQ(ValueOf("s = Shape (x) " + Const("i", "int64[2] {2, 0}") + "v = Gather (s, i)"),
            "float[8, 2]");
  EXPECT_EQ(ValueOf("s = Shape (x) " + Const("i", "int64 {-1}") + "g = Gather (s, i) " +
                    Const("t", "int64 {3}") + "q = Div (g, t) m = Mod (g, t) " +
                    Const("a", "int64[1] {0}") +
                    "u = Unsqueeze (q, a) w = Unsqueeze (m, a) v = Concat <axis = 0> (u, w)"),
            "float[2, 2]");
  // As interpolate() does it: in floats, rounded down.
  EXPECT_EQ(ValueOf("s = Shape (x) f = Cast <to = 1> (s) " + Const("h", "float {0.4}") +
                    "p = Mul (f, h) r = Ceil (p) v = Cast <to = 7> (r)"),
            "float[1, 2, 4]");
  EXPECT_EQ(ValueOf("s = Shape (x) " + Const("b", "int64[1] {0}") +
                    Const("e", "int64[1] {9223372036854775807}") + Const("t", "int64[1] {2}") +
                    "v = Slice (s, b, e, b, t)"),
            "float[2, 8]");
  EXPECT_EQ(ValueOf("s = Shape (x) " + Const("b", "int64[1] {-1}") +
                    Const("e", "int64[1] {-9223372036854775807}") + Const("a", "int64[1] {0}") +
                    "v = Slice (s, b, e, a, b)"),
            "float[8, 3, 2]");
  // As expand() does it: -1 keeps the dimension.
  EXPECT_EQ(ValueOf("s = Shape (x) " + Const("w", "int64[3] {5, -1, -1}") +
                    Const("m", "int64 {-1}") + "o = Equal (w, m) v = Where (o, s, w)"),
            "float[5, 3, 8]");
  EXPECT_EQ(ValueOf("s = Shape (x) " + Const("w", "int64[2] {-1, 1}") +
                    "r = Reshape (s, w) t = Transpose (r) " + Const("a", "int64[1] {0}") +
                    "v = Squeeze (t, a)"),
            "float[2, 3, 8]");
  EXPECT_EQ(ValueOf("s = Shape (x) p = ReduceProd <keepdims = 1> (s) z = Size (x) v = Sub (p, z)"),
            "float[0]");
  EXPECT_EQ(ValueOf(Const("b", "int64 {1}") + Const("e", "int64 {8}") + Const("t", "int64 {3}") +
                    "v = Range (b, e, t)"),
            "float[1, 4, 7]");
  EXPECT_EQ(ValueOf(Const("o", "int64[1] {2}") + "c = ConstantOfShape <value = int64[1] {6}> (o) " +
                    Const("w", "int64[1] {2}") + "v = Expand (c, w)"),
            "float[6, 6]");
}

TEST(OnnxTypes, ShapesThatDependOnInputsStayOpen) {
  EXPECT_EQ(ValueOf("s = Shape (n) " + Const("t", "int64[1] {2}") + "v = Div (s, t)"),
            "float[unk__0]");
  EXPECT_EQ(ValueOf("s = Shape (x) " + Const("t", "int64[1] {0}") + "v = Div (s, t)"),
            "float[unk__0, unk__1, unk__2]");
}

TEST(OnnxTypes, OperatorsOfOnnxRuntime) {
  EXPECT_EQ(TypesOf(testing::Model(R"(
    <ir_version: 8, opset_import: ["" : 17, "com.microsoft" : 1, "com.microsoft.nchwc" : 1]>
    main (int32[2,5] ids, float[9,8] words, float[2,3,10,10] image, uint8[2,5,8] q, float s, uint8 z, float[4,2,3,8] mid)
      => () <float[8,24] qkv = {1, ...}, float[8] b = {1, ...}, float[16,8] up = {1, ...},
             float[8,3,3,3] f = {1, ...}, float[16,3,3,3] ff = {1, ...}, uint8[8,4] w8 = {1, ...}> {
      e, mask = com.microsoft.EmbedLayerNormalization (ids, "", words)
      a = com.microsoft.Attention <num_heads = 2> (e, qkv)
      l, "", "", sum = com.microsoft.SkipLayerNormalization (a, e, b, b)
      g = com.microsoft.BiasGelu (sum, b)
      m = com.microsoft.FusedMatMul <transB = 1> (g, up)
      mm = com.microsoft.FusedMatMul <transBatchA = 1, transBatchB = 1, transB = 1> (mid, mid)
      n = com.microsoft.MatMulNBits <K = 16, N = 4> (m, packed, scales)
      h = com.microsoft.MultiHeadAttention <num_heads = 2> (e, e, e)
      c = com.microsoft.FusedConv (image, f)
      r = com.microsoft.nchwc.ReorderInput (image)
      rc = com.microsoft.nchwc.Conv (r, ff)
      ro = com.microsoft.nchwc.ReorderOutput <channels = 12> (rc)
      d = com.microsoft.MatMulIntegerToFloat (q, w8, s, s)
      p = com.microsoft.QLinearAdd (q, s, z, q, s, z, s, z)
      u = com.microsoft.NobodyKnows (q)
    })")),
            R"(a: float[2, 5, 8]
c: float[2, 8, 8, 8]
d: float[2, 5, 4]
e: float[2, 5, 8]
g: float[2, 5, 8]
h: float[2, 5, 8]
ids: int32[2, 5]
image: float[2, 3, 10, 10]
l: float[2, 5, 8]
m: float[2, 5, 16]
mid: float[4, 2, 3, 8]
mm: float[2, 3, 4, 4]
n: float[2, 5, 4]
p: uint8[2, 5, 8]
q: uint8[2, 5, 8]
r: float[2, unk__0, 10, 10]
rc: float[2, 16, 8, 8]
ro: float[2, 12, 8, 8]
s: float
sum: float[2, 5, 8]
words: float[9, 8]
z: uint8
)");
}

TEST(OnnxTypes, WhereOnnxGivesUpItsReasonIsTheError) {
  EXPECT_EQ(TypesOf(testing::Model("main (float[2] x) => (y) { y = other.Op (x) }")),
            "FAILED_PRECONDITION: [TypeInferenceError] Cannot infer type and shape for node name . "
            "No opset import for domain other optype Op");
  EXPECT_EQ(TypesOf("no model"), "FAILED_PRECONDITION: protobuf cannot parse the model");
}

}  // namespace
}  // namespace modelexport
