#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/commands/analyze.h"
#include "modelexport/commands/select.h"
#include "modelexport/commands/test_command.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::Tags;

// Runs commands on one file, "in.onnx".
class QuestionsTest : public ::testing::Test {
 protected:
  void Write(const std::string& model) { dir_.Write("in.onnx", testing::Model(model)); }

  // What it prints, errors and the exit code included, without the folder of the test.
  std::string Run(int (*command)(const Console&, const Arguments&), Arguments arguments) {
    arguments.insert(arguments.begin(), Path("in.onnx"));
    const testing::CommandResult result = testing::RunCommand(command, arguments);
    const std::string text = absl::StrCat(
        result.out, result.err, result.code == 0 ? "" : absl::StrCat("exit ", result.code, "\n"));
    return absl::StrReplaceAll(text, {{dir_.path() + "/", ""}});
  }
  std::string Select(const Arguments& arguments) { return Run(SelectCommand, arguments); }
  std::string Analyze(const Arguments& arguments) { return Run(AnalyzeCommand, arguments); }

  std::string Path(const std::string& name) const { return absl::StrCat(dir_.path(), "/", name); }

  void WriteTwoModules() {
    Write(absl::StrCat(R"(main (x, c) => (y) <float[2] w = {1, 2}> {
      [/a/Mul] p = Mul (x, w))",
                       Tags("a"), R"(
      q = Relu (p))",
                       Tags("a"), R"(
      [/b/Neg] r = Neg (q))",
                       Tags("b"), R"(
      y = Abs (r)
    })"));
  }

  testing::TempDir dir_;
};

TEST_F(QuestionsTest, NodesWithoutNames) {
  WriteTwoModules();
  EXPECT_EQ(
      Select({"a"}),
      "it: in.onnx: 1 of 2 selected nodes have no name; --name_nodes=OUT.onnx gives them one\n"
      "exit 1\n");
  EXPECT_EQ(Select({"a", "--format=ort"}), Select({"a"}));
  EXPECT_EQ(Select({"a", "--format=places"}), "#0\n#1\n");
  EXPECT_EQ(Select({"a", "--format=values"}), "p\nq\n");
  EXPECT_EQ(Select({"b"}), "/b/Neg\n");
}

TEST_F(QuestionsTest, ACopyInWhichNodesHaveNames) {
  WriteTwoModules();
  const std::string flag = absl::StrCat("--name_nodes=", Path("out.onnx"));
  EXPECT_EQ(Select({"a", flag, "--format=ort"}), "[\"/a/Mul\", \"#1\"]\n");
  // It is the input with a name more.
  std::string expected = dir_.Read("in.onnx");
  const std::string named = dir_.Read("out.onnx");
  EXPECT_EQ(named.size(), expected.size() + 4);
  EXPECT_NE(named.find("\x1a\x02#1"), std::string::npos);
  dir_.Write("in.onnx", named);
  EXPECT_EQ(Select({"a"}), "/a/Mul\n#1\n");
}

TEST_F(QuestionsTest, AnotherNumberThanExpected) {
  WriteTwoModules();
  EXPECT_EQ(Select({"op:Neg", "--expect=1"}), "/b/Neg\n");
  EXPECT_EQ(Select({"op:Neg", "--expect=2"}), "it: in.onnx: 1 node matches, not 2\nexit 1\n");
}

TEST_F(QuestionsTest, WrongUsage) {
  WriteTwoModules();
  const std::string help = "it --help lists the flags\nexit 2\n";
  EXPECT_EQ(Select({}), "it: IN and at least one PATTERN are wanted, not 1 argument\n" + help);
  EXPECT_EQ(Select({"a["}), "it: pattern \"a[\": \"[\" wants two numbers, as in [0-11]\n" + help);
  EXPECT_EQ(
      Analyze({"--columns=clas"}),
      "it: column \"clas\": there is none of this name; did you mean class?; there are module, "
      "class, calls, nodes, nodes.own, nodes.total, parameters, parameters.own, "
      "parameters.total, bytes, macs, macs_at_least, activations, activations_at_least, operators, "
      "evidence, precision, placement, line\n" +
          help);
  EXPECT_EQ(Analyze({"--columns=placement"}),
            "it: column \"placement\" wants --placement=FILE\n" + help);
}

TEST_F(QuestionsTest, Costs) {
  Write(absl::StrCat(R"(main (float[batch, 4] x) => (float[batch, 2] y)
      <float[4, 2] w = {1, ...}, float[4, 4] v = {1, ...}, float[3, 4] k, float[3, 4] l> {
      h = MatMul (x, v))",
                     Tags("a"), R"(
      k = MatMul (l, v))",
                     Tags("a"), R"(
      y = MatMul (x, w))",
                     Tags("b"), " }"));
  const std::string help = "it --help lists the flags\nexit 2\n";
  const Arguments columns = {"--columns=module,macs,activations", "--costs"};
  EXPECT_EQ(Analyze(columns),
            "module  MACs  activations\n"
            "(root)  >=48       >=48 B\n"
            "  a     >=48       >=48 B\n"
            "  b        ?            ?\n"
            "\nmodules from tags\n"
            "note: MACs not known: of 2 nodes (MatMul 2)\n"
            "note: dimensions of inputs without a value: batch (--dim=NAME=VALUE)\n");
  EXPECT_EQ(Analyze({"--columns=module,macs,activations", "--dim=batch=1"}),
            "module  MACs  activations\n"
            "(root)  >=56       >=56 B\n"
            "  a     >=48       >=48 B\n"
            "  b        8          8 B\n"
            "\nmodules from tags\n"
            "note: MACs not known: of 1 node (MatMul 1)\n");
  EXPECT_EQ(Analyze({"--costs", "--format=csv", "--depth=0", "--fold=off"}),
            "module,class,calls,nodes.own,nodes.total,parameters.own,parameters.total,bytes,macs,"
            "macs_at_least,activations,activations_at_least,operators,evidence,precision\r\n"
            "(root),,,0,3,0,24,96,,48,,48,MatMul 3,node_name 3,float 3\r\n");
  EXPECT_EQ(Analyze({"--dim=batch"}),
            "it: --dim=batch: is not NAME=VALUE, with a number from 0\n" + help);
  EXPECT_EQ(Analyze({"--dim=batches=1"}),
            "it: --dim: no input of the model has a dimension \"batches\"; did you mean batch?; "
            "they are: batch\n" +
                help);
}

TEST_F(QuestionsTest, AnEmptyGraph) {
  Write("main (x) => (x) {}");
  dir_.Write("h.json", R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
    {"path": "", "class": "my.Net"}]})");
  const std::string flag = absl::StrCat("--hierarchy=", Path("h.json"));
  EXPECT_EQ(Analyze({flag}),
            "module  class  calls  own  nodes  params  bytes  top operators  evidence\n"
            "(root)  Net        ?    0      0       0    0 B\n"
            "\nmodules from h.json\n");
  EXPECT_EQ(Analyze({flag, "--format=csv", "--columns=module,nodes"}),
            "module,nodes.own,nodes.total\r\n(root),0,0\r\n");
  EXPECT_EQ(Select({flag, "."}), "it: in.onnx: what the patterns match has no nodes\nexit 1\n");
}

TEST_F(QuestionsTest, AFileThatSaysNothingOfModules) {
  Write("main (x) => (y) { y = Neg (x) }");
  EXPECT_EQ(Analyze({"--columns=module,nodes"}),
            "module            own  nodes\n"
            "(root)              0      0\n"
            "(not attributed)    1      1\n"
            "\nmodules from names\n"
            "note: nothing in the file names modules; --hierarchy=FILE says which there are\n");
  EXPECT_EQ(Select({"op:Neg", "--format=places"}), "#0\n");
  EXPECT_EQ(Select({"."}), "it: in.onnx: what the patterns match has no nodes\nexit 1\n");
  // What is asked for by its name is not there.
  EXPECT_EQ(Select({".", "--hierarchy=names"}).substr(0, 43),
            "it: in.onnx: its names speak of no module: ");
  EXPECT_EQ(Analyze({"--hierarchy=names"}), Select({".", "--hierarchy=names"}));
}

TEST_F(QuestionsTest, WhatIsNotAttributed) {
  WriteTwoModules();
  EXPECT_EQ(Analyze({"--columns=module,nodes,parameters.total,operators"}),
            "module            own  nodes  params  top operators\n"
            "(root)              0      3       2  Mul 1, Neg 1, Relu 1\n"
            "  a                 2      2       2  Mul 1, Relu 1\n"
            "  b                 1      1       0  Neg 1\n"
            "(not attributed)    1      1       0  Abs 1\n"
            "\nmodules from tags\n"
            "note: 1 node without tags: #3 (Abs)\n");
  EXPECT_EQ(Analyze({"--columns=module,class,nodes.total", "--format=json", "--filter=b"}), R"({
  "model": "in.onnx",
  "hierarchy": "tags",
  "nodes": 4,
  "parameters": 2,
  "bytes": 8,
  "modules": [
    {
      "module": "b",
      "class": null,
      "nodes": {
        "total": 1
      }
    }
  ]
}
)");
}

TEST_F(QuestionsTest, ABudget) {
  WriteTwoModules();
  EXPECT_EQ(Analyze({"--columns=module", "--depth=0", "--format=csv", "--max_parameters=1"}),
            "module\r\n(root)\r\n(not attributed)\r\n"
            "it: in.onnx: 2 parameters, more than --max_parameters=1\nexit 1\n");
  EXPECT_EQ(Analyze({"--columns=module", "--depth=0", "--format=csv", "--max_parameters=2"}),
            "module\r\n(root)\r\n(not attributed)\r\n");
}

TEST_F(QuestionsTest, PrecisionOfModules) {
  Write(absl::StrCat("main (x) => (y) <float[2] w = {1, 2}, int8[2] v = {1, 2}, float s = {1}> {",
                     "p = Mul (x, w)", Tags("a"), "d = DequantizeLinear (v, s)", Tags("b"),
                     "y = Add (p, d)", Tags("b"), "}"));
  EXPECT_EQ(Analyze({"--columns=module,precision"}),
            "module  precision\n"
            "(root)  float 1, int8 QDQ 1\n"
            "  a     float 1\n"
            "  b     int8 QDQ 1\n"
            "\nmodules from tags\n");
}

TEST_F(QuestionsTest, PlacementByAList) {
  WriteTwoModules();
  dir_.Write("placed.json", R"({"CUDAExecutionProvider": ["/a/Mul", "gone"], "XPU": ["/b/Neg"]})");
  const std::string flag = absl::StrCat("--placement=", Path("placed.json"));
  EXPECT_EQ(Analyze({flag, "--columns=module"}),
            "module            placement\n"
            "(root)            CUDA 1, XPU 1\n"
            "  a               CUDA 1\n"
            "  b               XPU 1\n"
            "(not attributed)\n"
            "\nmodules from tags\n"
            "note: 1 node without tags: #3 (Abs)\n"
            "note: placement: 2 of 4 nodes are not in placed.json\n"
            "note: placement: 1 of 3 names in placed.json are no node's\n");
  EXPECT_EQ(Analyze({flag, "--format=csv", "--columns=placement", "--depth=0"}),
            "placement\r\n\"CUDA 1, XPU 1\"\r\n\r\n");
}

TEST_F(QuestionsTest, PlacementByAProfile) {
  WriteTwoModules();
  dir_.Write("profile.json", R"([
    {"cat": "Session", "name": "model_run", "args": {}},
    {"cat": "Node", "name": "/a/Mul_kernel_time", "dur": 3, "args": {"provider": "CPUExecutionProvider",
     "input_type_shape": [{"float": [1]}]}},
    {"cat": "Node", "name": "/a/Mul_kernel_time", "args": {"provider": "CPUExecutionProvider"}},
    {"cat": "Node", "name": "/b/Neg_kernel_time", "args": {"provider": "CPUExecutionProvider"}},
    {"cat": "Node", "name": "/b/Neg_kernel_time", "args": {"provider": "CUDAExecutionProvider"}},
    {"cat": "Kernel", "name": "/b/Neg_kernel_time", "args": {"provider": "X"}}])");
  EXPECT_EQ(Analyze({absl::StrCat("--placement=", Path("profile.json")), "--columns=module",
                     "--depth=0", "--filter=a"}),
            "module  placement\n"
            "a       CPU 1\n"
            "\nmodules from tags\n"
            "note: 1 node without tags: #3 (Abs)\n"
            "note: placement: 2 of 4 nodes are not in profile.json\n"
            "note: placement: 1 of 4 nodes have several providers in profile.json\n");
}

TEST_F(QuestionsTest, PlacementsThatAreNone) {
  WriteTwoModules();
  const auto analyze = [this](const std::string& json) {
    dir_.Write("p.json", json);
    return Analyze({absl::StrCat("--placement=", Path("p.json"))});
  };
  EXPECT_EQ(analyze(R"({"CPU": ["/c/Neg"]})"),
            "it: p.json: none of its 1 names is that of a node of in.onnx\nexit 1\n");
  EXPECT_EQ(analyze(R"({"CPU": [3]})").substr(0, 23), "it: p.json: $[\"CPU\"][0]");
  EXPECT_EQ(analyze("[").substr(0, 18), "it: p.json: byte 1");
}

TEST_F(QuestionsTest, SourceLines) {
  Write(R"(main (x) => (y) { [/a/Neg] y = Neg (x)
    {"pkg.torch.onnx.stack_trace": "File \"net.py\", line 7, in forward\n    return -x"} })");
  EXPECT_EQ(Analyze({"--columns=module", "--lines"}),
            "module  source line\n"
            "(root)  net.py:7\n"
            "  a     net.py:7\n"
            "\nmodules from names\n");
  EXPECT_EQ(Analyze({"--columns=line", "--depth=0", "--format=csv"}), "line\r\nnet.py:7\r\n");
}

TEST_F(QuestionsTest, HostileNames) {
  Write(absl::StrCat("main (x) => (y) { [\"/a|b\x1b,/Op\"] y = \"O|p\x01\" (x)",
                     Tags("a|b,c\x1b[1m\t'"), " }"));
  EXPECT_EQ(Analyze({"--columns=module,operators"}),
            "module             top operators\n"
            "(root)             O|p\\x01 1\n"
            "  a|b,c\\x1b[1m\\t'  O|p\\x01 1\n"
            "\nmodules from tags\n");
  EXPECT_EQ(Analyze({"--columns=module,operators", "--format=md"}),
            "| module | top operators |\n| --- | --- |\n"
            "| (root) | O\\|p\\\\x01 1 |\n"
            "| a\\|b,c\\\\x1b\\[1m\\\\t' | O\\|p\\\\x01 1 |\n");
  EXPECT_EQ(Analyze({"--columns=module,operators", "--format=csv"}),
            "module,operators\r\n(root),O|p\\x01 1\r\n\"a|b,c\x1b[1m\t'\",O|p\\x01 1\r\n");
  EXPECT_EQ(Select({"."}), "\"/a|b\\u001b,/Op\"\n");
  EXPECT_EQ(Select({".", "--format=ort"}), "[\"/a|b\\u001b,/Op\"]\n");
  EXPECT_EQ(Select({".", "--format=inc"}), "^/a\\|b\\x1b\\,/Op$\n");
  EXPECT_EQ(Select({".", "--format=genai"}),
            "it: in.onnx: 1 names have a comma or a control character, which the list cannot have, "
            "the first: \"/a|b\\u001b,/Op\"\nexit 1\n");
}

TEST_F(QuestionsTest, HostileNamesInJson) {
  Write(absl::StrCat("main (x) => (y) { y = \"O\\\"|\x01\" (x)", Tags("a\\\"\t|"), " }"));
  EXPECT_EQ(Analyze({"--columns=module,operators", "--format=json", "--filter=a*"}), R"({
  "model": "in.onnx",
  "hierarchy": "tags",
  "nodes": 1,
  "parameters": 0,
  "bytes": 0,
  "modules": [
    {
      "module": "a\"\t|",
      "operators": {
        "O\"|\u0001": 1
      }
    }
  ]
}
)");
}

TEST_F(QuestionsTest, TagsOfOtherProgramsAlone) {
  Write("main (x) => (y) { y = Neg (x) {\"namespace\": \"a\", \"winml.hierarchy.tag\": \"/M\"} }");
  EXPECT_EQ(Analyze({"--columns=module,nodes.total"}),
            "module            nodes\n"
            "(root)                0\n"
            "(not attributed)      1\n"
            "\nmodules from names\n"
            "note: nothing in the file names modules; --hierarchy=FILE says which there are\n");
  EXPECT_EQ(Analyze({"--hierarchy=tags"}),
            "it: in.onnx: is not tagged: no node has modelexport.module, some have keys of winml, "
            "model_explorer\nexit 3\n");
}

TEST_F(QuestionsTest, TagsThatContradictEachOther) {
  const auto tagged = [](const char* tag) {
    return absl::StrCat("{\"modelexport.module\": \"a\", \"modelexport.evidence\": \"trace\", ",
                        "\"modelexport.tag\": \"", tag, "\"}");
  };
  Write(absl::StrCat("main (x) => (y) { p = Neg (x) ", tagged("/M/A"), " y = Neg (p) ",
                     tagged("/M/B"), " }"));
  EXPECT_EQ(Analyze({"--columns=module,nodes.total"}),
            "module  nodes\n"
            "(root)      2\n"
            "  a         2\n"
            "\nmodules from tags\n"
            "note: 1 node with a modelexport.tag that an earlier node of its module has not: #1 "
            "(Neg), \"/M/B\"\n");
  // As a hierarchy for another file, they would give each of its nodes one of two owners.
  dir_.Write("tagged.onnx", dir_.Read("in.onnx"));
  Write("main (x) => (y) { y = Neg (x) }");
  EXPECT_EQ(Analyze({absl::StrCat("--hierarchy=", Path("tagged.onnx"))}),
            "it: tagged.onnx: node #1 (Neg): module \"a\" has modelexport.tag \"/M/B\", but "
            "\"/M/A\" on an earlier node\nexit 3\n");
}

TEST_F(QuestionsTest, TaggedModelsThatAreNone) {
  Write("main (x) => (y) { y = Neg (x) }");
  const std::string flag = absl::StrCat("--hierarchy=", Path("tagged.onnx"));
  dir_.Write("tagged.onnx", testing::Model("main (x) => (y) { y = Neg (x) }"));
  const std::string untagged =
      "it: tagged.onnx: is not tagged: no node has modelexport.module; `modelexport tag` with a "
      "sidecar tags it\nexit 3\n";
  EXPECT_EQ(Analyze({flag}), untagged);
  EXPECT_EQ(Select({".", flag}), untagged);
  dir_.Write("tagged.onnx", std::string("\x08\x07\x3a\x7f", 4));
  EXPECT_EQ(Analyze({flag}).substr(0, 24), "it: tagged.onnx: byte 2:");
  dir_.Write("tagged.onnx",
             testing::Model(absl::StrCat("main (u) => (v) <float[2] w = {1, 2}> { [/b/Mul] v = Mul "
                                         "(u, w)",
                                         Tags("b"), "}")));
  Write("main (x) => (y) <float[3] z = {1, 2, 3}> { [/a/Add] y = Add (x, z) }");
  EXPECT_THAT(Analyze({flag}), ::testing::HasSubstr("hierarchy does not describe this model"));
}

TEST_F(QuestionsTest, NamesOfAMegabyte) {
  const std::string name(1000000, 'n');
  Write(absl::StrCat("main (x) => (y) { [", name, "] y = ", name, " (x)", Tags("a"), " }"));
  EXPECT_EQ(Select({"a"}), name + "\n");
  EXPECT_EQ(Analyze({"--columns=module,operators"}),
            absl::StrCat("module  top operators\n(root)  ", std::string(69, 'n'), "...\n  a     ",
                         std::string(69, 'n'), "...\n\nmodules from tags\n"));
  EXPECT_EQ(Analyze({"--columns=operators", "--format=csv", "--depth=0"}),
            absl::StrCat("operators\r\n", name, " 1\r\n"));
}

TEST_F(QuestionsTest, FilesThatAreNoModels) {
  dir_.Write("in.onnx", "\x3a\x05");
  EXPECT_EQ(Analyze({}).substr(0, 20), "it: in.onnx: byte 0:");
  EXPECT_EQ(Select({"a"}).substr(0, 20), "it: in.onnx: byte 0:");
}

TEST_F(QuestionsTest, TheHierarchyOfAnotherModel) {
  Write("main (x) => (y) <float[2] a.w = {1, 2}> { [/a/Mul] y = Mul (x, a.w) }");
  dir_.Write("h.json", R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
    {"path": "", "class": "my.Net"}, {"path": "b", "class": "my.B"}]})");
  EXPECT_EQ(
      Analyze({absl::StrCat("--hierarchy=", Path("h.json"))}),
      "it: h.json: hierarchy does not describe this model (node_name 0 of 1, parameter names 0 "
      "of 1 resolve)\nexit 1\n");
}

TEST_F(QuestionsTest, AnEmbeddedHierarchyOfAnotherModel) {
  Write(R"(<metadata_props: ["modelexport.hierarchy": "{\"schema\": \"modelexport.hierarchy\",
      \"version\": 1, \"modules\": [{\"path\": \"\", \"class\": \"my.Net\"}, {\"path\": \"b\",
      \"class\": \"my.B\"}]}"]>
      main (x) => (y) <float[2] a.w = {1, 2}> { [/a/Mul] y = Mul (x, a.w) })");
  EXPECT_EQ(Analyze({}),
            "it: in.onnx: its own hierarchy does not describe this model (node_name 0 of 1, "
            "parameter names 0 of 1 resolve)\nexit 1\n");
}

}  // namespace
}  // namespace modelexport
