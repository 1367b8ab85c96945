#include "modelexport/evidence/tensors/tensor_identity.h"

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/recording_source.h"
#include "modelexport/testing/temp_dir.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// A line for each value that holds tensors, as `w: content a.weight|b.weight, c.weight`, then the
// notes.
std::string Print(const GraphView& graph, const Hierarchy& hierarchy,
                  const DataFolder& folder = absl::nullopt) {
  const TensorIdentity identity(graph, hierarchy, folder);
  std::string text;
  for (size_t i = 0; i < graph.values().size(); ++i) {
    const TensorIdentity::Held held = identity.of(ValueId(i));
    if (held.source == TensorIdentity::Source::kNothing) continue;
    const bool by_name = held.source == TensorIdentity::Source::kName;
    absl::StrAppend(&text, graph.name(ValueId(i)), ": ", by_name ? "name" : "content");
    if (held.is_piece) text += " piece of";
    const char* separator = " ";
    for (const std::vector<TensorId>& part : held.parts) {
      for (const TensorId tensor : part) {
        absl::StrAppend(&text, separator, hierarchy.tensor(tensor).name);
        separator = "|";
      }
      separator = ", ";
    }
    text += "\n";
  }
  for (const std::string& note : identity.notes()) absl::StrAppend(&text, note, "\n");
  return text;
}

std::string Identify(absl::string_view hierarchy_lines, absl::string_view model) {
  const TextGraph graph(model);
  return Print(graph.view(), HierarchyOf(hierarchy_lines));
}

constexpr absl::string_view kLinear = R"(
  ""  my.Model
  q   torch.nn.modules.linear.Linear
  tensor q.weight float32[2,3] = 0.5 -1.5 2 3.25 0.125 -0.75
  tensor q.bias float32[2] = 0.5 2
  buffer q.steps int64[3] = 3 -1 4
)";

TEST(TensorIdentity, NamesComeFirst) {
  EXPECT_EQ(Identify(kLinear, R"(
    main (x) => (z) <float[2,3] q.bias = {0.5, -1.5, 2, 3.25, 0.125, -0.75},
                     float[2] b = {0.5, 3}> {
      t = Transpose (q.bias)
      y = MatMul (x, t)
      z = Add (y, b)
    })"),
            "q.bias: name q.bias\n"
            "t: name q.bias\n");
}

TEST(TensorIdentity, EveryFormOfStorage) {
  EXPECT_EQ(Identify(kLinear, R"(
    main (x) => (z) <float[2,3] raw = {0.5, -1.5, 2, 3.25, 0.125, -0.75},
                     float[2,3] typed = data {0.5, -1.5, 2, 3.25, 0.125, -0.75},
                     double[2,3] wide = {0.5, -1.5, 2, 3.25, 0.125, -0.75},
                     double[2,3] wide_typed = data {0.5, -1.5, 2, 3.25, 0.125, -0.75},
                     float16[2,3] half = {14336, 48640, 16384, 17024, 12288, 47616},
                     float16[2,3] half_typed = data {14336, 48640, 16384, 17024, 12288, 47616},
                     bfloat16[2,3] brain = {16128, 49088, 16384, 16464, 15872, 48960},
                     bfloat16[2,3] brain_typed = data {16128, 49088, 16384, 16464, 15872, 48960},
                     int64[3] longs = {3, -1, 4}, int64[3] longs_typed = data {3, -1, 4},
                     int32[3] narrow = {3, -1, 4}, int32[3] narrow_typed = data {3, -1, 4}> {
      tensor = Constant <value = float[2,3] {0.5, -1.5, 2, 3.25, 0.125, -0.75}> ()
      floats = Constant <value_floats = [0.5, 2.0]> ()
      ints = Constant <value_ints = [3, -1, 4]> ()
      z = Any (raw, typed, wide, wide_typed, half, half_typed, brain, brain_typed, longs,
               longs_typed, narrow, narrow_typed, tensor, floats, ints)
    })"),
            R"(raw: content q.weight
typed: content q.weight
wide: content q.weight
wide_typed: content q.weight
half: content q.weight
half_typed: content q.weight
brain: content q.weight
brain_typed: content q.weight
longs: content q.steps
longs_typed: content q.steps
narrow: content q.steps
narrow_typed: content q.steps
tensor: content q.weight
floats: content q.bias
ints: content q.steps
)");
}

TEST(TensorIdentity, ReadsExternalDataBesideTheModel) {
  const testing::TempDir dir;
  const float elements[] = {9, 0.5, -1.5, 2, 3.25, 0.125, -0.75};
  dir.Write("w.bin", {reinterpret_cast<const char*>(elements), sizeof(elements)});
  const TextGraph graph(R"(
    main (x) => (z) <float[2,3] part = ["location": "w.bin", "offset": "4", "length": "24"],
                     float[2,3] rest = ["location": "w.bin", "offset": "4"],
                     float[2,3] other = ["location": "w.bin"]> {
      z = Any (part, rest, other)
    })");
  EXPECT_EQ(Print(graph.view(), HierarchyOf(kLinear), dir.path() + "/"),
            "part: content q.weight\nrest: content q.weight\n");
}

TEST(TensorIdentity, NotesWhatCannotBeRead) {
  const testing::TempDir dir;
  dir.Write("sub/short.bin", "0123");
  const TextGraph graph(R"(
    main (x) => (z) <float[2,3] absent = ["location": "absent.bin"],
                     float[2,3] short = ["location": "short.bin"],
                     float[2,3] out = ["location": "../sub/short.bin"],
                     float[2,3] far = ["location": "short.bin", "offset": "18446744073709551615"],
                     float[2,3] odd = ["location": "short.bin", "length": "-1"],
                     float[2] fine = {0.5, 2}> {
      z = Any (absent, short, out, far, odd, fine)
    })");
  EXPECT_EQ(Print(graph.view(), HierarchyOf(kLinear), dir.path() + "/sub/"),
            "fine: content q.bias\n\"absent\" cannot be compared by content: " + dir.path() +
                "/sub/absent.bin: cannot open: No such file or directory; and 4 more\n");
  EXPECT_EQ(Print(graph.view(), HierarchyOf(kLinear)),
            "fine: content q.bias\n\"absent\" cannot be compared by content: external data of a "
            "model that is no file; and 4 more\n");
}

TEST(TensorIdentity, ReadsNothingOnceItIsCancelled) {
  const TextGraph graph("main (x) => (z) <float[2] b = {0.5, 2}> { z = Add (x, b) }");
  const Hierarchy hierarchy = HierarchyOf(kLinear);
  std::atomic<bool> cancelled = false;
  EXPECT_EQ(TensorIdentity(graph.view(), hierarchy, absl::nullopt, {}, &cancelled).num_found(), 1u);
  cancelled = true;
  EXPECT_EQ(TensorIdentity(graph.view(), hierarchy, absl::nullopt, {}, &cancelled).num_found(), 0u);
}

TEST(TensorIdentity, ShapesMatchUpToTranspositionAndReshaping) {
  EXPECT_EQ(Identify(kLinear, R"(
    main (x) => (z) <float[3,2] transposed = {0.5, 3.25, -1.5, 0.125, 2, -0.75},
                     float[1,3,2,1] unsqueezed = {0.5, 3.25, -1.5, 0.125, 2, -0.75},
                     float[6] flat = {0.5, -1.5, 2, 3.25, 0.125, -0.75},
                     float[2,3] other = {0.5, -1.5, 2, 3.25, 0.125, -0.75001},
                     float[7] longer = {0.5, -1.5, 2, 3.25, 0.125, -0.75, 0}> {
      z = Any (transposed, unsqueezed, flat, other, longer)
    })"),
            R"(transposed: content q.weight
unsqueezed: content q.weight
flat: content q.weight
)");
}

TEST(TensorIdentity, FollowsWhatOnlyCarriesATensorOn) {
  EXPECT_EQ(Identify(kLinear, R"(
    main (x) => (z) <float[2,3] w = {0.5, -1.5, 2, 3.25, 0.125, -0.75}> {
      a = Identity (w)
      b = Transpose (a)
      c = Reshape (b, shape)
      d = Cast (c)
      e = Flatten (d)
      f = Unsqueeze (e, axes)
      g = Squeeze (f, axes)
      h = QuantizeLinear (g, s)
      i = DequantizeLinear (h, s)
      z = MatMul (x, i)
    })"),
            R"(w: content q.weight
a: content q.weight
b: content q.weight
c: content q.weight
d: content q.weight
e: content q.weight
f: content q.weight
g: content q.weight
h: content q.weight
i: content q.weight
)");
}

// Elements of the source lie within half a step of scale * (element - zero point).
constexpr absl::string_view kQuantized = R"(
  ""  my.Model
  a   torch.nn.modules.linear.Linear
  b   torch.nn.modules.linear.Linear
  tensor a.weight float32[2,4] = 1.02 -0.98 0.51 0.24 -0.27 0.74 -0.76 0
  tensor b.weight float32[2,4] = 1.02 -0.98 0.51 0.24 0.27 0.74 0.76 1
  tensor a.scaled float32[2,2] = 1 -2 30 40
)";

TEST(TensorIdentity, QuantizedElementsStandForOthers) {
  EXPECT_EQ(Identify(kQuantized, R"(
    main (x) => (z) <int8[2,4] int8s = {20, -20, 10, 5, -5, 15, -15, 0},
                     uint8[4,2] bytes = {148, 108, 138, 133, 123, 143, 113, 128},
                     float scale = {0.05}, uint8 zero = {128}> {
      w = DequantizeLinear (int8s, scale)
      y = QLinearMatMul (x, xs, xz, bytes, scale, zero, ys, yz)
      z = Any (w)
    })"),
            R"(int8s: content a.weight
bytes: content a.weight
w: content a.weight
)");
}

TEST(TensorIdentity, ScalesMayDifferAlongAnAxisOrByBlock) {
  constexpr absl::string_view kModel = R"(
    main (x) => (z) <int8[2,2] rows = {100, -200, 30, 40}, int8[2,2] blocks = {10, -20, 30, 40},
                     float[2] scales = {0.01, 1}, float[2,1] by_block = {0.1, 1}> {
      w = DequantizeLinear <axis = AXIS> (rows, scales)
      v = DequantizeLinear <axis = 1, block_size = 2> (blocks, by_block)
      z = Any (w, v)
    })";
  const auto with_axis = [&](absl::string_view axis) {
    return Identify(R"(
      ""  my.Model
      a   torch.nn.modules.linear.Linear
      tensor a.scaled float32[2,2] = 1 -0.5 30 40
      tensor a.blocked float32[2,2] = 1 -2 30 40
    )",
                    absl::StrReplaceAll(kModel, {{"AXIS", axis}, {"-200", "-50"}}));
  };
  EXPECT_EQ(with_axis("0"), R"(rows: content a.scaled
blocks: content a.blocked
w: content a.scaled
v: content a.blocked
)");
  EXPECT_EQ(with_axis("-2"), with_axis("0"));
  EXPECT_EQ(with_axis("1"), "blocks: content a.blocked\nv: content a.blocked\n");
  EXPECT_EQ(with_axis("7"),
            "blocks: content a.blocked\nv: content a.blocked\n"
            "\"rows\" cannot be compared by content: a scale of other dims\n");
}

// As onnxruntime's dynamic quantization writes it: the scale of the product is behind it.
TEST(TensorIdentity, IntegerProductsAreScaledBehindThem) {
  EXPECT_EQ(Identify(kQuantized, R"(
    main (x) => (z) <int8[4,2] w = {20, -5, -20, 15, 10, -15, 5, 0}, int8 zero = {0},
                     float scale = {0.05}> {
      scales = Mul (x_scale, scale)
      product = MatMulInteger (xq, w, xz, zero)
      cast = Cast (product)
      z = Mul (cast, scales)
    })"),
            "w: content a.weight\n");
}

TEST(TensorIdentity, RowsAreScaledBehindTheGather) {
  EXPECT_EQ(Identify(kQuantized, R"(
    main (x) => (z) <int8[2,4] w = {20, -20, 10, 5, -5, 15, -15, 0}, float scale = {0.05}> {
      rows = Gather (w, x)
      z = DequantizeLinear (rows, scale)
    })"),
            "w: content a.weight\n");
}

TEST(TensorIdentity, IntegersWithoutAScaleAreNoWeights) {
  EXPECT_EQ(Identify(kQuantized, R"(
    main (x) => (z) <int8[2,2] w = {1, -2, 30, 40}> { z = Any (w, x) })"),
            "");
}

TEST(TensorIdentity, QuantizedTensorsAreKnownByTheNameToo) {
  EXPECT_EQ(Identify(kQuantized, R"(
    main (x) => (z) <int8[2,4] a.weight_quantized = {1, ...}, float scale = {0.05}> {
      z = DequantizeLinear (a.weight_quantized, scale)
    })"),
            "a.weight_quantized: name a.weight\nz: name a.weight\n");
}

constexpr absl::string_view kAttention = R"(
  ""      my.Model
  attn    my.Attention
  attn.q  torch.nn.modules.linear.Linear
  attn.k  torch.nn.modules.linear.Linear
  attn.v  torch.nn.modules.linear.Linear
  tensor attn.q.weight float32[4,2] = 1 2 3 4 5 6 7 8.5
  tensor attn.k.weight float32[2,2] = -1 2 -3 4
  tensor attn.v.weight float32[2,2] = 11 12 13 14
)";

// Grouped queries: keys and values are smaller. Along the second axis of the transposed weights.
TEST(TensorIdentity, TensorsThatWereMadeOneArePartsOfIt) {
  EXPECT_EQ(Identify(kAttention, R"(
    main (x) => (z) <float[2,8] qkv = {1, 3, 5, 7,   -1, -3, 11, 13,
                                       2, 4, 6, 8.5,  2, 4,  12, 14}> { z = MatMul (x, qkv) })"),
            "qkv: content attn.q.weight, attn.k.weight, attn.v.weight\n");
  EXPECT_EQ(Identify(kAttention, R"(
    main (x) => (z) <float[2,8] qkv = {1, 3, 5, 7,   -1, -3, 11, 13,
                                       2, 4, 6, 8.5,  2, 4,  12, 15}> { z = MatMul (x, qkv) })"),
            "");
}

// What an exporter leaves that computes the chunks of a packed weight; a bias between them.
TEST(TensorIdentity, ATensorMayBeThereInPieces) {
  EXPECT_EQ(Identify(kAttention, R"(
    main (x) => (z) <float[2,1] q0 = {1, 2}, float[2] b = {3, 4}, float[2,1] q1 = {3, 4},
                     float[2,2] q2 = {5, 7, 6, 8.5}, float[2,1] k0 = {-1, 2}> {
      z = Any (q0, b, q1, q2, k0)
    })"),
            R"(q0: content piece of attn.q.weight
q1: content piece of attn.q.weight
q2: content piece of attn.q.weight
)");
  EXPECT_EQ(Identify(kAttention, R"(
    main (x) => (z) <float[2,2] q0 = {1, 2, 3, 4}, float[2,2] q1 = {5, 7, 6, 9}> {
      z = Any (q0, q1)
    })"),
            "");
}

TEST(TensorIdentity, EqualTensorsCannotBeToldApart) {
  EXPECT_EQ(Identify(R"(
    ""  my.Model
    a   torch.nn.modules.normalization.LayerNorm
    b   torch.nn.modules.normalization.LayerNorm
    c   my.Scale
    tensor a.weight float32[4] = 1 1 1 1
    tensor b.weight float32[4] = 1 1 1 1
    tensor c.weight float32[2,2] = 1 1 1 1
    tensor c.one float32[1] = 3.5
    buffer c.count int64[2] = 0 0
  )",
                     R"(
    main (x) => (z) <float[4] w = {1, ...}, float[1,4,1] u = {1, ...}, float[2,1,2] v = {1, ...},
                     float[1] one = {3.5}, int64[2] shape = {0, 0}> {
      z = Any (w, u, v, one, shape)
    })"),
            R"(w: content a.weight|b.weight
u: content a.weight|b.weight
v: content c.weight
)");
}

TEST(TensorIdentity, ElementsThatAreNotFiniteMatchNothing) {
  // NaN and infinite elements, as the bits of a float16.
  EXPECT_EQ(Identify(kLinear, R"(
    main (x) => (z) <float16[2] nan = {14336, 32256}, float16[2] infinite = {14336, 31744}> {
      z = Any (nan, infinite)
    })"),
            "");
}

TEST(TensorIdentity, TypesThatAreNoNumbersMatchNothing) {
  EXPECT_EQ(Identify(kLinear, R"(
    main (x) => (z) <string[2] s = {"a", "b"}, bool[3] flags = {1, 0, 1}> {
      z = Any (s, flags)
    })"),
            "");
}

TEST(TensorIdentity, AnInputWithoutADefaultAndASparseTensorHoldNothing) {
  EXPECT_EQ(Identify(kLinear, R"(
    main (float[2] w, x) => (z) <sparse float[2] s = {0.5, 2} at {0, 1}> {
      z = Any (w, s)
    })"),
            "");
}

class ReadsNoWeights : public ::testing::Test {
 protected:
  // How many bytes of the model were read once it was indexed.
  static uint64_t BytesRead(absl::string_view hierarchy_lines, absl::string_view model) {
    const testing::RecordingSource source(testing::Model(model));
    const auto index = ModelIndex::Build(source, {});
    EXPECT_TRUE(index.ok()) << index.status();
    const uint64_t before = source.BytesRead();
    const GraphView graph(*index);
    const TensorIdentity identity(graph, HierarchyOf(hierarchy_lines), absl::nullopt);
    return source.BytesRead() - before;
  }
};

TEST_F(ReadsNoWeights, WhereNamesSettleEverything) {
  constexpr absl::string_view kModel = R"(
    main (x) => (z) <float[2,3] q.weight = {0, ...}, float[2] q.bias = {0, ...},
                     int64[3] q.steps = {0, ...}, float[2,3] other = {0, ...}> {
      z = Any (q.weight, q.bias, q.steps, other)
    })";
  EXPECT_EQ(BytesRead(kLinear, kModel), 0);
}

TEST_F(ReadsNoWeights, OfOtherSizesAndTypes) {
  EXPECT_EQ(BytesRead(kLinear, R"(
    main (x) => (z) <float[5] a = {0, ...}, int32[2,2] b = {0, ...}, float[3] c = {0, ...},
                     bool[2] d = {0, ...}, string[2] e = {"", ""}> {
      z = Any (a, b, c, d, e)
    })"),
            0);
}

TEST_F(ReadsNoWeights, ThatNobodyReads) {
  EXPECT_EQ(BytesRead(kLinear, "main (x) => (z) <float[2] b = {0.5, 2}> { z = Relu (x) }"), 0);
}

TEST_F(ReadsNoWeights, WithoutStats) {
  EXPECT_EQ(BytesRead(R"(
    ""  my.Model
    tensor bias float32[2]
  )",
                      "main (x) => (z) <float[2] b = {0.5, 2}> { z = Add (x, b) }"),
            0);
}

// The copy of a tied weight that was transposed has lost its name.
TEST(TensorIdentity, ATiedTensorMayHaveACopyWithoutItsName) {
  EXPECT_EQ(Identify(R"(
    ""     my.Model
    embed  torch.nn.modules.sparse.Embedding
    head   torch.nn.modules.linear.Linear
    tensor embed.weight float32[2,2] head.weight = 1 2 3 4
  )",
                     R"(
    main (x) => (z) <float[2,2] embed.weight = {1, 2, 3, 4},
                     float[2,2] "onnx::MatMul_9" = {1, 3, 2, 4}> {
      y = Gather (embed.weight, x)
      z = MatMul (y, "onnx::MatMul_9")
    })"),
            "embed.weight: name embed.weight\nonnx::MatMul_9: content embed.weight\n");
}

}  // namespace
}  // namespace modelexport
