#include "modelexport/modules/pattern.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

const TestOwned& Model() {
  static const TestOwned* const kModel = new TestOwned(R"(
    main (x) => (y) {
      [root] p = Neg (x)
      [layer.0] q = MatMul (p)
      [layer.0.norm] r = Div (q)
      [layer.1] s = MatMul (r)
      [layer.1.norm] t = Div (s)
      u = MatMul (t)
      [head] y = com.microsoft.Gelu (u)
    })",
                                                       R"(
    ""           my.Net
    layer        torch.nn.modules.container.ModuleList
    layer.0      my.Layer
    layer.0.norm torch.nn.LayerNorm
    layer.1      my.Layer
    layer.1.norm torch.nn.LayerNorm
    layer.2      other.Layer
    head         my.Head  1  tied.head)");
  return *kModel;
}

std::string Nodes(const std::vector<std::string>& texts, Subtrees subtrees = Subtrees::kIncluded) {
  const absl::StatusOr<Pattern> pattern = Pattern::Parse(texts);
  if (!pattern.ok()) {
    EXPECT_EQ(FaultOf(pattern.status()), Fault::kUsage);
    return std::string(pattern.status().message());
  }
  const absl::StatusOr<std::vector<NodeId>> nodes = pattern->Nodes(Model().owned(), subtrees);
  if (nodes.ok()) return Model().Places(*nodes);
  EXPECT_EQ(FaultOf(nodes.status()), Fault::kJudged);
  return std::string(nodes.status().message());
}

TEST(Pattern, Paths) {
  EXPECT_EQ(Nodes({"layer.0"}), "#1 #2");
  EXPECT_EQ(Nodes({"layer.[1-5]"}), "#3 #4");
  EXPECT_EQ(Nodes({"**.norm"}), "#2 #4");
  EXPECT_EQ(Nodes({"tied.head"}), "#6");
  EXPECT_EQ(Nodes({"tied.*"}), "#6");
}

TEST(Pattern, NodesThatDoWorkOfAModule) {
  const TestOwned model(R"(main (x) => (y) { ["conv also bn"] p = Conv (x) [act] y = Relu (p) })",
                        R"("" my.Net
    conv my.Conv
    bn my.Norm
    act my.Act)");
  const absl::StatusOr<Pattern> pattern = Pattern::Parse({"bn"});
  ASSERT_TRUE(pattern.ok());
  EXPECT_EQ(model.Places(*pattern->Nodes(model.owned(), Subtrees::kIncluded)), "#0");
  OwnedGraph owners_alone = model.owned();
  owners_alone.also = nullptr;
  EXPECT_EQ(pattern->Nodes(owners_alone, Subtrees::kIncluded).status().message(),
            "what the patterns match has no nodes");
}

// Node 5 is of no known module.
TEST(Pattern, TheRootHasAllThatIsAttributed) {
  EXPECT_EQ(Nodes({"."}), "#0 #1 #2 #3 #4 #6");
  EXPECT_EQ(Nodes({"."}, Subtrees::kExcluded), "#0");
}

TEST(Pattern, WithoutSubtrees) { EXPECT_EQ(Nodes({"layer.*"}, Subtrees::kExcluded), "#1 #3"); }

TEST(Pattern, Classes) {
  EXPECT_EQ(Nodes({"class:LayerNorm"}), "#2 #4");
  EXPECT_EQ(Nodes({"class:my.Layer"}), "#1 #2 #3 #4");
  EXPECT_EQ(Nodes({"class:Head,class:Net"}, Subtrees::kExcluded), "#0 #6");
  EXPECT_EQ(Nodes({"class:*Norm"}), "#2 #4");
}

TEST(Pattern, Operators) {
  EXPECT_EQ(Nodes({"op:MatMul"}), "#1 #3 #5");
  EXPECT_EQ(Nodes({"op:Gelu"}), "#6");
  EXPECT_EQ(Nodes({"op:com.microsoft.*"}), "#6");
  EXPECT_EQ(Nodes({"op:ai.onnx.Div"}), "#2 #4");
}

TEST(Pattern, OrAndAndNot) {
  EXPECT_EQ(Nodes({"layer.0, head"}), "#1 #2 #6");
  EXPECT_EQ(Nodes({"layer.0", "head"}), "#1 #2 #6");
  EXPECT_EQ(Nodes({"layer + op:MatMul"}), "#1 #3");
  EXPECT_EQ(Nodes({"layer+!op:MatMul"}), "#2 #4");
  EXPECT_EQ(Nodes({"!op:Div", "layer"}), "#1 #3");
  EXPECT_EQ(Nodes({"!layer"}), "#0 #5 #6");
  EXPECT_EQ(Nodes({"head,layer+!op:MatMul"}), "#2 #4 #6");
}

TEST(Pattern, WhatMatchesNothingNamesTheNearest) {
  EXPECT_EQ(
      Nodes({"layer.0.nrm"}),
      "pattern \"layer.0.nrm\" matches nothing; nearest: layer.0.norm, layer.1.norm, layer.0");
  EXPECT_EQ(Nodes({"norm"}), "pattern \"norm\" matches nothing; nearest: **.norm, **.0, **.1");
  EXPECT_EQ(Nodes({"Layer"}),
            "pattern \"Layer\" matches nothing; nearest: class:Layer, layer, layer.0");
  EXPECT_EQ(Nodes({"class:layernorm"}),
            "pattern \"class:layernorm\" matches nothing; nearest: class:LayerNorm, class:Layer, "
            "class:Net");
  EXPECT_EQ(Nodes({"op:Matmul"}),
            "pattern \"op:Matmul\" matches nothing; nearest: op:MatMul, op:Gelu, op:Neg");
  EXPECT_EQ(Nodes({"head", "!oops"}),
            "pattern \"!oops\" matches nothing; nearest: **.norm, **.0, **.1");
}

TEST(Pattern, ClassesMayBeUnknown) {
  const TestOwned model("main (x) => (y) { [act] y = Relu (x) }", R"("" -
    act -)");
  const auto matched = [&](absl::string_view text) {
    const auto nodes =
        Pattern::Parse({std::string(text)})->Nodes(model.owned(), Subtrees::kIncluded);
    return nodes.ok() ? model.Places(*nodes) : std::string(nodes.status().message());
  };
  EXPECT_EQ(matched("class:ReLU"),
            "pattern \"class:ReLU\" matches nothing; no module has a known class");
  EXPECT_EQ(matched("act"), "#0");
}

TEST(Pattern, WhatHasNoNodes) {
  EXPECT_EQ(Nodes({"layer.2"}), "what the patterns match has no nodes");
  EXPECT_EQ(Nodes({"layer.0+head"}), "what the patterns match has no nodes");
}

TEST(Pattern, Errors) {
  EXPECT_EQ(Nodes({"a,,b"}), "pattern \"\": is empty");
  EXPECT_EQ(Nodes({"a+ class:"}), "pattern \" class:\": is empty");
  EXPECT_EQ(Nodes({"a[x]"}), "pattern \"a[x]\": \"[\" wants two numbers, as in [0-11]");
}

TEST(Pattern, Modules) {
  const auto modules = [](const std::string& text) {
    const std::vector<bool> matched = *Pattern::Parse({text})->Modules(Model().owned());
    std::string paths;
    for (size_t m = 0; m < matched.size(); ++m) {
      if (matched[m]) absl::StrAppend(&paths, "\"", Model().PathOf(ModuleId(m)), "\" ");
    }
    return paths;
  };
  EXPECT_EQ(modules("layer.0"), "\"layer.0\" \"layer.0.norm\" ");
  EXPECT_EQ(modules("op:MatMul"), "\"layer.0\" \"layer.1\" ");
  EXPECT_EQ(modules("layer,!**.norm"), "\"layer\" \"layer.0\" \"layer.1\" \"layer.2\" ");
}

TEST(Pattern, NamesWithCharactersOfPatterns) {
  const TestOwned model(R"(main (x) => (y) { ["a,b+c!"] y = Neg (x) })",
                        "\"\" my.Net\na,b+c! my.A");
  EXPECT_EQ(
      model.Places(*Pattern::Parse({"a\\,b\\+c!"})->Nodes(model.owned(), Subtrees::kIncluded)),
      "#0");
}

}  // namespace
}  // namespace modelexport
