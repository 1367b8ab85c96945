#include "modelexport/edits/rename_list.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/onnx/spliced_source.h"
#include "modelexport/tags/old_names.h"
#include "modelexport/testing/dump_tags.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

std::string Changes(absl::string_view model, bool values = false,
                    const Hierarchy* hierarchy = nullptr) {
  const TextGraph graph(model, RenameList::KeysToLoad());
  RenameOptions options;
  options.hierarchy = hierarchy;
  options.values = values;
  const auto list = RenameList::Make(graph.view(), options);
  if (!list.ok()) return std::string(list.status().message());
  return list->ToText(graph.view());
}

// The bytes of `source`.
std::string All(const ByteSource& source) { return *source.ReadString({0, source.size()}); }

std::string Renamed(const std::string& bytes, bool values) {
  const auto source = BytesInMemory(bytes);
  const ModelIndex index = *ModelIndex::Build(*source, {RenameList::KeysToLoad()});
  const GraphView graph(index);
  RenameOptions options;
  options.values = values;
  const auto list = RenameList::Make(graph, options);
  EXPECT_TRUE(list.ok()) << list.status();
  const SplicePlan plan(index, list->edits());
  return All(SplicedSource(*source, plan));
}

std::string Undone(const std::string& bytes) {
  const auto source = BytesInMemory(bytes);
  const auto old = OldNames::Read(*source);
  EXPECT_TRUE(old.ok()) << old.status();
  return All((*old)->source());
}

TEST(RenameList, NodesSayTheirModule) {
  EXPECT_EQ(Changes(R"(main (x) => (y) {
    [node_linear_5] a = MatMul (x, w) {"modelexport.module": "encoder.layer.0.attention.self.query", "modelexport.evidence": "trace"}
    [node_add] b = Add (a, v) {"modelexport.module": "encoder.layer.0.attention.self.query", "modelexport.evidence": "trace"}
    [node_add_1] c = Add (b, v) {"modelexport.module": "encoder.layer.0.attention.self.query", "modelexport.evidence": "trace"}
    d = Relu (c) {"modelexport.module": "", "modelexport.evidence": "trace"}
    [z] y = Gelu (d) {"modelexport.module": "0", "modelexport.evidence": "trace"}
  })"),
            R"(#0 "node_linear_5" -> "/encoder/layer.0/attention/self/query/MatMul"
#1 "node_add" -> "/encoder/layer.0/attention/self/query/Add"
#2 "node_add_1" -> "/encoder/layer.0/attention/self/query/Add_1"
#3 "" -> "/Relu"
#4 "z" -> "/0/Gelu"
)");
}

// layer1 is a Sequential, which is called; blocks is a ModuleList, which is not.
TEST(RenameList, ContainersThatAreCalledHaveAScope) {
  const Hierarchy hierarchy = HierarchyOf(R"(
    ""             my.Model
    layer1         torch.nn.modules.container.Sequential
    layer1.0       my.Block
    layer1.0.conv  my.Conv
    blocks         torch.nn.modules.container.ModuleList
    blocks.0       my.Block
    call ""
      call layer1
        call layer1.0
          call layer1.0.conv
      call blocks.0
  )");
  EXPECT_EQ(Changes(R"(main (x) => (y) {
    [a] a = Conv (x) {"modelexport.module": "layer1.0.conv", "modelexport.evidence": "trace"}
    [b] b = Add (a) {"modelexport.module": "blocks.0", "modelexport.evidence": "trace"}
    [c] c = Add (b) {"modelexport.module": "blocks", "modelexport.evidence": "trace"}
    [d] y = Add (c) {"modelexport.module": "unheard.of.1", "modelexport.evidence": "trace"}
  })",
                    false, &hierarchy),
            R"(#0 "a" -> "/layer1/layer1.0/conv/Conv"
#1 "b" -> "/blocks.0/Add"
#2 "c" -> "/blocks/Add"
#3 "d" -> "/unheard/of.1/Add"
)");
}

TEST(RenameList, NamesThatSayItAlreadyStayAndKeepTheirNumbers) {
  EXPECT_EQ(Changes(R"(main (x) => (y) {
    [a] a = Add (x) {"modelexport.module": "q", "modelexport.evidence": "trace"}
    [/q/Add_1] b = Add (a) {"modelexport.module": "q", "modelexport.evidence": "trace"}
    [b] c = Add (b) {"modelexport.module": "q", "modelexport.evidence": "trace"}
    [/q/Add_1_1] d = Add (c) {"modelexport.module": "q", "modelexport.evidence": "trace"}
    [/q/Add_01] e = Add (d) {"modelexport.module": "q", "modelexport.evidence": "trace"}
    [/q/Add_1] y = Add (e) {"modelexport.module": "q", "modelexport.evidence": "trace"}
  })"),
            R"(#0 "a" -> "/q/Add"
#2 "b" -> "/q/Add_2"
#3 "/q/Add_1_1" -> "/q/Add_3"
#4 "/q/Add_01" -> "/q/Add_4"
#5 "/q/Add_1" -> "/q/Add_5"
)");
}

// The calls of a module share its scope: modelexport.call tells them apart.
TEST(RenameList, RepeatedCalls) {
  EXPECT_EQ(Changes(R"(main (x) => (y) {
    [/act/Relu] a = Relu (x) {"modelexport.module": "act", "modelexport.evidence": "trace", "modelexport.call": "0"}
    [/act_1/Relu] y = Relu (a) {"modelexport.module": "act", "modelexport.evidence": "trace", "modelexport.call": "1"}
  })"),
            R"(#1 "/act_1/Relu" -> "/act/Relu_1"
)");
}

TEST(RenameList, NodesWithoutAModuleKeepTheirNamesUnlessTheyRepeat) {
  EXPECT_EQ(Changes(R"(main (x) => (y) {
    [/q/Add] a = Sub (x)
    [/q/Add] b = Sub (a)
    c = Sub (b)
    [mine] d = Sub (c) {"modelexport.module": "", "modelexport.evidence": "none"}
    e = Sub (d) {"modelexport.module": "", "modelexport.evidence": "none"}
    [b] y = Add (e) {"modelexport.module": "q", "modelexport.evidence": "trace"}
  })"),
            R"(#1 "/q/Add" -> "/q/Add_1"
#4 "" -> "/Sub"
#5 "b" -> "/q/Add_2"
)");
}

TEST(RenameList, BodiesAndFunctions) {
  EXPECT_EQ(Changes(R"(main (x) => (y) {
    [if] y = If (x) <
      then_branch = yes () => (t) { [t] t = Relu (x) {"modelexport.module": "a.act", "modelexport.evidence": "trace"} }
    > {"modelexport.module": "a", "modelexport.evidence": "trace"}
  }
  <domain: "f"> Once (p) => (q) { [n] q = Relu (p) {"modelexport.module": "a.act", "modelexport.evidence": "trace"} }
  <domain: "f"> Often (p) => (r) {
    [n] q = Relu (p) {"modelexport.submodule": "block.0.act", "modelexport.evidence": "trace"}
    [m] r = Relu (q) {"modelexport.submodule": "", "modelexport.evidence": "trace"}
  })"),
            R"(#0 "if" -> "/a/If"
function:f:Once:#0 "n" -> "/a/act/Relu"
function:f:Often:#0 "n" -> "block.0/act/Relu"
function:f:Often:#1 "m" -> "Relu"
/0:then_branch#0 "t" -> "/a/act/Relu_1"
)");
}

TEST(RenameList, HostileNames) {
  EXPECT_EQ(Changes("main (x) => (y) { [n] y = \"O/p\" (x) {\"modelexport.module\": "
                    "\"..a/b.\n.9\", \"modelexport.evidence\": \"trace\"} }"),
            "#0 \"n\" -> \"///a/b/\\n.9/O/p\"\n");
}

constexpr absl::string_view kValues = R"(main (float[2] x) => (y) <float[2] w = {1, 2}> {
    [/q/Add] a = Add (x, w) {"modelexport.module": "q", "modelexport.evidence": "trace"}
    [split] "/q/Add_output_0", c = Split (a) {"modelexport.module": "s", "modelexport.evidence": "trace"}
    [own] d = Add (a, c)
    [if] y = If (d) <
      then_branch = yes () => (t) {
        [r] r = Relu (a) {"modelexport.module": "q", "modelexport.evidence": "trace"}
        [t] t = Relu (r) {"modelexport.module": "q", "modelexport.evidence": "trace"}
        [u] twice = Relu (r) {"modelexport.module": "q", "modelexport.evidence": "trace"}
        [v] twice = Relu (r) {"modelexport.module": "q", "modelexport.evidence": "trace"}
      }
    > {"modelexport.module": "", "modelexport.evidence": "trace"}
  }
  <domain: "f"> F (a) => (b) {
    [f] c = Relu (a) {"modelexport.module": "f", "modelexport.evidence": "trace"}
    [g] b = Relu (c) {"modelexport.module": "f", "modelexport.evidence": "trace"}
  })";

// Not y and t (outputs), d (no module), twice (made twice).
TEST(RenameList, Values) {
  EXPECT_EQ(Changes(kValues, true),
            R"(#1 "split" -> "/s/Split"
#3 "if" -> "/If"
function:f:F:#0 "f" -> "/f/Relu"
function:f:F:#1 "g" -> "/f/Relu_1"
/3:then_branch#0 "r" -> "/q/Relu"
/3:then_branch#1 "t" -> "/q/Relu_1"
/3:then_branch#2 "u" -> "/q/Relu_2"
/3:then_branch#3 "v" -> "/q/Relu_3"
#0 output 0 "a" -> "/q/Add_output_0_1"
#1 output 0 "/q/Add_output_0" -> "/s/Split_output_0"
#1 output 1 "c" -> "/s/Split_output_1"
function:f:F:#0 output 0 "c" -> "/f/Relu_output_0"
/3:then_branch#0 output 0 "r" -> "/q/Relu_output_0"
)");
}

std::string ValuesOf(const std::string& bytes) {
  const auto source = BytesInMemory(bytes);
  const ModelIndex index = *ModelIndex::Build(*source, {});
  const GraphView graph(index);
  std::string text;
  for (size_t i = 0; i < index.nodes().size(); ++i) {
    absl::StrAppend(&text, graph.Place(NodeId(i)));
    for (const StringId name : index.outputs(NodeId(i)))
      absl::StrAppend(&text, " ", index.text(name));
    absl::StrAppend(&text, " =");
    for (const StringId name : index.inputs(NodeId(i)))
      absl::StrAppend(&text, " ", index.text(name));
    absl::StrAppend(&text, "\n");
  }
  return text;
}

// The `a` of the function is another one than that of the main graph, which a body reads.
TEST(RenameList, WhatReadsAValueFollows) {
  EXPECT_EQ(ValuesOf(Renamed(testing::Model(kValues), true)),
            R"(#0 /q/Add_output_0_1 = x w
#1 /s/Split_output_0 /s/Split_output_1 = /q/Add_output_0_1
#2 d = /q/Add_output_0_1 /s/Split_output_1
#3 y = d
function:f:F:#0 /f/Relu_output_0 = a
function:f:F:#1 b = /f/Relu_output_0
/3:then_branch#0 /q/Relu_output_0 = /q/Add_output_0_1
/3:then_branch#1 t = /q/Relu_output_0
/3:then_branch#2 twice = /q/Relu_output_0
/3:then_branch#3 twice = /q/Relu_output_0
)");
}

TEST(RenameList, OldNamesAreKeptBesideTheNewOnes) {
  const std::string renamed = Renamed(testing::Model(R"(main (x) => (y) {
    [old] a = Relu (x) {"modelexport.module": "q", "modelexport.evidence": "trace"}
    b = Relu (a) {"modelexport.module": "q", "modelexport.evidence": "trace"}
    [/q/Add] y = Add (b, b) {"modelexport.module": "q", "modelexport.evidence": "trace"}
  })"),
                                      true);
  EXPECT_EQ(testing::DumpTags(renamed, "modelexport."),
            R"(model modelexport.renamed="nodes,values"
#0 Relu modelexport.module="q" modelexport.evidence="trace" modelexport.name="old" modelexport.output.0="a"
#1 Relu modelexport.module="q" modelexport.evidence="trace" modelexport.name="" modelexport.output.0="b"
#2 Add modelexport.module="q" modelexport.evidence="trace"
)");
}

TEST(RenameList, UndoGivesTheInputBack) {
  for (const bool values : {false, true}) {
    const std::string bytes = testing::Model(kValues);
    const std::string renamed = Renamed(bytes, values);
    EXPECT_NE(renamed, bytes);
    EXPECT_TRUE(Undone(renamed) == bytes);
    // From its old names a renamed file gets the same new ones.
    EXPECT_TRUE(Renamed(Undone(renamed), values) == renamed);
  }
}

}  // namespace
}  // namespace modelexport
