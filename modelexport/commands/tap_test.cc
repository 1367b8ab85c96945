#include "modelexport/commands/tap.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "modelexport/commands/test_command.h"
#include "modelexport/graph/model_file.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::Tags;

// The outputs of the model in `path`.
std::string Shown(const std::string& path) {
  const auto file = ModelFile::Open(path);
  if (!file.ok()) return absl::StrCat(file.status().message(), "\n");
  const ModelIndex& index = file->graph().index();
  const Declarations declared = *Declarations::Read(index);
  std::string text;
  for (const ValueRecord& value : declared.values(kMainGraph)) {
    if (value.role != ValueRecord::Role::kOutput) continue;
    absl::StrAppend(&text, "out ", index.text(value.name), ": ",
                    ToString(*ReadValueType(index.source(), value)), "\n");
  }
  return text;
}

class TapTest : public ::testing::Test {
 protected:
  void Write(const std::string& model) { dir_.Write("in.onnx", testing::Model(model)); }

  std::string Run(const Arguments& arguments) {
    const testing::CommandResult result = testing::RunCommand(TapCommand, arguments);
    printed_ = absl::StrReplaceAll(result.out, {{dir_.path() + "/", ""}});
    if (result.code == 0) return "";
    return absl::StrReplaceAll(absl::StrCat(result.err, "exit ", result.code, "\n"),
                               {{dir_.path() + "/", ""}});
  }

  // The outputs of the copy, or what was printed as errors.
  std::string Tap(Arguments arguments) {
    arguments.insert(arguments.begin(), {dir_.Path("in.onnx"), dir_.Path("out.onnx")});
    const std::string error = Run(arguments);
    return error.empty() ? Shown(dir_.Path("out.onnx")) : error;
  }

  std::string List(Arguments arguments) {
    arguments.insert(arguments.begin(), dir_.Path("in.onnx"));
    const std::string error = Run(arguments);
    return error.empty() ? printed_ : error;
  }

  testing::TempDir dir_;
  std::string printed_;
};

std::string Chain() {
  return absl::StrCat(R"(main (float[2] x) => (float[2] y) {
      p = Relu (x))",
                      Tags("l.0"), " q = Neg (p)", Tags("l.1"), " y = Abs (q)", Tags("l.2"), "}");
}

TEST_F(TapTest, OutputsOfModulesAreAdded) {
  Write(Chain());
  EXPECT_EQ(Tap({"--modules=l.*", "--untyped"}), "out y: float[2]\nout p: ?\nout q: ?\n");
  EXPECT_EQ(Tap({"--modules=l.0..1", "--untyped"}), "out y: float[2]\nout p: ?\nout q: ?\n");
  EXPECT_EQ(Tap({"--modules=l.1", "--untyped"}), "out y: float[2]\nout q: ?\n");
  // What is an output already stays one.
  EXPECT_EQ(Tap({"--modules=l.2"}), "out y: float[2]\n");
  EXPECT_EQ(dir_.Read("out.onnx"), dir_.Read("in.onnx"));
}

TEST_F(TapTest, TypesAreThoseThatAreDeclared) {
  Write(absl::StrCat(R"(main (float[2] x) => (float[2] y) <float[2] p, float[N] q> {
      p = Relu (x))",
                     Tags("a"), " q = Neg (p)", Tags("b"), " y = Abs (q)", Tags("c"), "}"));
  EXPECT_EQ(Tap({}), "out y: float[2]\nout p: float[2]\nout q: float[N]\n");
}

TEST_F(TapTest, WithoutATypeThereIsNoModel) {
  Write(Chain());
  EXPECT_EQ(Tap({}),
            "it: in.onnx: the type or rank of 2 values is not known, first of \"p\"; --untyped "
            "writes it so, which onnx's checker refuses and ONNX Runtime loads\nexit 1\n");
  EXPECT_EQ(dir_.Listing(), absl::StrCat("in.onnx ", dir_.Read("in.onnx").size(), "\n"));
}

TEST_F(TapTest, TheMapSaysWhichValueIsWhose) {
  Write(absl::StrCat(R"(main (float[2] x) => (float[2] y) <float[2] w = {1, 2}> {
      c = Sqrt (w))",
                     Tags("k"), " n = Neg (x)", Tags("l"), " p, q = Split (x)", Tags("a.b"),
                     " r = Add (p, c)", Tags("a"), " y = Mul (r, q)", Tags(""), "}"));
  const std::string map = R"({
  "model": "in.onnx",
  "output": "out.onnx",
  "hierarchy": "tags",
  "calls": [
    {
      "module": "k",
      "class": null,
      "call": null,
      "outputs": [
        {
          "value": "c",
          "type": null,
          "node": "#0",
          "op_type": "Sqrt",
          "result": 0,
          "was_output": false,
          "feeds": []
        }
      ],
      "why": null
    },
    {
      "module": "l",
      "class": null,
      "call": null,
      "outputs": [],
      "why": "makes nothing that is read outside"
    },
    {
      "module": "a.b",
      "class": null,
      "call": null,
      "outputs": [
        {
          "value": "p",
          "type": null,
          "node": "#2",
          "op_type": "Split",
          "result": 0,
          "was_output": false,
          "feeds": []
        },
        {
          "value": "q",
          "type": null,
          "node": "#2",
          "op_type": "Split",
          "result": 1,
          "was_output": false,
          "feeds": []
        }
      ],
      "why": null
    },
    {
      "module": "",
      "class": null,
      "call": null,
      "outputs": [
        {
          "value": "y",
          "type": "float[2]",
          "node": "#4",
          "op_type": "Mul",
          "result": 0,
          "was_output": true,
          "feeds": []
        }
      ],
      "why": null
    }
  ],
  "added": [
    "c",
    "p",
    "q"
  ],
  "warnings": []
}
)";
  EXPECT_EQ(Tap({"--modules=k,l,a.b,.", "--untyped", "--map=" + dir_.Path("map.json")}),
            "out y: float[2]\nout c: ?\nout p: ?\nout q: ?\n");
  EXPECT_EQ(absl::StrReplaceAll(dir_.Read("map.json"), {{dir_.path() + "/", ""}}), map);
  EXPECT_EQ(Tap({"--modules=k,l,a.b,.", "--untyped", "--format=json", "--quiet"}),
            "out y: float[2]\nout c: ?\nout p: ?\nout q: ?\n");
  EXPECT_EQ(printed_, map);
}

TEST_F(TapTest, ListsForTools) {
  Write(Chain());
  EXPECT_EQ(List({"--untyped", "--format=names"}), "p\nq\ny\n");
  EXPECT_EQ(List({"--untyped", "--format=polygraphy"}), "p q y\n");
  EXPECT_EQ(List({"--untyped", "--format=trtexec", "--modules=l.1..2"}), "q,y\n");
  Write(absl::StrCat("main (float[2] x) => (float[2] y) { \"a,b\" = Neg (x)", Tags("a"),
                     " y = Neg (\"a,b\") }"));
  EXPECT_EQ(Tap({"--untyped", "--format=trtexec"}),
            "it: in.onnx: the name a,b has a comma\nexit 1\n");
  EXPECT_EQ(dir_.Listing(), absl::StrCat("in.onnx ", dir_.Read("in.onnx").size(), "\n"));
}

TEST_F(TapTest, NeverReplacesWeights) {
  Write(R"(main (float[2] x) => (float[2] y) <float[2] w = ["location": "w.bin"]> {
    y = Mul (x, w) })");
  dir_.Write("w.bin", "01234567");
  const std::string map = "--map=" + dir_.Path("w.bin");
  const std::string error =
      "it: in.onnx: initializer \"w\": external data \"w.bin\": the output w.bin would take its "
      "place\nit --help lists the flags\nexit 2\n";
  EXPECT_EQ(Tap({map}), error);
  EXPECT_EQ(List({map}), error);
  EXPECT_EQ(dir_.Read("w.bin"), "01234567");
}

TEST_F(TapTest, Mistakes) {
  Write(Chain());
  EXPECT_EQ(Tap({"--modules=l.3"}),
            "it: in.onnx: pattern \"l.3\" matches nothing; nearest: l.0, l.1, l.2\nexit 1\n");
  EXPECT_EQ(
      Tap({"--map=" + dir_.Path("in.onnx")}),
      "it: --map in.onnx and IN in.onnx are the same file\nit --help lists the flags\nexit 2\n");
  EXPECT_EQ(Tap({"--map=" + dir_.Path("no/map.json")}).substr(0, 16), "it: no/map.json:");
  EXPECT_EQ(Run({}),
            "it: IN is wanted, and OUT for a copy, not 0 arguments\n"
            "it --help lists the flags\nexit 2\n");
  Write(
      absl::StrCat("main (float[2] x) => (float[2] y) { p = Neg (x)", Tags("a"), " y = Neg (x) }"));
  EXPECT_EQ(Tap({"--modules=a"}),
            "it: in.onnx: a: of 1 calls none has an output, the first, of a, because it makes "
            "nothing that is read outside\nexit 1\n");
}

TEST_F(TapTest, ExternalDataAndLongNames) {
  dir_.Write("w.bin", std::string("\0\0\x80?\0\0\0@", 8));
  const std::string name(100000, 'n');
  Write(absl::StrCat("main (float[2] x) => (float[2] y) <float[2] ", name,
                     R"(, float[2] w = ["location": "w.bin", "length": "8"]> { )", name,
                     " = Mul (x, w)", Tags("a"), " y = Neg (", name, ") }"));
  EXPECT_EQ(Tap({"--modules=a"}), absl::StrCat("out y: float[2]\nout ", name, ": float[2]\n"));
}

}  // namespace
}  // namespace modelexport
