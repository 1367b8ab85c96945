// The naming rules of the TorchScript exporter, one case for each trap, over names of nodes and of
// values.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// The same hierarchy from a sidecar that was made without running the model.
std::string WithoutCalls(absl::string_view hierarchy) {
  std::vector<absl::string_view> lines = absl::StrSplit(hierarchy, '\n');
  const auto is_call = [](absl::string_view line) {
    return absl::StartsWith(absl::StripLeadingAsciiWhitespace(line), "call ");
  };
  lines.erase(std::remove_if(lines.begin(), lines.end(), is_call), lines.end());
  return absl::StrJoin(lines, "\n");
}

std::string ToText(const Hierarchy& hierarchy, const Candidate& candidate) {
  const absl::string_view path = hierarchy.module(candidate.module).path;
  std::string text = candidate.exact ? "" : "within ";
  absl::StrAppend(&text, path.empty() ? "." : path);
  if (candidate.call.valid()) {
    absl::StrAppend(&text, " call ", hierarchy.call(candidate.call).ordinal);
  }
  return text;
}

class ScopeNameMatcherTest : public ::testing::TestWithParam<EvidenceKind> {
 protected:
  // A node for each name, which it bears itself, or has from its value.
  TextGraph GraphOf(const std::vector<std::string>& names) const {
    std::string nodes;
    for (size_t i = 0; i < names.size(); ++i) {
      if (GetParam() == EvidenceKind::kNodeName) {
        absl::StrAppend(&nodes, "[\"", names[i], "\"] v", i, " = Op ()\n");
      } else {
        absl::StrAppend(&nodes, "\"", names[i], "_output_0\" = Op ()\n");
      }
    }
    return TextGraph(absl::StrCat("main () => () {\n", nodes, "}"));
  }

  // A line for each name, then the notes.
  std::string Match(absl::string_view hierarchy_lines, const std::vector<std::string>& names) {
    const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
    const TextGraph graph = GraphOf(names);
    const MatchResult result = ScopeNameMatcher(GetParam()).Match({graph.view(), hierarchy});
    std::vector<std::string> lines(names.size());
    for (const Candidate& candidate : result.candidates) {
      std::string& line = lines[candidate.node.index()];
      absl::StrAppend(&line, line.empty() ? "" : " or ", ToText(hierarchy, candidate));
    }
    std::string text;
    for (size_t i = 0; i < names.size(); ++i) {
      absl::StrAppend(&text, names[i], " -> ", lines[i].empty() ? "nothing" : lines[i], "\n");
    }
    for (const std::string& note : result.notes) absl::StrAppend(&text, note, "\n");
    return text;
  }

  // The line of a note.
  static std::string Noted(absl::string_view note) {
    return absl::StrCat(modelexport::NameOf(GetParam()), ": ", note, "\n");
  }
};

INSTANTIATE_TEST_SUITE_P(Names, ScopeNameMatcherTest,
                         ::testing::Values(EvidenceKind::kNodeName, EvidenceKind::kValueName),
                         [](const auto& info) {
                           return info.param == EvidenceKind::kNodeName ? "OfNodes" : "OfValues";
                         });

constexpr absl::string_view kSequentials = R"(
  ""           my.Model
  seq          torch.nn.modules.container.Sequential
  seq.0        torch.nn.modules.container.Sequential
  seq.0.0      torch.nn.modules.linear.Linear
  layer        torch.nn.modules.container.Sequential
  layer.0      my.Block
  layer.0.conv torch.nn.modules.conv.Conv2d
  call ""
    call seq
      call seq.0
        call seq.0.0
    call layer
      call layer.0
        call layer.0.conv
)";

TEST_P(ScopeNameMatcherTest, ACalledSequentialDoublesItsName) {
  EXPECT_EQ(Match(kSequentials,
                  {"/seq/seq.0/seq.0.0/MatMul", "/layer/layer.0/conv/Conv", "/layer/layer.0/Add"}),
            R"(/seq/seq.0/seq.0.0/MatMul -> seq.0.0 call 0
/layer/layer.0/conv/Conv -> layer.0.conv call 0
/layer/layer.0/Add -> layer.0 call 0
)");
}

constexpr absl::string_view kIterated = R"(
  ""           my.Model
  sub          torch.nn.modules.container.Sequential
  sub.0        torch.nn.modules.linear.Linear
  sub.1        torch.nn.modules.container.Sequential
  sub.1.0      torch.nn.modules.linear.Linear
  call ""
    call sub.0
    call sub.1
      call sub.1.0
)";

TEST_P(ScopeNameMatcherTest, AnIteratedSequentialLeavesNoName) {
  EXPECT_EQ(Match(kIterated, {"/sub.0/MatMul", "/sub.1/sub.1.0/MatMul"}),
            "/sub.0/MatMul -> sub.0 call 0\n/sub.1/sub.1.0/MatMul -> sub.1.0 call 0\n");
}

constexpr absl::string_view kLists = R"(
  ""               my.Model
  encoder          my.Encoder
  encoder.layer    torch.nn.modules.container.ModuleList
  encoder.layer.0  my.Layer
  encoder.layer.0.q  torch.nn.modules.linear.Linear
  encoder.layer.10  my.Layer
  d                torch.nn.modules.container.ModuleDict
  d.a              torch.nn.modules.linear.Linear
  par              torch.nn.modules.container.ModuleDict
  par.x            torch.nn.modules.container.ModuleList
  par.x.0          torch.nn.modules.linear.Linear
  call ""
    call encoder
      call encoder.layer.0
        call encoder.layer.0.q
      call encoder.layer.10
    call d.a
    call par.x.0
)";

TEST_P(ScopeNameMatcherTest, AModuleListIsPartOfItsModulesNames) {
  const std::vector<std::string> names = {"/encoder/layer.0/q/MatMul", "/encoder/layer.0/Add",
                                          "/encoder/layer.10/Add", "/encoder/Add"};
  EXPECT_EQ(Match(kLists, names), R"(/encoder/layer.0/q/MatMul -> encoder.layer.0.q call 0
/encoder/layer.0/Add -> encoder.layer.0 call 0
/encoder/layer.10/Add -> encoder.layer.10 call 0
/encoder/Add -> encoder call 0
)");
  EXPECT_EQ(Match(WithoutCalls(kLists), names),
            R"(/encoder/layer.0/q/MatMul -> encoder.layer.0.q
/encoder/layer.0/Add -> encoder.layer.0
/encoder/layer.10/Add -> encoder.layer.10
/encoder/Add -> encoder
)");
}

TEST_P(ScopeNameMatcherTest, TheNameOfAModuleDictIsLost) {
  const std::vector<std::string> names = {"/a/MatMul", "/x.0/MatMul"};
  EXPECT_EQ(Match(kLists, names), "/a/MatMul -> d.a call 0\n/x.0/MatMul -> par.x.0 call 0\n");
  EXPECT_EQ(Match(WithoutCalls(kLists), names), "/a/MatMul -> d.a\n/x.0/MatMul -> par.x.0\n");
}

TEST_P(ScopeNameMatcherTest, TheRootIsASequential) {
  EXPECT_EQ(Match(R"(
    ""   torch.nn.modules.container.Sequential
    0    torch.nn.modules.linear.Linear
    1    torch.nn.modules.container.Sequential
    1.0  torch.nn.modules.activation.ReLU
    call ""
      call 0
      call 1
        call 1.0
  )",
                  {"/0/Gemm", "/1/1.0/Relu"}),
            "/0/Gemm -> 0 call 0\n/1/1.0/Relu -> 1.0 call 0\n");
}

constexpr absl::string_view kRepeated = R"(
  ""          my.Model
  shared      my.Block
  shared.q    torch.nn.modules.linear.Linear
  shared.act  torch.nn.modules.activation.ReLU
  call ""
    call shared
      call shared.q
      call shared.act
      call shared.act
    call shared
      call shared.q
      call shared.act
      call shared.act
)";

// The number stands on the last segment, whichever call of a parent it was.
TEST_P(ScopeNameMatcherTest, ARepeatedCallIsNumberedOnTheLastSegment) {
  const std::vector<std::string> names = {
      "/shared/q/MatMul",   "/shared/act/Relu",   "/shared/act_1/Relu", "/shared/Add",
      "/shared/q_1/MatMul", "/shared/act_2/Relu", "/shared/act_3/Relu", "/shared_1/Add"};
  EXPECT_EQ(Match(kRepeated, names), R"(/shared/q/MatMul -> shared.q call 0
/shared/act/Relu -> shared.act call 0
/shared/act_1/Relu -> shared.act call 1
/shared/Add -> shared call 0
/shared/q_1/MatMul -> shared.q call 1
/shared/act_2/Relu -> shared.act call 2
/shared/act_3/Relu -> shared.act call 3
/shared_1/Add -> shared call 1
)");
  EXPECT_EQ(Match(WithoutCalls(kRepeated), names), R"(/shared/q/MatMul -> shared.q
/shared/act/Relu -> shared.act
/shared/act_1/Relu -> shared.act
/shared/Add -> shared
/shared/q_1/MatMul -> shared.q
/shared/act_2/Relu -> shared.act
/shared/act_3/Relu -> shared.act
/shared_1/Add -> shared
)");
}

constexpr absl::string_view kRelu = R"(
  ""       my.Model
  relu     torch.nn.modules.activation.ReLU
  relu_1   torch.nn.modules.activation.ReLU
)";

// Whichever comes second, the file says /relu_1/Relu and then /relu_1/Relu_1.
TEST_P(ScopeNameMatcherTest, ReluTwiceNextToRelu1IsAmbiguousInBothOrdersOfCalls) {
  const std::vector<std::string> names = {"/relu/Relu", "/relu_1/Relu", "/relu_1/Relu_1"};
  const std::string expected = R"(/relu/Relu -> relu call 0
/relu_1/Relu -> relu_1 call 0 or relu call 1
/relu_1/Relu_1 -> relu_1 call 0 or relu call 1
)";
  const std::string relu = "    call relu\n", relu_1 = "    call relu_1\n";
  const std::string modules = absl::StrCat(kRelu, "  call \"\"\n");
  EXPECT_EQ(Match(absl::StrCat(modules, relu, relu, relu_1), names), expected);
  EXPECT_EQ(Match(absl::StrCat(modules, relu, relu_1, relu), names), expected);
}

TEST_P(ScopeNameMatcherTest, WithoutCallsAnExactNameGoesBeforeANumber) {
  EXPECT_EQ(Match(kRelu, {"/relu/Relu", "/relu_1/Relu"}),
            "/relu/Relu -> relu\n/relu_1/Relu -> relu_1\n");
}

constexpr absl::string_view kAlias = R"(
  ""            my.Model
  enc           my.Encoder
  enc.linear1   torch.nn.modules.linear.Linear   alias
  enc.linear2   torch.nn.modules.linear.Linear
  call ""
    call enc
      call enc.linear2
    call enc.linear1
)";

TEST_P(ScopeNameMatcherTest, ASharedModuleAppearsUnderItsFirstNameWhereItIsCalled) {
  EXPECT_EQ(Match(kAlias, {"/linear1/MatMul", "/enc/linear2/MatMul", "/enc/linear1/MatMul",
                           "/alias/MatMul"}),
            R"(/linear1/MatMul -> enc.linear1 call 0
/enc/linear2/MatMul -> enc.linear2 call 0
/enc/linear1/MatMul -> within enc
/alias/MatMul -> nothing
)");
}

TEST_P(ScopeNameMatcherTest, WithoutCallsTheOnlyModuleOfThatNameMayBeCalledFromAnywhere) {
  EXPECT_EQ(Match(WithoutCalls(kAlias), {"/linear1/MatMul", "/enc/linear1_1/MatMul"}),
            "/linear1/MatMul -> enc.linear1\n/enc/linear1_1/MatMul -> enc.linear1\n");
  EXPECT_EQ(Match(R"(
    ""         my.Model
    enc        my.Encoder
    enc.proj   torch.nn.modules.linear.Linear
    dec        my.Decoder
    dec.proj   torch.nn.modules.linear.Linear
  )",
                  {"/enc/Add", "/proj/MatMul"}),
            "/enc/Add -> enc\n/proj/MatMul -> nothing\n");
}

// MultiheadAttention uses the parameters of out_proj and never calls it.
TEST_P(ScopeNameMatcherTest, AChildThatIsNotCalledLeavesItsNodesToItsParent) {
  EXPECT_EQ(Match(R"(
    ""                     my.Model
    enc                    my.Layer
    enc.self_attn          torch.nn.modules.activation.MultiheadAttention
    enc.self_attn.out_proj torch.nn.modules.linear.NonDynamicallyQuantizableLinear
    call ""
      call enc
        call enc.self_attn
  )",
                  {"/enc/self_attn/Gemm", "/enc/self_attn/out_proj/Gemm"}),
            R"(/enc/self_attn/Gemm -> enc.self_attn call 0
/enc/self_attn/out_proj/Gemm -> within enc.self_attn
)");
}

TEST_P(ScopeNameMatcherTest, NamesWithoutAScopeSayNothing) {
  EXPECT_EQ(Match(kLists, {"Identity_4", "Constant_81", "node_linear_2", "n0_5", "Gemm_2", ""}),
            "Identity_4 -> nothing\nConstant_81 -> nothing\nnode_linear_2 -> nothing\n"
            "n0_5 -> nothing\nGemm_2 -> nothing\n -> nothing\n");
}

TEST_P(ScopeNameMatcherTest, FunctionalOperatorsBelongToTheModuleAroundThem) {
  EXPECT_EQ(Match(kLists, {"/Add", "/Shape", "/Constant_2", "/encoder/layer.0/Mul_3"}),
            R"(/Add -> . call 0
/Shape -> . call 0
/Constant_2 -> . call 0
/encoder/layer.0/Mul_3 -> encoder.layer.0 call 0
)");
}

// What optimisers append names no module: the longest known beginning counts, as a restriction.
TEST_P(ScopeNameMatcherTest, AnUnknownEndLeavesTheLongestKnownBeginning) {
  EXPECT_EQ(Match(kAlias, {"/enc/linear2/MatMul/MatMulAddFusion", "/enc/other/x/Add",
                           "/other/linear1/Add", "/enc//Add"}),
            R"(/enc/linear2/MatMul/MatMulAddFusion -> within enc.linear2
/enc/other/x/Add -> within enc
/other/linear1/Add -> nothing
/enc//Add -> within enc
)");
}

// Of two ModuleDicts with one key: the exporter numbers the calls, not the modules.
TEST_P(ScopeNameMatcherTest, TwoModulesMayShareOneScope) {
  constexpr absl::string_view kDicts = R"(
    ""     my.Model
    a      torch.nn.modules.container.ModuleDict
    a.x    torch.nn.modules.linear.Linear
    b      torch.nn.modules.container.ModuleDict
    b.x    torch.nn.modules.linear.Linear
    call ""
      call b.x
      call a.x
      call b.x
  )";
  EXPECT_EQ(Match(kDicts, {"/x/MatMul", "/x_1/MatMul", "/x_2/MatMul"}),
            "/x/MatMul -> b.x call 0\n/x_1/MatMul -> a.x call 0\n/x_2/MatMul -> b.x call 1\n");
  EXPECT_EQ(Match(WithoutCalls(kDicts), {"/x/MatMul", "/x_1/MatMul"}),
            "/x/MatMul -> a.x or b.x\n/x_1/MatMul -> a.x or b.x\n");
}

TEST_P(ScopeNameMatcherTest, TheFileMayHaveAWrapper) {
  EXPECT_EQ(
      Match(kAlias, {"/model/enc/linear2/MatMul", "/model/enc/Add", "/model/Add", "/Div"}),
      R"(/model/enc/linear2/MatMul -> enc.linear2 call 0
/model/enc/Add -> enc call 0
/model/Add -> . call 0
/Div -> . call 0
)" + std::string(modelexport::NameOf(GetParam())) +
          ": the file's scopes lie below \"model\", a wrapper that the hierarchy does not have\n");
}

constexpr absl::string_view kWrapped = R"(
  ""                  my.Wrapper
  model               my.Model
  model.enc           my.Encoder
  model.enc.linear2   torch.nn.modules.linear.Linear
  call ""
    call model
      call model.enc
        call model.enc.linear2
)";

TEST_P(ScopeNameMatcherTest, TheHierarchyMayHaveAWrapper) {
  const std::string note = absl::StrCat(
      modelexport::NameOf(GetParam()),
      ": the file's scopes begin at \"model\", below a wrapper that the file does not have\n");
  const std::vector<std::string> names = {"/enc/linear2/MatMul", "/enc/Add", "/Add"};
  EXPECT_EQ(Match(kWrapped, names), R"(/enc/linear2/MatMul -> model.enc.linear2 call 0
/enc/Add -> model.enc call 0
/Add -> model call 0
)" + note);
  // A called Sequential at the root of the file does not look like one.
  EXPECT_EQ(Match(kWrapped, {"/model/enc/linear2/MatMul", "/Add"}),
            "/model/enc/linear2/MatMul -> model.enc.linear2 call 0\n/Add -> . call 0\n");
}

std::string Explained(EvidenceKind kind, const Hierarchy& hierarchy, const GraphView& graph) {
  const MatchContext context{graph, hierarchy};
  const ScopeNameMatcher matcher(kind);
  std::string text;
  const MatchResult result = matcher.Match(context);
  for (const Candidate& candidate : result.candidates) {
    absl::StrAppend(&text, graph.Place(candidate.node), " -> ", ToText(hierarchy, candidate), " (",
                    matcher.Reason(context, candidate), ")\n");
  }
  return absl::StrCat(text, result.offer.resolved, " of ", result.offer.offered, "\n");
}

// The names of both kinds in one model: the bodies of a Loop, outputs left out, graph outputs that
// keep the user's names. Nodes of bodies come behind those of the main graph.
TEST(ScopeNameMatcher, ReasonsOffersAndBodies) {
  const Hierarchy hierarchy = HierarchyOf(kIterated);
  const TextGraph graph(R"(main (x) => (logits) {
    [/sub.0/Loop] "/sub.0/Loop_output_0" = Loop (x) <
      body = sub_graph () => (t) { [/sub.1/sub.1.0/Add] "/sub.1/sub.1.0/Add_output_0" = Add (x, x) }
    >
    [Split_3] "", "/sub.1/Split_output_1" = Split (x)
    [/other/MatMul] logits = MatMul (x, x)
    [/sub.1/MatMul/Fused] y = MatMul (x, x)
    [/Add] "/Add_output_0" = Add (x, x)
  })");
  EXPECT_EQ(Explained(EvidenceKind::kNodeName, hierarchy, graph.view()),
            R"(#0 -> sub.0 call 0 (node name "/sub.0/Loop", scope "/sub.0")
#3 -> within sub.1 (node name "/sub.1/MatMul/Fused", scope "/sub.1/MatMul", of which only the beginning is known)
#4 -> . call 0 (node name "/Add", scope "/")
/0:body#0 -> sub.1.0 call 0 (node name "/sub.1/sub.1.0/Add", scope "/sub.1/sub.1.0")
3 of 4
)");
  EXPECT_EQ(Explained(EvidenceKind::kValueName, hierarchy, graph.view()),
            R"(#0 -> sub.0 call 0 (value name "/sub.0/Loop_output_0", scope "/sub.0")
#1 -> sub.1 call 0 (value name "/sub.1/Split_output_1", scope "/sub.1")
#4 -> . call 0 (value name "/Add_output_0", scope "/")
/0:body#0 -> sub.1.0 call 0 (value name "/sub.1/sub.1.0/Add_output_0", scope "/sub.1/sub.1.0")
3 of 3
)");
}

// ONNX Runtime made one Reshape of two.
TEST(ScopeNameMatcher, WhereAToolNamedANodeItsResultSpeaks) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    ""    my.Net
    attn  my.Attention
    proj  my.Linear
  )");
  const TextGraph graph(R"(main (x) => (y) {
    [/attn/Reshape_1_new] "/proj/Reshape_output_0" = Reshape (x, s)
    [/attn/Reshape_2_new] y = Reshape (x, s)
    [/attn/Reshape_3] "/proj/Identity_output_0" = Reshape (x, s)
  })");
  EXPECT_EQ(Explained(EvidenceKind::kNodeName, hierarchy, graph.view()),
            R"(#1 -> attn (node name "/attn/Reshape_2_new", scope "/attn")
#2 -> attn (node name "/attn/Reshape_3", scope "/attn")
2 of 2
)");
}

// ONNX Runtime's nodes in blocks of channels bear the names of the values that they made before. A
// BatchNormalization became a Conv there.
TEST(ScopeNameMatcher, BlocksOfChannels) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    ""    my.Net
    conv  my.Conv
    norm  my.Norm
  )");
  const TextGraph graph(R"(<ir_version: 8, opset_import: ["": 17, "com.microsoft.nchwc": 1]>
    main (x) => ("/norm/BatchNormalization_output_0") {
      ["/conv/Conv_output_0_nchwc_token_2"] c = com.microsoft.nchwc.Conv (x, w)
      ["/norm/BatchNormalization_output_0_bn_nchwc"] n = com.microsoft.nchwc.Conv (c, v)
      [ReorderOutput] "/norm/BatchNormalization_output_0" = com.microsoft.nchwc.ReorderOutput (n)
    })");
  EXPECT_EQ(Explained(EvidenceKind::kNodeName, hierarchy, graph.view()), "0 of 0\n");
  EXPECT_EQ(Explained(EvidenceKind::kValueName, hierarchy, graph.view()),
            R"(#0 -> conv (value name "/conv/Conv_output_0", scope "/conv")
#1 -> norm (value name "/norm/BatchNormalization_output_0", scope "/norm")
2 of 2
)");
}

// Sidecars of other tools leave out the classes of torch.nn, called Sequentials among them.
TEST_P(ScopeNameMatcherTest, AContainerThatIsNotListedMayHaveBeenCalled) {
  EXPECT_EQ(Match(R"(
    ""           my.ResNet
    layer1.0     my.Block
    layer1.1     my.Block
  )",
                  {"/layer1/layer1.0/conv1/Conv", "/layer1/layer1.1/Add", "/layer1.1/Add"}),
            R"(/layer1/layer1.0/conv1/Conv -> within layer1.0
/layer1/layer1.1/Add -> layer1.1
/layer1.1/Add -> layer1.1
)");
}

constexpr absl::string_view kTwoTowers = R"(
  ""             my.Towers
  vision         my.Vision
  vision.stem    my.Stem
  vision.stem.q  my.Linear
  vision.head    my.Linear
  text           my.Text
  text.stem      my.Stem
  text.stem.q    my.Linear
  text.words     my.Linear
  call ""
    call vision
      call vision.stem
        call vision.stem.q
      call vision.head
    call text
      call text.stem
        call text.stem.q
      call text.words
)";

TEST_P(ScopeNameMatcherTest, TheFileMayBeAPartOfTheModel) {
  EXPECT_EQ(Match(kTwoTowers, {"/stem/q/Op", "/head/Op", "/Op"}),
            R"(/stem/q/Op -> vision.stem.q call 0
/head/Op -> vision.head call 0
/Op -> vision call 0
)" + Noted("the file's scopes begin at \"vision\", below a wrapper that the file does not have"));
}

// Without "/head/Op" it may be either part; then its own root is not that of the hierarchy.
TEST_P(ScopeNameMatcherTest, WhichPartOfTheModelMayNotBeKnown) {
  EXPECT_EQ(Match(kTwoTowers, {"/stem/q/Op", "/Op"}), R"(/stem/q/Op -> nothing
/Op -> nothing
)");
}

TEST_P(ScopeNameMatcherTest, TheFileMayHaveSeveralWrappers) {
  EXPECT_EQ(Match(kTwoTowers, {"/a/b/vision/stem/q/Op", "/a/b/text/words/Op", "/a/Op"}),
            R"(/a/b/vision/stem/q/Op -> vision.stem.q call 0
/a/b/text/words/Op -> text.words call 0
/a/Op -> . call 0
)" + Noted("the file's scopes lie below \"a/b\", a wrapper that the hierarchy does not have"));
}

TEST_P(ScopeNameMatcherTest, AToolMayHavePutAPrefixBeforeAllNames) {
  EXPECT_EQ(Match(kTwoTowers, {"m1_/vision/stem/q/Op", "m1_/text/words/Op", "m1_/Op", "x"}),
            R"(m1_/vision/stem/q/Op -> vision.stem.q call 0
m1_/text/words/Op -> text.words call 0
m1_/Op -> . call 0
x -> nothing
)" + Noted("all names begin with \"m1_\""));
}

TEST_P(ScopeNameMatcherTest, AToolMayHaveReplacedCharacters) {
  constexpr absl::string_view kHierarchy = R"(
    ""             my.Net
    blocks         torch.nn.modules.container.ModuleList
    blocks.0       my.Block
    blocks.0.attn  my.Attention
    act            my.Act
    call ""
      call blocks.0
        call blocks.0.attn
      call act
      call act
  )";
  EXPECT_EQ(Match(kHierarchy, {"_blocks_0_attn_Op_1", "_blocks_0_Op", "_act_Op", "_act_1_Op",
                               "_other_Op", "_Op"}),
            R"(_blocks_0_attn_Op_1 -> blocks.0.attn call 0
_blocks_0_Op -> blocks.0 call 0
_act_Op -> act call 0
_act_1_Op -> act call 1
_other_Op -> nothing
_Op -> nothing
)" + Noted("names have \"_\" for other characters than letters and digits"));
}

// "_a_b_Op" is "/a_b/Op" or "/a/b/Op".
TEST_P(ScopeNameMatcherTest, ReplacedCharactersMayLeaveSeveralNames) {
  EXPECT_EQ(Match(R"(
    ""   my.Net
    a    my.A
    a.b  my.B
    a_b  my.C
    c    my.C
    d    my.C
  )",
                  {"_a_b_Op", "_c_Op", "_d_Op"}),
            R"(_a_b_Op -> nothing
_c_Op -> c
_d_Op -> d
)" + Noted("names have \"_\" for other characters than letters and digits"));
}

TEST_P(ScopeNameMatcherTest, AModuleMayHaveAnotherNameIfItsChildrenTell) {
  EXPECT_EQ(Match(R"(
    ""             my.Net
    a              my.Block
    a.self_attn    my.Attention
    a.self_attn.q  my.Linear
    a.self_attn.k  my.Linear
    a.mlp          my.Mlp
    a.mlp.up       my.Linear
    a.mlp.q        my.Linear
    b              my.Block
    b.self_attn    my.Attention
    b.self_attn.k  my.Linear
    call ""
      call a
        call a.self_attn
          call a.self_attn.q
          call a.self_attn.k
        call a.mlp
          call a.mlp.up
          call a.mlp.q
      call b
        call b.self_attn
          call b.self_attn.k
  )",
                  {"/a/attn/k/Op", "/a/attn/k/x/Op", "/a/attn/Op", "/a/ffn/q/Op", "/a/both/k/Op",
                   "/a/both/up/Op", "/b/attn/Op", "/w/self_attn/Op"}),
            R"(/a/attn/k/Op -> a.self_attn.k call 0
/a/attn/k/x/Op -> within a.self_attn.k
/a/attn/Op -> a.self_attn call 0
/a/ffn/q/Op -> within a
/a/both/k/Op -> within a
/a/both/up/Op -> within a
/b/attn/Op -> within b
/w/self_attn/Op -> nothing
)");
}

// Such exports lose segments of the scopes of later calls.
TEST_P(ScopeNameMatcherTest, TorchScriptModulesNameTheChildrenOfASequentialByTheirNumbers) {
  EXPECT_EQ(Match(R"(
    ""         my.Net
    stack      torch.nn.modules.container.Sequential
    stack.0    my.Linear
    stack.1    my.Block
    stack.1.q  my.Linear
    call ""
      call stack
        call stack.0
        call stack.1
          call stack.1.q
  )",
                  {"/stack/0/Op", "/stack/1/Op", "/stack/1/q/Op", "/Op"}),
            R"(/stack/0/Op -> stack.0 call 0
/stack/1/Op -> within stack.1 call 0
/stack/1/q/Op -> stack.1.q call 0
/Op -> within . call 0
)");
}

}  // namespace
}  // namespace modelexport
