#include "modelexport/costs/operator_macs.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/costs/test_costs.h"

namespace modelexport {
namespace {

// The MACs of one node, which is all of a model whose value types are given.
std::string Macs(const std::string& inputs, const std::string& outputs, const std::string& node) {
  const std::string text =
      testing::NodeCostsText(absl::StrCat("main (", inputs, ") => (", outputs, ") { ", node, " }"));
  const size_t macs = text.find(" macs");
  return text.substr(text.rfind(' ', macs - 1) + 1, macs - text.rfind(' ', macs - 1) - 1);
}

// Numbers are written as the products that they are.
std::string N(uint64_t number) { return absl::StrCat(number); }

TEST(OperatorMacs, Convolutions) {
  const std::string x = "float[2,6,10,10] x, float[8,3,5,5] w", y = "float[2,8,6,6] y";
  EXPECT_EQ(Macs(x, y, "y = Conv <group = 2> (x, w)"), N(2 * 8 * 6 * 6 * 3 * 5 * 5));
  EXPECT_EQ(Macs(x, y, "y = com.microsoft.FusedConv <group = 2> (x, w)"), N(2 * 8 * 36 * 75));
  EXPECT_EQ(Macs(x, y, "y = ConvInteger <group = 2> (x, w)"), N(2 * 8 * 36 * 75));
  EXPECT_EQ(Macs("uint8[2,6,10,10] x, float s, uint8 z, int8[8,3,5,5] w", "uint8[2,8,6,6] y",
                 "y = QLinearConv (x, s, z, w, s, z, s, z)"),
            N(2 * 8 * 36 * 75));
  // Layouts with the channels at the end.
  EXPECT_EQ(Macs("float16[2,10,10,6] x, float16[8,5,5,3] w", "float16[2,6,6,8] y",
                 "y = com.microsoft.NhwcConv <group = 2> (x, w)"),
            N(2 * 8 * 36 * 75));
  EXPECT_EQ(Macs("float[1,4,7] x, float[4,3,5] w", "float[1,6,15] y",
                 "y = ConvTranspose <group = 2, strides = [2]> (x, w)"),
            N(4 * 7 * 3 * 5));
}

TEST(OperatorMacs, MatrixProducts) {
  EXPECT_EQ(Macs("float[5,2,3] a, float[3,4] b", "float[5,2,4] y", "y = MatMul (a, b)"),
            N(5 * 2 * 3 * 4));
  EXPECT_EQ(Macs("a, float[3,4] b", "float[2,4] y", "y = MatMul (a, b)"), N(2 * 3 * 4));
  EXPECT_EQ(Macs("float[3] a, float[3,4] b", "float[4] y", "y = MatMul (a, b)"), N(3 * 4));
  EXPECT_EQ(Macs("float[3] a, float[3] b", "float y", "y = MatMul (a, b)"), N(3));
  EXPECT_EQ(Macs("uint8[2,3] a, int8[3,4] b", "int32[2,4] y", "y = MatMulInteger (a, b)"), N(24));
  EXPECT_EQ(Macs("a, float s, uint8 z, int8[3,4] b", "uint8[2,4] y",
                 "y = QLinearMatMul (a, s, z, b, s, z, s, z)"),
            N(24));
  EXPECT_EQ(Macs("float[2,3] a, float[3,4] b", "float[2,4] y", "y = Gemm (a, b)"), N(24));
  EXPECT_EQ(Macs("float[3,2] a, float[3,4] b", "float[2,4] y", "y = Gemm <transA = 1> (a, b)"),
            N(24));
  EXPECT_EQ(Macs("float[5,2,3] a", "float[5,2,4] y",
                 "y = com.microsoft.MatMulNBits <K = 3, N = 4, bits = 4> (a, b, s)"),
            N(5 * 2 * 3 * 4));
  EXPECT_EQ(Macs("float[5,3,2] a, float[5,3,4] b", "float[5,2,4] y",
                 "y = com.microsoft.FusedMatMul <transA = 1> (a, b)"),
            N(5 * 2 * 3 * 4));
  EXPECT_EQ(Macs("float[3,5,2] a, float[5,3,4] b", "float[5,2,4] y",
                 "y = com.microsoft.FusedMatMul <transA = 1, transBatchA = 1> (a, b)"),
            N(5 * 2 * 3 * 4));
}

TEST(OperatorMacs, Einsum) {
  const std::string heads = "float[2,4,5,8] a, float[2,4,6,8] b";
  EXPECT_EQ(
      Macs(heads, "float[2,4,5,6] y", R"(y = Einsum <equation = "bhqd, bhkd -> bhqk"> (a, b))"),
      N(2 * 4 * 5 * 6 * 8));
  EXPECT_EQ(Macs(heads, "y", R"(y = Einsum <equation = "...qd,...kd"> (a, b))"),
            N(2 * 4 * 5 * 6 * 8));
  EXPECT_EQ(Macs("float[2,3] a, float[1,3] b", "y", R"(y = Einsum <equation = "ij,ij->i"> (a, b))"),
            N(2 * 3));
  // What one operand alone has is summed up first.
  EXPECT_EQ(
      Macs("float[2,3,7] a, float[3,4] b", "y", R"(y = Einsum <equation = "ijs,jk->ik"> (a, b))"),
      N(2 * 3 * 4));
  EXPECT_EQ(Macs("float[2,3] a", "y", R"(y = Einsum <equation = "ij->ji"> (a))"), N(0));
  EXPECT_EQ(Macs("float[2,3] a", "y", R"(y = Einsum <equation = "ij,jk,kl"> (a, a, a))"), "?");
  EXPECT_EQ(Macs("float[2,3] a", "y", R"(y = Einsum <equation = "ijk,jk"> (a, a))"), "?");
}

TEST(OperatorMacs, RecurrentLayers) {
  // 7 steps of a batch of 2, in 2 directions, 3 inputs, 5 hidden, 3 gates.
  EXPECT_EQ(Macs("float[7,2,3] x, float[2,15,3] w, float[2,15,5] r", "float[7,2,2,5] y",
                 R"(y = GRU <hidden_size = 5, direction = "bidirectional"> (x, w, r))"),
            N(7 * 2 * 2 * 3 * 5 * (3 + 5)));
  EXPECT_EQ(Macs("float[2,7,3] x, float[1,20,3] w, float[1,20,5] r", "float[2,7,1,5] y",
                 "y = LSTM <hidden_size = 5, layout = 1> (x, w, r)"),
            N(7 * 2 * 4 * 5 * (3 + 5)));
  EXPECT_EQ(Macs("float[7,2,3] x, uint8[1,3,20] w, uint8[1,5,20] r", "float[7,1,2,5] y",
                 "y = com.microsoft.DynamicQuantizeLSTM <hidden_size = 5> (x, w, r)"),
            N(7 * 2 * 4 * 5 * (3 + 5)));
}

TEST(OperatorMacs, Attention) {
  // A batch of 2, 4 heads for queries and 2 for keys, 5 queries, 7 keys, sizes 8 and 6.
  EXPECT_EQ(Macs("float[2,4,5,8] q, float[2,2,7,8] k, float[2,2,7,6] v", "float[2,4,5,6] y",
                 "y = Attention (q, k, v)"),
            N(2 * 4 * 5 * 7 * (8 + 6)));
  EXPECT_EQ(Macs("float[2,5,32] q, float[2,7,16] k, float[2,7,12] v, float[2,2,3,8] pk",
                 "float[2,5,24] y",
                 "y = Attention <q_num_heads = 4, kv_num_heads = 2> (q, k, v, \"\", pk, pk)"),
            N(2 * 4 * 5 * (7 + 3) * (8 + 6)));
  EXPECT_EQ(Macs("float[2,5,32] q, float[2,7,32] k, float[2,7,24] v", "float[2,5,24] y",
                 "y = com.microsoft.MultiHeadAttention <num_heads = 4> (q, k, v)"),
            N(2 * 5 * 7 * (32 + 24)));
  EXPECT_EQ(Macs("float[2,5,4,3,8] q", "float[2,5,32] y",
                 "y = com.microsoft.MultiHeadAttention <num_heads = 4> (q)"),
            N(2 * 5 * 5 * (32 + 32)));
  EXPECT_EQ(
      Macs("float[2,5,10] x, float[10,96] w, float[96] b, float[2,2,4,3,8] past", "float[2,5,32] y",
           "y = com.microsoft.Attention <num_heads = 4> (x, w, b, \"\", past)"),
      N(2 * 5 * 10 * 96 + 2 * 5 * (5 + 3) * (32 + 32)));
  EXPECT_EQ(Macs("float[2,5,32] q, float[2,5,16] k", "float[2,5,32] y",
                 "y = com.microsoft.GroupQueryAttention <num_heads = 4> (q, k, k)"),
            N(2 * 5 * 5 * (32 + 32)));
  EXPECT_EQ(Macs("float[2,1,32] q, float[2,1,16] k, float[2,2,64,8] past", "float[2,1,32] y",
                 "y = com.microsoft.GroupQueryAttention <num_heads = 4> (q, k, k, past, past, n)"),
            "?");
}

TEST(OperatorMacs, NoneAndUnknown) {
  EXPECT_EQ(Macs("float[2] x", "y", "y = Relu (x)"), "0");
  EXPECT_EQ(Macs("float[2] x", "y", "y = ai.onnx.Relu (x)"), "0");
  EXPECT_EQ(Macs("float[2] x", "y", "y = com.microsoft.FastGelu (x)"), "0");
  EXPECT_EQ(Macs("float[2] x", "y", "y = com.microsoft.Relu (x)"), "?");
  EXPECT_EQ(Macs("float[2] x", "y", "y = my.own.Conv (x)"), "?");
  EXPECT_EQ(Macs("float[2] x", "y", "y = OfALaterVersion (x)"), "?");
}

TEST(OperatorMacs, ShapesThatAreNotKnown) {
  EXPECT_EQ(Macs("float[N,3] a, float[3,4] b", "float[N,4] y", "y = MatMul (a, b)"), "?");
  EXPECT_EQ(Macs("float[2,?] a", "float[2,4] y", "y = MatMul (a, b)"), "?");
  EXPECT_EQ(Macs("float[2,3] a, float[3,4] b", "y", "y = MatMul (a, b)"), "?");
  EXPECT_EQ(Macs("float[2,-3] a", "float[2,4] y", "y = MatMul (a, b)"), "?");
  EXPECT_EQ(Macs("float[2,0] a", "float[2,4] y", "y = MatMul (a, b)"), "0");
  EXPECT_EQ(Macs("float[4611686018427387904] a", "float[2] y", "y = MatMul (a, b)"), "?");
}

}  // namespace
}  // namespace modelexport
