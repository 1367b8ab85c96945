#include "modelexport/commands/extract.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "modelexport/commands/test_command.h"
#include "modelexport/graph/model_file.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/onnx/tensor_elements.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::Tags;

std::string Operands(const ModelIndex& index, absl::Span<const StringId> names) {
  std::string text;
  for (StringId name : names) absl::StrAppend(&text, text.empty() ? "" : ", ", index.text(name));
  return text;
}

// The model in `path`: its imports, inputs, outputs, value_info, nodes, functions and initializers
// with their elements.
std::string Shown(const std::string& folder, const std::string& name) {
  const auto file = ModelFile::Open(folder + name);
  if (!file.ok()) return absl::StrCat(file.status().message(), "\n");
  const ModelIndex& index = file->graph().index();
  const Declarations declared = *Declarations::Read(index);
  std::string text;
  for (const OpsetImport& opset : declared.opset_imports(kMainGraph)) {
    absl::StrAppend(&text, "opset \"", opset.domain, "\" ", opset.version, "\n");
  }
  for (const ValueRecord& value : declared.values(kMainGraph)) {
    const char* const roles[] = {"in ", "out ", "value "};
    absl::StrAppend(&text, roles[static_cast<int>(value.role)], index.text(value.name), ": ",
                    ToString(*ReadValueType(index.source(), value)), "\n");
  }
  for (const GraphRecord& graph : index.graphs()) {
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      const NodeId node(n);
      absl::StrAppend(&text, file->graph().Place(node), " ", file->graph().name(node), ": ",
                      Operands(index, index.outputs(node)), " = ", file->graph().op_type(node),
                      " (", Operands(index, index.inputs(node)), ")\n");
    }
  }
  for (const TensorRecord& tensor : index.tensors()) {
    absl::StrAppend(&text, "tensor ", index.text(tensor.name), ":");
    const auto add = [&](absl::Span<const double> elements) {
      for (double element : elements) absl::StrAppend(&text, " ", element);
    };
    const absl::Status status = ReadElements(index, tensor, folder, add);
    if (!status.ok()) absl::StrAppend(&text, " ", status.message());
    if (tensor.external_location.valid()) {
      absl::StrAppend(&text, " in ", index.text(tensor.external_location));
    }
    text += "\n";
  }
  return text;
}

class ExtractTest : public ::testing::Test {
 protected:
  void Write(const std::string& model) { dir_.Write("in.onnx", testing::Model(model)); }

  // The output, or what was printed as errors.
  std::string Extract(Arguments arguments) {
    arguments.insert(arguments.begin(), {dir_.Path("in.onnx"), dir_.Path("out.onnx")});
    const testing::CommandResult result = testing::RunCommand(ExtractCommand, arguments);
    printed_ = result.out;
    if (result.code == 0) return Shown(dir_.path() + "/", "out.onnx");
    return absl::StrReplaceAll(absl::StrCat(result.err, "exit ", result.code, "\n"),
                               {{dir_.path() + "/", ""}});
  }

  testing::TempDir dir_;
  std::string printed_;
};

TEST_F(ExtractTest, KeepsTheModuleAlone) {
  Write(absl::StrCat(R"(<ir_version: 8, opset_import: ["" : 20, "local" : 1, "unused" : 3]>
    main (float[2] x) => (float[2] y) <float[2] w = {1, 2}, float[2] v = {3, 4}> {
      [/a/Mul] p = Mul (x, w))",
                     Tags("a"), R"(
      [/b/F] q = local.F (p))",
                     Tags("b"), R"(
      [/b/Add] r = Add (q, v))",
                     Tags("b"), R"(
      [/c/Neg] y = Neg (r))",
                     Tags("c"), R"(
    }
    <domain: "local", opset_import: ["" : 20]>
    F (i) => (o) { o = Relu (i) }
    <domain: "local", opset_import: ["" : 20]>
    Other (i) => (o) { o = Relu (i) })"));
  EXPECT_EQ(Extract({"--module=b", "--untyped"}), R"(opset "" 20
opset "local" 1
in p: ?
out r: ?
#0 /b/F: q = F (p)
#1 /b/Add: r = Add (q, v)
function:local:F:#0 : o = Relu (i)
tensor v: 3 4
)");
  EXPECT_EQ(Extract({"--module=b..c"}),
            "it: in.onnx: pattern \"b..c\": a segment is empty\n"
            "it --help lists the flags\nexit 2\n");
}

TEST_F(ExtractTest, WithoutATypeThereIsNoModel) {
  Write(absl::StrCat(R"(main (float[2] x) => (float[2] y) {
      p = Relu (x))",
                     Tags("a"), " y = Neg (p)", Tags("b"), "}"));
  EXPECT_EQ(Extract({"--module=a"}),
            "it: in.onnx: a: the type or rank of 1 value is not known, first of \"p\"; --untyped "
            "writes it so, which onnx's checker refuses and ONNX Runtime loads\nexit 1\n");
  EXPECT_EQ(dir_.Listing(), absl::StrCat("in.onnx ", dir_.Read("in.onnx").size(), "\n"));
}

TEST_F(ExtractTest, SeveralModulesAreOneModel) {
  Write(absl::StrCat("main (float[2] x) => (float[2] y) { p = Relu (x)", Tags("l.0"),
                     " q = Neg (p)", Tags("l.1"), " y = Abs (q)", Tags("l.2"), "}"));
  const std::string both = R"(opset "" 20
in x: float[2]
out q: ?
#0 : p = Relu (x)
#1 : q = Neg (p)
)";
  EXPECT_EQ(Extract({"--module=l.0..1", "--untyped"}), both);
  EXPECT_EQ(Extract({"--module=l.[0-1]", "--untyped"}), both);
  EXPECT_EQ(Extract({"--module=l.1..3"}), "it: in.onnx: there is no module l.3\nexit 1\n");
  EXPECT_EQ(Extract({"--module=l.1..0"}),
            "it: in.onnx: the range ends before it begins\nit --help lists the flags\nexit 2\n");
}

TEST_F(ExtractTest, TheWholeModelIsAsBefore) {
  Write(absl::StrCat("main (float[2] x) => (float[2] y) <float[2] w = {1, 2}> { p = Mul (x, w)",
                     Tags("a"), " y = Abs (p) }"));
  EXPECT_EQ(Extract({"--module=."}), R"(opset "" 20
in x: float[2]
out y: float[2]
#0 : p = Mul (x, w)
#1 : y = Abs (p)
tensor w: 1 2
)");
}

TEST_F(ExtractTest, ACallIsChosen) {
  const auto call = [](int k) {
    return Tags("a", absl::StrCat(", \"modelexport.call\": \"", k, "\""));
  };
  const std::string modules =
      R"({\"schema\": \"modelexport.hierarchy\", \"version\": 1, \"modules\": [{\"path\": \"\", )"
      R"(\"class\": \"N\", \"calls\": 1}, {\"path\": \"a\", \"class\": \"N\", \"calls\": 2}])";
  const auto write = [&](absl::string_view more) {
    Write(
        absl::StrCat("<ir_version: 10, opset_import: [\"\" : 20], metadata_props: ["
                     "\"modelexport.hierarchy\": \"",
                     modules, more, "}\"]>\nmain (float[2] x) => (float[2] y) { p = Relu (x)",
                     call(0), " y = Neg (p)", call(1), "}"));
  };
  write("");
  EXPECT_EQ(Extract({"--module=a"}),
            "it: in.onnx: a: is called 2 times, and the hierarchy does not say which calls these "
            "are\nexit 1\n");
  write(R"(, \"calls\": [{\"module\": \"\"}, {\"module\": \"a\", \"parent\": 0}, )"
        R"({\"module\": \"a\", \"parent\": 0}])");
  EXPECT_EQ(Extract({"--module=a"}),
            "it: in.onnx: a: is called 2 times: --call=0 to --call=1 chooses one\nexit 1\n");
  EXPECT_EQ(Extract({"--module=a", "--call=2"}),
            "it: in.onnx: a: there is no call 2: it has calls 0 to 1\nexit 1\n");
  EXPECT_EQ(Extract({"--module=a", "--call=1", "--untyped"}), R"(opset "" 20
in p: ?
out y: float[2]
#0 : y = Neg (p)
)");
}

TEST_F(ExtractTest, AllCallsAreOneModel) {
  const auto call = [](int k) {
    return Tags("a", absl::StrCat(", \"modelexport.call\": \"", k, "\""));
  };
  const std::string modules =
      R"({\"schema\": \"modelexport.hierarchy\", \"version\": 1, \"modules\": [{\"path\": \"\", )"
      R"(\"class\": \"N\", \"calls\": 1}, {\"path\": \"a\", \"class\": \"N\", \"calls\": 2}], )"
      R"(\"calls\": [{\"module\": \"\"}, {\"module\": \"a\", \"parent\": 0}, )"
      R"({\"module\": \"a\", \"parent\": 0}]})";
  Write(
      absl::StrCat("<ir_version: 10, opset_import: [\"\" : 20], metadata_props: ["
                   "\"modelexport.hierarchy\": \"",
                   modules, "\"]>\nmain (float[2] x) => (float[2] y) { p = Relu (x)", call(0),
                   " q = Abs (p) r = Neg (q)", call(1), " y = Exp (r) }"));
  // What lies between the calls is no part of them.
  EXPECT_EQ(Extract({"--module=a", "--all_calls", "--untyped"}), R"(opset "" 20
in x: float[2]
in q: ?
out p: ?
out r: ?
#0 : p = Relu (x)
#1 : r = Neg (q)
)");
  EXPECT_EQ(Extract({"--module=a", "--all_calls", "--call=0"}),
            "it: --call and --all_calls exclude each other\nit --help lists the flags\nexit 2\n");
}

constexpr char kChain[] = R"(main (float[2] x) => (float[2] y) <float[2] w = {1, 2}> {
    s = Relu (x)
    p = Mul (s, w)%s
    q = Add (p, w)%s
    y = Sub (q, p)
  })";

TEST_F(ExtractTest, PiecesOfTheWhole) {
  Write(absl::StrFormat(kChain, Tags("a"), Tags("b")));
  EXPECT_NE(Extract({"--split=a,b", "--untyped"}).find("cannot open"), std::string::npos);
  EXPECT_EQ(Shown(dir_.path() + "/", "out.0.onnx"), R"(opset "" 20
in x: float[2]
out p: ?
#0 : s = Relu (x)
#1 : p = Mul (s, w)
tensor w: 1 2
)");
  EXPECT_EQ(Shown(dir_.path() + "/", "out.1.onnx"), R"(opset "" 20
in p: ?
out y: float[2]
#0 : q = Add (p, w)
#1 : y = Sub (q, p)
tensor w: 1 2
)");
}

TEST_F(ExtractTest, NoPieceIsLeftAfterAnError) {
  Write(absl::StrFormat(kChain, Tags("b"), Tags("a")));
  EXPECT_EQ(Extract({"--split=a,b"}),
            "it: in.onnx: #2 of piece 0 reads what #1 of piece 1 makes\nexit 1\n");
  EXPECT_EQ(Extract({"--split=b,a"}).substr(0, 19), "it: in.onnx: b: the");  // No types.
  EXPECT_EQ(Extract({"--split=b,none", "--untyped"}),
            "it: in.onnx: pattern \"none\" matches nothing; nearest: b, a, op:Relu\nexit 1\n");
  EXPECT_NE(Shown(dir_.path() + "/", "out.0.onnx").find("cannot open"), std::string::npos);
  EXPECT_EQ(Extract({"--split=a,,b"}),
            "it: --split=a,,b: a name is empty\nit --help lists the flags\nexit 2\n");
  EXPECT_EQ(Extract({"--split=a", "--module=b"}),
            "it: --split excludes --module, --call and --all_calls\n"
            "it --help lists the flags\nexit 2\n");
}

// A chain without it would not be the whole.
TEST_F(ExtractTest, AnOutputThatDependsOnNothing) {
  Write(
      absl::StrCat("main (float[2] x) => (float[2] y, float[2] z) <float[2] w = {1, 2}> "
                   "{ y = Relu (x)",
                   Tags("a"), " z = Neg (w) }"));
  EXPECT_EQ(
      Extract({"--split=a"}),
      "it: in.onnx: no piece would make the output \"z\", which depends on no input\nexit 1\n");
}

TEST_F(ExtractTest, ExternalDataAreCopiedAsFarAsTheyAreUsed) {
  dir_.Write("w.bin", std::string("\0\0\x80?\0\0\0@\0\0@@\0\0\x80@", 16));
  Write(absl::StrCat(R"(main (float[2] x) => (float[2] y)
      <float[2] w = ["location": "w.bin", "length": "8"],
       float[2] v = ["location": "w.bin", "offset": "8", "length": "8"]> {
      p = Mul (x, w))",
                     Tags("a"), " y = Mul (p, v)", Tags("b"), "}"));
  EXPECT_EQ(Extract({"--module=b", "--untyped"}), R"(opset "" 20
in p: ?
out y: float[2]
#0 : y = Mul (p, v)
tensor v: 3 4 in out.onnx.data
)");
  EXPECT_EQ(dir_.Read("out.onnx.data").size(), 8);
  // What is there already has the same bytes; then it has others.
  EXPECT_EQ(Extract({"--module=b", "--untyped", "--external_data=leave"}), R"(opset "" 20
in p: ?
out y: float[2]
#0 : y = Mul (p, v)
tensor v: 3 4 in w.bin
)");
  dir_.Write("out.onnx.data", "another");
  EXPECT_EQ(Extract({"--module=b", "--untyped"}),
            "it: out.onnx.data: is there already, with other bytes than in.onnx's data\nexit 4\n");
  dir_.Write("w.bin", "short");
  EXPECT_EQ(Extract({"--module=b", "--untyped"}),
            "it: in.onnx: tensor \"v\": external data goes past the end of \"w.bin\"\nexit 3\n");
}

TEST_F(ExtractTest, WhatIsInABodyIsMovedOut) {
  Write(absl::StrCat(R"(main (float[2] x, bool flag) => (float[2] y) <float[2] w = {1, 2}> {
      y = If (flag) <
        then_branch = yes () => (float[2] t) <float[2] v = {3, 4}> { s = Mul (x, w))",
                     Tags("a"), " t = Add (s, v)", Tags("a"), R"(},
        else_branch = no () => (float[2] e) { e = Neg (x) }
      >
    })"));
  EXPECT_EQ(Extract({"--module=a"}), R"(opset "" 20
in x: float[2]
out t: float[2]
#0 : s = Mul (x, w)
#1 : t = Add (s, v)
tensor w: 1 2
tensor v: 3 4
)");
}

TEST_F(ExtractTest, ErrorsNameTheModule) {
  Write(absl::StrCat("main (float[2] x) => (float[2] y) { y = Relu (x)", Tags("a.b"), "}"));
  EXPECT_EQ(Extract({"--module=a.c"}),
            "it: in.onnx: pattern \"a.c\" matches nothing; nearest: a.b, a, **.b\nexit 1\n");
  EXPECT_EQ(Extract({}), "it: --module or --split is wanted\nit --help lists the flags\nexit 2\n");
}

}  // namespace
}  // namespace modelexport
