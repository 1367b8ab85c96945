#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/hierarchy/readers/tagged_model.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// A line for each node of `model` that has a name of `tagged`, then the offer.
std::string Carried(absl::string_view tagged, absl::string_view model) {
  const TextGraph source(tagged, TaggedModelKeys());
  const absl::StatusOr<Hierarchy> hierarchy = ReadTaggedModel(source.view(), {});
  if (!hierarchy.ok()) return std::string(hierarchy.status().message());
  const TextGraph graph(model);
  const CarriedMatcher matcher;
  const MatchContext context(graph.view(), *hierarchy);
  const MatchResult result = matcher.Match(context);
  std::string text;
  for (const Candidate& candidate : result.candidates) {
    absl::StrAppend(&text, graph.view().Place(candidate.node), " ",
                    graph.view().op_type(candidate.node), " ",
                    hierarchy->module(candidate.module).path);
    if (candidate.call.valid()) {
      absl::StrAppend(&text, ", call ", hierarchy->call(candidate.call).ordinal);
    }
    if (candidate.op.valid()) absl::StrAppend(&text, ", makes op ", candidate.op.index());
    absl::StrAppend(&text, ": ", matcher.Reason(context, candidate), "\n");
  }
  return absl::StrCat(text, result.offer.resolved, " of ", result.offer.offered);
}

constexpr absl::string_view kTagged = R"(main (x) => (y) <float[2] w = {1, 2}> {
  [/a/MatMul] h = MatMul (x, w) {"modelexport.module": "a"}
  [/a/Add] h2 = Add (h, b) {"modelexport.module": "a"}
  [/relu/Relu] y = Relu (h2) {"modelexport.module": "relu"}
})";

TEST(CarriedMatcher, EqualValuesAndNodes) {
  EXPECT_EQ(Carried(kTagged, R"(main (x) => (y) <float[2] w = {1, 2}> {
              [Gemm_3] h2 = Gemm (x, w, b)
              q = QuantizeLinear (h2, s)
              d = DequantizeLinear (q, s)
              [/relu/Relu] y_before = Relu (d)
              y = DequantizeLinear (y_before, s)
              z = Neg (y)
            })"),
            "#0 Gemm a, call 0, makes op 1: the value \"h2\" is in the tagged model too, of Add "
            "\"/a/Add\"\n"
            "#3 Relu relu, call 0, makes op 2: the node \"/relu/Relu\" is in the tagged model too, "
            "of Relu \"/relu/Relu\"\n"
            "2 of 3");
}

// Which call is known where the tagged model says it.
TEST(CarriedMatcher, CallsAreThoseOfTheTaggedModel) {
  constexpr absl::string_view kCalls = R"(
    <ir_version: 10, metadata_props: ["modelexport.hierarchy": "{\"schema\":\"modelexport.hierarchy\",\"version\":1,\"modules\":[{\"path\":\"\"},{\"path\":\"act\",\"calls\":2}],\"calls\":[{\"module\":\"\"},{\"module\":\"act\",\"parent\":0},{\"module\":\"act\",\"parent\":0}]}"]>
    main (x) => (c) {
      a = Relu (x) {"modelexport.module": "act", "modelexport.call": "0"}
      b = Relu (a) {"modelexport.module": "act", "modelexport.call": "1"}
      c = Relu (b) {"modelexport.module": "act"}
    })";
  EXPECT_EQ(Carried(kCalls, "main (x) => (c) { a = Relu (x) b = Relu (a) c = Relu (b) }"),
            "#0 Relu act, call 0, makes op 0: the value \"a\" is in the tagged model too, of Relu\n"
            "#1 Relu act, call 1, makes op 1: the value \"b\" is in the tagged model too, of Relu\n"
            "#2 Relu act, makes op 2: the value \"c\" is in the tagged model too, of Relu\n"
            "3 of 3");
}

TEST(CarriedMatcher, AFusedNodeIsTheNodeWhoseOperatorItHas) {
  EXPECT_EQ(
      Carried(R"(main (x, r) => (y) {
              c = Conv (x, w) {"modelexport.module": "conv"}
              n = BatchNormalization (c, s) {"modelexport.module": "bn"}
              a = Add (n, r) {"modelexport.module": "block"}
              l = LayerNormalization (a, g) {"modelexport.module": "norm"}
              m = MatMul (l, v) {"modelexport.module": "fc"}
              y = Mul (m, k) {"modelexport.module": "scale"}
            })",
              R"(main (x, r) => (y) {
              n = Conv (x, w2)
              l = SkipLayerNormalization (n, r, g)
              y = FusedMatMul (l, v)
            })"),
      "#0 Conv conv, call 0, makes op 1: the value \"n\" is in the tagged model too, of Conv\n"
      "#1 SkipLayerNormalization norm, call 0, makes op 3: the value \"l\" is in the tagged "
      "model too, of LayerNormalization\n"
      "#2 FusedMatMul fc, call 0, makes op 5: the value \"y\" is in the tagged model too, of "
      "MatMul\n"
      "3 of 3");
}

// ONNX Runtime's nodes in blocks of channels make new values, and bear the names of the old ones.
TEST(CarriedMatcher, BlocksOfChannels) {
  EXPECT_EQ(
      Carried(R"(main (x) => (y) {
              c = Conv (x, w) {"modelexport.module": "conv"}
              r = Relu (c) {"modelexport.module": "relu"}
              p = MaxPool (r) {"modelexport.module": "pool"}
              d = Conv (p, v) {"modelexport.module": "conv2"}
              y = Relu (d) {"modelexport.module": "relu2"}
            })",
              R"(<ir_version: 8, opset_import: ["": 17, "com.microsoft.nchwc": 1]>
            main (x) => (y) {
              [r_nchwc] r8 = com.microsoft.nchwc.Conv (x, w8)
              [p_nchwc_token_7] p8 = com.microsoft.nchwc.MaxPool (r8)
              [y_nchwc] y8 = com.microsoft.nchwc.Conv (p8, v8)
              [ReorderOutput] y = com.microsoft.nchwc.ReorderOutput (y8)
              [d_nchwc] z = Neg (y)
              [e_nchwc] z2 = com.microsoft.nchwc.Conv (p8, v8)
            })"),
      "#0 Conv conv, call 0, makes op 1: the value \"r\" is in the tagged model too, of Conv\n"
      "#1 MaxPool pool, call 0, makes op 2: the value \"p\" is in the tagged model too, of "
      "MaxPool\n"
      "#2 Conv conv2, call 0, makes op 4: the value \"y\" is in the tagged model too, of Conv\n"
      "3 of 3");
}

// Another export of the model, with one more operator, numbers the same names anew: "add_1" here is
// "add" there.
TEST(CarriedMatcher, NamesOfNodesThatReadSomethingElseSayNothing) {
  EXPECT_EQ(Carried(R"(main (x) => (add_1) <float[2] a = {1, 2}, float[2] b = {3, 4}> {
              linear = MatMul (x, a) {"modelexport.module": "a"}
              add = Add (linear, x) {"modelexport.module": "first"}
              linear_1 = MatMul (add, b) {"modelexport.module": "b"}
              add_1 = Add (linear_1, add) {"modelexport.module": "second"}
            })",
                    R"(main (x) => (add_2) <float[2] a = {1, 2}, float[2] b = {3, 4}> {
              add = Add (x, x)
              linear = MatMul (add, a)
              add_1 = Add (linear, add)
              linear_1 = MatMul (add_1, b)
              add_2 = Add (linear_1, add_1)
            })"),
            "#1 MatMul a, call 0, makes op 0: the value \"linear\" is in the tagged model too, of "
            "MatMul\n"
            "1 of 4");
}

// A tool may replace an operand: by an equal one, or by one that it made anew.
TEST(CarriedMatcher, OperandsMayBeReplaced) {
  constexpr absl::string_view kTwins = R"(main (x) => (y) {
    a = Exp (x) {"modelexport.module": "a"}
    b = Exp (x) {"modelexport.module": "b"}
    y = Sub (a, b) {"modelexport.module": "c"}
  })";
  EXPECT_EQ(Carried(kTwins, "main (x) => (y) { a = Exp (x) y = Sub (a, a) }"),
            "#0 Exp a, call 0, makes op 0: the value \"a\" is in the tagged model too, of Exp\n"
            "#1 Sub c, call 0, makes op 2: the value \"y\" is in the tagged model too, of Sub\n"
            "2 of 2");
  EXPECT_EQ(Carried(kTwins, R"(main (x) => (y) {
              a = Exp (x)
              b = Exp (x)
              b_cast = Cast (b)
              y = Sub (a, b_cast)
            })"),
            "#0 Exp a, call 0, makes op 0: the value \"a\" is in the tagged model too, of Exp\n"
            "#1 Exp b, call 0, makes op 1: the value \"b\" is in the tagged model too, of Exp\n"
            "#3 Sub c, call 0, makes op 2: the value \"y\" is in the tagged model too, of Sub\n"
            "3 of 3");
}

TEST(CarriedMatcher, NamesThatSeveralHaveOrThatHaveNoEvidenceSayNothing) {
  EXPECT_EQ(Carried(R"(main (x) => (y) {
              [n] a = Exp (x) {"modelexport.module": "a"}
              [n] b = Exp (x) {"modelexport.module": "b"}
              c = Neg (x) {"modelexport.module": "", "modelexport.evidence": "none"}
            })",
                    "main (x) => (y) { [n] a2 = Exp (x) c = Neg (x) }"),
            "0 of 0");
}

// Functions have names of their own; bodies share those of the graph around.
TEST(CarriedMatcher, BodiesButNotFunctions) {
  EXPECT_EQ(Carried(R"(main (x) => (y) {
              y = If (x) <
                then_branch = yes () => (t) { t = Relu (x) {"modelexport.module": "a.then"} }
              > {"modelexport.module": "a"}
            })",
                    R"(main (x) => (y) {
              y = If (x) < then_branch = yes () => (t) { t = Relu (x) } >
              z = local.F (x)
            }
            <domain: "local">
            F (x) => (t) { t = Relu (x) })"),
            "#0 If a, call 0, makes op 1: the value \"y\" is in the tagged model too, of If\n"
            "/0:then_branch#0 Relu a.then, call 0, makes op 0: the value \"t\" is in the tagged "
            "model too, of Relu\n"
            "2 of 2");
}

TEST(CarriedMatcher, NeedsATaggedModel) {
  const Hierarchy hierarchy = testing::HierarchyOf("\"\" my.Model");
  EXPECT_EQ(CarriedMatcher().MissingFrom(hierarchy), "the hierarchy is not that of a tagged model");
  const TextGraph graph("main (x) => (y) { y = Relu (x) }");
  EXPECT_TRUE(CarriedMatcher().Match({graph.view(), hierarchy}).candidates.empty());
}

}  // namespace
}  // namespace modelexport
