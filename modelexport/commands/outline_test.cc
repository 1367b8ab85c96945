#include "modelexport/commands/outline.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "modelexport/commands/test_command.h"
#include "modelexport/graph/model_file.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/index_text.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::Tags;

// The model in `path`: its imports, those of its functions, and testing::ToText() of its index.
std::string Shown(const std::string& path) {
  const auto file = ModelFile::Open(path, {std::string(kModuleKey), std::string(kSubmoduleKey)});
  if (!file.ok()) return absl::StrCat(file.status().message(), "\n");
  const ModelIndex& index = file->graph().index();
  const Declarations declared = *Declarations::Read(index);
  std::string text;
  for (const GraphRecord& graph : index.graphs()) {
    if (graph.kind == GraphRecord::Kind::kBody) continue;
    absl::StrAppend(&text, index.text(graph.name), ":");
    for (const OpsetImport& opset : declared.opset_imports(index.id_of(graph))) {
      absl::StrAppend(&text, " \"", opset.domain, "\" ", opset.version);
    }
    for (const ValueRecord& value : declared.values(index.id_of(graph))) {
      if (value.role != ValueRecord::Role::kValueInfo) continue;
      absl::StrAppend(&text, " ", index.text(value.name), ": ",
                      ToString(*ReadValueType(index.source(), value)));
    }
    text += "\n";
  }
  return absl::StrReplaceAll(
      absl::StrCat(text, testing::ToText(index)),
      {{" \"modelexport.tag\"", ""}, {" \"modelexport.evidence\"", ""}, {"modelexport.", ""}});
}

class OutlineTest : public ::testing::Test {
 protected:
  void Write(const std::string& model) { dir_.Write("in.onnx", testing::Model(model)); }

  // The output, or what was printed as errors.
  std::string Outline(Arguments arguments = {}) {
    arguments.insert(arguments.begin(), {dir_.Path("in.onnx"), dir_.Path("out.onnx")});
    const testing::CommandResult result = testing::RunCommand(OutlineCommand, arguments);
    printed_ = result.out;
    if (result.code != 0) {
      return absl::StrReplaceAll(absl::StrCat(result.err, "exit ", result.code, "\n"),
                                 {{dir_.path() + "/", ""}});
    }
    return Shown(dir_.Path("out.onnx"));
  }

  testing::TempDir dir_;
  std::string printed_;
};

TEST_F(OutlineTest, BlocksShareAFunction) {
  Write(absl::StrCat(R"(<ir_version: 7, opset_import: ["" : 20, "local" : 1]>
    main (float[2] x) => (float[2] y) <float[2] "l.0.w" = {1, 2}, float[2] "l.1.w" = {3, 4},
                                       int64[1] axes = {0}, float[2] q, float[2] e> {
      [/e] e = Neg (x))",
                     Tags("e"), R"(
      [/l.0/Mul] p = Mul (e, "l.0.w"))",
                     Tags("l.0"), R"(
      [/l.0/F] f = local.F <alpha = 2.0> (p))",
                     Tags("l.0.f"), R"(
      [/l.0/Sum] q = ReduceSum (f, axes))",
                     Tags("l.0"), R"(
      [/l.1/Mul] r = Mul (q, "l.1.w"))",
                     Tags("l.1"), R"(
      [/l.1/F] g = local.F <alpha = 2.0> (r))",
                     Tags("l.1.f"), R"(
      [/l.1/Sum] y = ReduceSum (g, axes))",
                     Tags("l.1"), R"(
    }
    <domain: "local", opset_import: ["" : 19, "inner" : 3]>
    F <alpha> (i) => (o) { o = Relu (i) })"));
  EXPECT_EQ(Outline(), R"(main: "" 20 "local" 1 "modelexport" 1 q: float[2] e: float[2]
F: "" 19 "inner" 3
l: "" 20 "inner" 3 "local" 1
model ir_version 8
graph 0 main "main" (x) => (y): nodes 0-3, tensors 0-2
graph 1 function "local" "F" (i) => (o): nodes 3-4
graph 2 function "modelexport" "l" (input_0, w) => (v2): nodes 4-8, tensors 2-3
node 0 "/e" Neg (x) => (e) "module"="e"
node 1 "l.0" l (e, l.0.w) => (q) "module"="l.0"
node 2 "l.1" l (q, l.1.w) => (y) "module"="l.1"
node 3 Relu (i) => (o)
node 4 "Constant_c0" Constant () => (c0) "submodule"=""
node 5 "Mul_0" Mul (input_0, w) => (v0) "submodule"=""
node 6 "F_1" local.F (v0) => (v1) "submodule"="f"
node 7 "ReduceSum_2" ReduceSum (v1, c0) => (v2) "submodule"=""
tensor 0 initializer "l.0.w" 1[2] in graph 0
tensor 1 initializer "l.1.w" 1[2] in graph 0
tensor 2 attribute "" 7[1] in graph 2, node 4
)");
  EXPECT_EQ(printed_.substr(0, printed_.find("validation")),
            absl::StrCat(R"(functions   l  2 calls, 4 nodes, 2 inputs, 1 output: l.0 to l.1
main graph  3 nodes, 7 before; 4 in functions
bytes       )",
                         dir_.Read("out.onnx").size(), ", ", dir_.Read("in.onnx").size(),
                         " before\nwarnings    1 node without tags: function:local:F:#0 (Relu)\n"
                         "            ir_version is 8 now, as functions need\n"));
}

// What is read in the order of nodes and made after it is where it must be; all else stays.
TEST_F(OutlineTest, NodesMoveWhereTheOrderDemands) {
  Write(absl::StrCat("main (float[2] x) => (float[2] y) { a = Relu (x)", Tags("m"), " b = Neg (a)",
                     Tags("n"), " c = Abs (x)", Tags("n"), " d = Add (a, c)", Tags("m"),
                     " y = Add (b, d)", Tags("n"), "}"));
  EXPECT_EQ(Outline({"--modules=m"}), R"(main: "" 20 "modelexport" 1
m: "" 20
model ir_version 10
graph 0 main "main" (x) => (y): nodes 0-4
graph 1 function "modelexport" "m" (input_0, input_1) => (v0, v1): nodes 4-6
node 0 Abs (x) => (c) "module"="n"
node 1 "m" m (x, c) => (a, d) "module"="m"
node 2 Neg (a) => (b) "module"="n"
node 3 Add (b, d) => (y) "module"="n"
node 4 "Relu_0" Relu (input_0) => (v0) "submodule"=""
node 5 "Add_1" Add (v0, input_1) => (v1) "submodule"=""
)");
}

TEST_F(OutlineTest, BodiesGetOtherNamesAndWhatTheyCapture) {
  Write(absl::StrCat(R"(main (float[2] x, bool c) => (float[2] y) <float[2] w = {1, 2}> {
      a = Relu (x))",
                     Tags("m"), R"(
      y = If (c) <
        then_branch = yes () => (t) <float[2] k = {3, 4}> {
          [/m/0/Mul] s = Mul (a, w))",
                     Tags("m.0"), " t = Add (s, k)", Tags("m"), R"(
        },
        else_branch = no () => (e) { e = Neg (x))",
                     Tags("m"), "} >", Tags("m"), "}"));
  EXPECT_EQ(Outline({"--class=N"}),
            "it: in.onnx: pattern \"class:N\" matches nothing; no module has a known class\n"
            "exit 1\n");
  EXPECT_EQ(Outline({"--modules=m"}), R"(main: "" 20 "modelexport" 1
m: "" 20
model ir_version 10
graph 0 main "main" (x, c) => (y): nodes 0-1, tensors 0-1
graph 1 function "modelexport" "m" (input_0, input_1, input_2) => (v1): nodes 1-3
graph 2 body "then_branch" of node 2, depth 1 "yes" () => (v1_b2): nodes 3-5, tensors 1-2
graph 3 body "else_branch" of node 2, depth 1 "no" () => (v1_b3): nodes 5-6
node 0 "m" m (x, c, w) => (y) "module"="m"
node 1 "Relu_0" Relu (input_0) => (v0) "submodule"=""
node 2 "If_1" If (input_1) => (v1) "submodule"=""
node 3 "Mul_1_1" Mul (v0, input_2) => (v1_b1) "submodule"="0"
node 4 "Add_1_2" Add (v1_b1, v1_b0) => (v1_b2) "submodule"=""
node 5 "Neg_1_3" Neg (input_0) => (v1_b3) "submodule"=""
tensor 0 initializer "w" 1[2] in graph 0
tensor 1 initializer "v1_b0" 1[2] in graph 2
)");
}

TEST_F(OutlineTest, WithNothingToDoThereIsNoOutput) {
  Write(absl::StrCat("main (float[2] x) => (float[2] y) { a = Relu (x)", Tags("m"), " b = Neg (a)",
                     Tags("n"), " y = Add (a, b)", Tags("m"), "}"));
  EXPECT_EQ(Outline(), "it: in.onnx: no block of nodes repeats\nexit 1\n");
  EXPECT_EQ(Outline({"--modules=m,n"}),
            "it: in.onnx: none of the modules can be a function\n"
            "  m: not convex (#0 to #1 to #2)\n"
            "  n: has one node\nexit 1\n");
  EXPECT_EQ(Outline({"--modules=m", "--repeated"}),
            "it: --repeated, --modules and --class exclude each other\n"
            "it --help lists the flags\nexit 2\n");
  EXPECT_EQ(dir_.Listing(), absl::StrCat("in.onnx ", dir_.Read("in.onnx").size(), "\n"));
}

TEST_F(OutlineTest, WithoutTagsThereAreNone) {
  Write(R"(main (float[2] x) => (float[2] y) {
      [/m/Relu] a = Relu (x) [/m/Neg] y = Neg (a) })");
  EXPECT_EQ(Outline({"--modules=m"}), R"(main: "" 20 "modelexport" 1
m: "" 20
model ir_version 10
graph 0 main "main" (x) => (y): nodes 0-1
graph 1 function "modelexport" "m" (input_0) => (v1): nodes 1-3
node 0 "m" m (x) => (y)
node 1 "Relu_0" Relu (input_0) => (v0)
node 2 "Neg_1" Neg (v0) => (v1)
)");
}

}  // namespace
}  // namespace modelexport
