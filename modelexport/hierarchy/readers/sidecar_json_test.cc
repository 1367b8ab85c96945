#include "modelexport/hierarchy/readers/sidecar_json.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_builder.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"

namespace modelexport {
namespace {

// The text of the hierarchy that `json` describes, or the message of the error.
std::string Parsed(absl::string_view json) {
  const absl::StatusOr<Hierarchy> hierarchy = ParseSidecar(json);
  if (hierarchy.ok()) return ToText(*hierarchy);
  EXPECT_EQ(hierarchy.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(hierarchy.status().message());
}

// A sidecar with these members after the header.
std::string Sidecar(absl::string_view members) {
  return absl::StrCat(R"({"schema": "modelexport.hierarchy", "version": 1, )", members, "}");
}

// A sidecar with a root and "a", and these members.
std::string With(absl::string_view members) {
  return Sidecar(absl::StrCat(R"("modules": [{"path": ""}, {"path": "a"}], )", members));
}

constexpr absl::string_view kExample = R"({
  "schema": "modelexport.hierarchy",
  "version": 1,
  "source":  {"framework": "torch", "framework_version": "2.13.0", "model_class": "my.Tagger"},
  "modules": [
    {"path": "",        "class": "my.Tagger",                              "calls": 1},
    {"path": "embed",   "class": "torch.nn.modules.sparse.Embedding",       "calls": 1, "aliases": ["head.tied"]},
    {"path": "layers",  "class": "torch.nn.modules.container.ModuleList",   "calls": 0},
    {"path": "layers.0", "class": "my.Layer",                               "calls": 1}
  ],
  "tensors": [
    {"name": "embed.weight", "kind": "parameter", "dtype": "float32", "shape": [1000, 128], "aliases": ["head.weight"],
     "stats": {"min": -0.09, "max": 0.11, "mean": 0.0, "l2": 39.5}}
  ],
  "calls": [{"module": "", "parent": null}, {"module": "embed", "parent": 0}, {"module": "layers.0", "parent": 0}],
  "ops_source": "exported_program",
  "ops":   [{"op": "aten.embedding.default", "call": 1, "name": "embedding", "reads": ["embed.weight", null]},
            {"op": "aten.add.Tensor", "call": 2, "name": "add", "reads": [0, null]}]
}
)";

TEST(ParseSidecar, TheExampleOfTheDocumentation) {
  EXPECT_EQ(Parsed(kExample),
            "module 0 \"\": my.Tagger, calls 1\n"
            "module 1 \"embed\": torch.nn.modules.sparse.Embedding, calls 1, "
            "aliases \"head.tied\", parent 0\n"
            "module 2 \"layers\": torch.nn.modules.container.ModuleList, calls 0, parent 0\n"
            "module 3 \"layers.0\": my.Layer, calls 1, parent 2\n"
            "tensor 0 \"embed.weight\": parameter float32 [1000, 128], aliases \"head.weight\", "
            "min -0.09, max 0.11, mean 0, l2 39.5, owner 1\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "call 2: module 3 #0, parent 0\n"
            "op 0 aten.embedding.default: name \"embedding\", call 1, reads tensor 0 -\n"
            "op 1 aten.add.Tensor: name \"add\", call 2, reads op 0 -\n"
            "ops from exported_program\n");
}

TEST(ParseSidecar, MembersMayComeInAnyOrder) {
  EXPECT_EQ(Parsed(R"({
      "ops": [{"returns": 1, "reads": ["w", null], "name": "mul", "call": 1, "op": "aten.mul.Tensor"}],
      "calls": [{"parent": null, "module": ""}, {"parent": 0, "module": "a"},
                {"parent": 0, "module": "b"}],
      "ops_source": "torch_export",
      "tensors": [{"stats": {"l2": 4, "mean": 3, "max": 2, "min": 1}, "shape": [], "name": "w"}],
      "modules": [{"aliases": ["b"], "path": ""}, {"calls": 1, "class": "A", "path": "a"}],
      "version": 1, "schema": "modelexport.hierarchy"})"),
            "module 0 \"\": calls 2, aliases \"b\"\n"
            "module 1 \"a\": A, calls 1, parent 0\n"
            "tensor 0 \"w\":   [], min 1, max 2, mean 3, l2 4, owner 0\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "call 2: module 0 #1, parent 0\n"
            "op 0 aten.mul.Tensor: name \"mul\", call 1, reads tensor 0 -, returns what it reads\n"
            "ops from torch_export\n");
}

// Each value below would be an error, or change the result, if it were not ignored.
TEST(ParseSidecar, UnknownMembersAreIgnoredAtEveryLevel) {
  EXPECT_EQ(Parsed(Sidecar(R"(
      "x": {"modules": [{"path": 1}], "schema": [[]], "y": {"version": 2}}, "x": 1,
      "modules": [{"path": "", "x": {"path": 2, "calls": [-1]}, "class": "M", "y": [{}, [null]]}],
      "tensors": [{"name": "w", "x": [{"name": "v"}], "stats":
                   {"min": 0, "x": {"min": 1}, "max": 0, "mean": 0, "l2": 0}, "dtype": "int8"}],
      "calls": [{"x": true, "module": "", "y": {"module": "a"}}],
      "ops": [{"op": "f", "x": [{"op": "g"}], "call": 0, "y": -1.5e3, "reads": [null]}])")),
            "module 0 \"\": M, calls 1\n"
            "tensor 0 \"w\":  int8 [], min 0, max 0, mean 0, l2 0, owner 0\n"
            "call 0: module 0 #0\n"
            "op 0 f: call 0, reads -\n");
}

// What one entry gives must not be left over for the next.
TEST(ParseSidecar, EveryEntryStartsAfresh) {
  EXPECT_EQ(Parsed(With(R"(
      "tensors": [{"name": "v", "kind": "buffer", "dtype": "int8", "shape": [2], "aliases": ["t"],
                   "stats": {"min": 0, "max": 0, "mean": 0, "l2": 0}}, {"name": "w"}],
      "calls": [{"module": ""}, {"module": "a", "parent": 0}, {"module": "a"}],
      "ops": [{"op": "f", "call": 0, "name": "f", "reads": [null]}, {"op": "g", "call": 1}])")),
            "module 0 \"\": calls 1\n"
            "module 1 \"a\": calls 2, parent 0\n"
            "tensor 0 \"v\": buffer int8 [2], aliases \"t\", min 0, max 0, mean 0, l2 0, owner 0\n"
            "tensor 1 \"w\":   [], owner 0\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "call 2: module 1 #1\n"
            "op 0 f: name \"f\", call 0, reads -\n"
            "op 1 g: call 1\n");
}

TEST(ParseSidecar, CallsWinOverTheCountsOfModules) {
  EXPECT_EQ(Parsed(Sidecar(R"("modules": [{"path": "", "calls": 1}, {"path": "a", "calls": 2}],
                              "calls": [{"module": ""}, {"module": "a", "parent": 0}])")),
            "module 0 \"\": calls 1\n"
            "module 1 \"a\": calls 1, parent 0\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "warning: $.modules[1].calls: 2, but calls lists 1\n");
}

TEST(ParseSidecar, ATagMayBeGiven) {
  EXPECT_EQ(Parsed(Sidecar(R"("modules": [{"traced_tag": "/M", "path": ""}, {"path": "a"}])")),
            "module 0 \"\": tag /M\nmodule 1 \"a\": parent 0\n");
  EXPECT_EQ(Parsed(Sidecar(R"("modules": [{"path": "", "traced_tag": 1}])")),
            "$.modules[0].traced_tag: expected a string, found 1");
}

TEST(ParseSidecar, AListOfNoCallsIsNone) {
  EXPECT_EQ(Parsed(Sidecar(R"("modules": [{"path": "", "calls": 1}], "calls": [])")),
            "module 0 \"\": calls 1\n");
}

TEST(ParseSidecar, AByteOrderMarkAndEscapes) {
  EXPECT_EQ(
      Parsed("\xEF\xBB\xBF" + Sidecar(R"("modules": [{"path": ""}, {"path": "\u00e9\"\n"}])")),
      "module 0 \"\"\nmodule 1 \"\xC3\xA9\"\n\": parent 0\n");
}

// A parser that recurses would overflow the stack.
TEST(ParseSidecar, IgnoredValuesMayNestDeeply) {
  const std::string open(1000000, '['), close(1000000, ']');
  EXPECT_EQ(Parsed(With(absl::StrCat("\"x\": ", open, close))),
            "module 0 \"\"\nmodule 1 \"a\": parent 0\n");
  EXPECT_EQ(Parsed(With(absl::StrCat("\"calls\": ", open, close))),
            "$.calls[0]: expected an object, found a list");
}

TEST(ParseSidecar, NamesWhatIsWrongAndWhere) {
  const struct {
    std::string json, error;
  } kCases[] = {
      // Syntax.
      {"",
       "byte 0: syntax error while parsing value - unexpected end of input; "
       "expected '[', '{', or a literal"},
      {"{\"schema\": \"",
       "byte 12: syntax error while parsing value - invalid string: "
       "missing closing quote"},
      {"{\"x\": tru}", "byte 9: syntax error while parsing value - invalid literal"},
      {"{} {}", "$.schema: missing"},
      {With("\"x\": 1") + "]",
       "byte 99: syntax error while parsing value - unexpected ']'; expected end of input"},
      {"{\"x\": \"\xFF\"}",
       "byte 7: syntax error while parsing value - invalid string: ill-formed UTF-8 byte"},
      {std::string("{}\0", 3), "byte 2: NUL, so this is not JSON"},
      // The header.
      {"[]", "$: expected an object, found a list"},
      {"1", "$: expected an object, found 1"},
      {R"({"version": 1, "modules": [{"path": ""}]})", "$.schema: missing"},
      {R"({"schema": "modelexport.hierarchy", "modules": [{"path": ""}]})", "$.version: missing"},
      {Sidecar("\"x\": 1"), "$.modules: missing"},
      {R"({"schema": "y", "version": 1, "modules": [{"path": ""}]})",
       "$.schema: \"y\" is not \"modelexport.hierarchy\""},
      {R"({"schema": "modelexport.hierarchy", "version": 0, "modules": []})",
       "$.version: there is no version 0"},
      {R"({"schema": "modelexport.hierarchy", "version": "1", "modules": []})",
       "$.version: expected an integer from 0 to 9223372036854775807, found a string"},
      // A newer version says so before anything else that this one cannot read.
      {R"({"modules": {"path": 1}, "schema": "modelexport.hierarchy", "version": 2})",
       "$.version: version 2 is newer than this program understands (1)"},
      {R"({"version": 2, "modules": [], "schema": "modelexport.hierarchy"})",
       "$.version: version 2 is newer than this program understands (1)"},
      // What is no sidecar at all says so before its members are judged.
      {R"({"modules": {"encoder": {"class_name": "A"}}})", "$.schema: missing"},
      // Kinds of values.
      {Sidecar("\"modules\": null"), "$.modules: expected a list, found null"},
      {Sidecar("\"modules\": [null]"), "$.modules[0]: expected an object, found null"},
      {Sidecar("\"modules\": [{\"path\": \"\"}, {\"path\": 1}]"),
       "$.modules[1].path: expected a string, found 1"},
      {Sidecar("\"modules\": [{\"path\": \"\", \"class\": true}]"),
       "$.modules[0].class: expected a string, found true"},
      {Sidecar("\"modules\": [{\"path\": \"\", \"aliases\": \"a\"}]"),
       "$.modules[0].aliases: expected a list, found a string"},
      {Sidecar("\"modules\": [{\"path\": \"\", \"aliases\": [\"a\", {}]}]"),
       "$.modules[0].aliases[1]: expected a string, found an object"},
      {With(R"("calls": [{"module": "", "parent": "a"}])"),
       "$.calls[0].parent: expected an integer from 0 to 9223372036854775807 or null, "
       "found a string"},
      {With(R"("tensors": [{"name": "w", "stats": {"min": "0"}}])"),
       "$.tensors[0].stats.min: expected a number, found a string"},
      {With(
           R"("calls": [{"module": ""}], "ops": [{"op": "f", "call": 0, "reads": [null], "returns": 1}])"),
       "$.ops[0].returns: 1 is none of its reads"},
      {With(R"("ops": [{"op": "f", "call": 0, "returns": true}])"),
       "$.ops[0].returns: expected an integer from 0 to 9223372036854775807, found true"},
      {With(R"("ops": [{"op": "f", "call": 0, "reads": [[]]}])"),
       "$.ops[0].reads[0]: expected a string or an integer from 0 to 9223372036854775807 or null, "
       "found a list"},
      // Numbers.
      {Sidecar("\"modules\": [{\"path\": \"\", \"calls\": -1}]"),
       "$.modules[0].calls: expected an integer from 0 to 9223372036854775807, found -1"},
      {Sidecar("\"modules\": [{\"path\": \"\", \"calls\": 1.5}]"),
       "$.modules[0].calls: expected an integer from 0 to 9223372036854775807, found 1.5"},
      {With(R"("tensors": [{"name": "w", "shape": [1, 9223372036854775808]}])"),
       "$.tensors[0].shape[1]: expected an integer from 0 to 9223372036854775807, "
       "found 9223372036854775808"},
      {With(R"("tensors": [{"name": "w", "shape": [111111111122222222223333333333444444444455]}])"),
       "$.tensors[0].shape[0]: expected an integer from 0 to 9223372036854775807, "
       "found 1111111111222222222233333333334444444444..."},
      {With(R"("tensors": [{"name": "w", "stats": {"min": 1e999}}])"),
       "$.tensors[0].stats.min: a number too large for float64"},
      {With(R"("tensors": [{"name": "w", "shape": [1, 1e999]}])"),
       "$.tensors[0].shape[1]: a number too large for float64"},
      {With(R"("tensors": [{"name": "w", "x": [{"y": 1e999}]}])"),
       "$.tensors[0].x[0].y: a number too large for float64"},
      {With(R"("modulez": 0, "x": {"a": 1e999})"), "$.x.a: a number too large for float64"},
      {With(R"("tensors": [{"name": "w", "stats": {"min": NaN}}])"),
       "$.tensors[0].stats.min: not a finite number"},
      {With(R"("tensors": [{"name": "w", "stats": {"min": -Infinity}}])"),
       "$.tensors[0].stats.min: not a finite number"},
      // Members that are required, or given twice.
      {Sidecar("\"modules\": [{\"class\": \"M\"}]"), "$.modules[0].path: missing"},
      {Sidecar("\"modules\": [{\"path\": \"\", \"path\": \"\"}]"),
       "$.modules[0].path: given twice"},
      {Sidecar("\"modules\": [], \"modules\": []"), "$.modules: given twice"},
      {With("\"tensors\": [{}]"), "$.tensors[0].name: missing"},
      {With(R"("tensors": [{"name": "w", "stats": {"min": 0, "max": 0, "mean": 0}}])"),
       "$.tensors[0].stats.l2: missing"},
      {With("\"calls\": [{\"parent\": null}]"), "$.calls[0].module: missing"},
      {With("\"ops\": [{\"call\": 0}]"), "$.ops[0].op: missing"},
      {With("\"ops\": [{\"op\": \"f\"}]"), "$.ops[0].call: missing"},
      // Names.
      {Sidecar("\"modules\": []"),
       "$.modules[0].path: missing: the first module must be the root \"\""},
      {Sidecar("\"modules\": [{\"path\": \"a\"}, {\"path\": \"\"}]"),
       "$.modules[0].path: the first module must be the root \"\", found \"a\""},
      {Sidecar(R"("modules": [{"path": ""}, {"path": "a.b"}, {"path": "c"}, {"path": "a.b"}])"),
       "$.modules[3].path: duplicate path \"a.b\", first at $.modules[1].path"},
      {Sidecar(R"("modules": [{"path": "", "aliases": ["x", "y"]}, {"path": "y"}])"),
       "$.modules[1].path: duplicate path \"y\", first at $.modules[0].aliases[1]"},
      {Sidecar(R"("modules": [{"path": ""}, {"path": "a", "aliases": ["x", "a"]}])"),
       "$.modules[1].aliases[1]: duplicate path \"a\", first at $.modules[1].path"},
      {Sidecar(R"("modules": [{"path": ""}, {"path": "a", "aliases": ["y", "x", "x"]}])"),
       "$.modules[1].aliases[2]: duplicate path \"x\", first at $.modules[1].aliases[1]"},
      {Sidecar(R"("modules": [{"path": ""}, {"path": "a\n", "aliases": ["\u00e9\""]},
                              {"path": "\u00e9\""}])"),
       "$.modules[2].path: duplicate path \"\xC3\xA9\\\"\", first at $.modules[1].aliases[0]"},
      {Sidecar(R"("modules": [{"path": "", "aliases": ["b"]}, {"path": "b.c"}])"),
       "$.modules[1].path: \"b.c\" is below \"b\", an alias of \"\""},
      {With(R"("tensors": [{"name": "v", "aliases": ["w"]}, {"name": "w"}])"),
       "$.tensors[1].name: duplicate name \"w\", first at $.tensors[0].aliases[0]"},
      {With(R"("tensors": [{"name": "v"}, {"name": "w", "aliases": ["v"]}])"),
       "$.tensors[1].aliases[0]: duplicate name \"v\", first at $.tensors[0].name"},
      // References.
      {With(R"("calls": [{"module": ""}, {"module": "b", "parent": 0}])"),
       "$.calls[1].module: no module \"b\""},
      {Sidecar(R"("modules": [{"path": ""}, {"path": "b.c"}], "calls": [{"module": "b"}])"),
       "$.calls[0].module: \"b\" is not listed in modules"},
      {With(R"("calls": [{"module": "", "parent": 0}])"),
       "$.calls[0].parent: 0 is no earlier call"},
      {With(R"("calls": [{"module": ""}, {"module": "a", "parent": 4294967296}])"),
       "$.calls[1].parent: 4294967296 is no earlier call"},
      {With(R"("calls": [{"module": ""}], "ops": [{"op": "f", "call": 1}])"),
       "$.ops[0].call: 1 is no call"},
      {With(R"("calls": [{"module": ""}], "ops": [{"op": "f", "call": 4294967296}])"),
       "$.ops[0].call: 4294967296 is no call"},
      {With(R"("ops": [{"op": "f", "call": 0}])"), "$.ops[0].call: 0 is no call"},
      {With(R"("calls": [{"module": ""}], "ops": [{"op": "f", "call": 0},
                                                  {"op": "f", "call": 0, "reads": [0, 1]}])"),
       "$.ops[1].reads[1]: 1 is no earlier op"},
      {With(R"("ops_source": "guess")"), "$.ops_source: unknown source \"guess\""},
  };
  for (const auto& c : kCases) EXPECT_EQ(Parsed(c.json), c.error) << c.json;
}

TEST(ParseSidecar, ALargeSidecar) {
  std::string modules = R"("modules": [{"path": ""})";
  for (int i = 0; i < 100000; ++i) {
    absl::StrAppend(&modules, R"(,{"path": "layers.)", i / 10, ".m", i % 10,
                    R"(", "class": "torch.nn.modules.linear.Linear", "calls": 1})");
  }
  const absl::StatusOr<Hierarchy> hierarchy = ParseSidecar(Sidecar(modules + "]"));
  ASSERT_TRUE(hierarchy.ok()) << hierarchy.status();
  // The root, "layers", 10,000 layers.
  EXPECT_EQ(hierarchy->modules().size(), 110002u);
  const Module& last = hierarchy->modules().back();
  EXPECT_EQ(last.path, "layers.9999.m9");
  EXPECT_EQ(hierarchy->module(last.parent).path, "layers.9999");
  EXPECT_EQ(hierarchy->children(last.parent).size(), 10u);
}

std::string Rendered(absl::string_view json) {
  const absl::StatusOr<Hierarchy> hierarchy = ParseSidecar(json);
  return hierarchy.ok() ? RenderEmbedded(*hierarchy) : std::string(hierarchy.status().message());
}

TEST(RenderEmbedded, HasTheModulesAndTheCalls) {
  EXPECT_EQ(Rendered(kExample),
            R"({"schema":"modelexport.hierarchy","version":1,"modules":[)"
            R"({"path":"","class":"my.Tagger","calls":1},)"
            R"({"path":"embed","class":"torch.nn.modules.sparse.Embedding","calls":1,)"
            R"("aliases":["head.tied"]},)"
            R"({"path":"layers","class":"torch.nn.modules.container.ModuleList","calls":0},)"
            R"({"path":"layers.0","class":"my.Layer","calls":1}],)"
            R"("calls":[{"module":""},{"module":"embed","parent":0},)"
            R"({"module":"layers.0","parent":0}]})");
}

TEST(RenderEmbedded, HasTheTagsThatWereGiven) {
  EXPECT_EQ(
      Rendered(Sidecar(R"("modules": [{"path": "", "traced_tag": "/M", "aliases": ["x"]},
                                            {"path": "a", "traced_tag": "/M/\"A"}])")),
      R"({"schema":"modelexport.hierarchy","version":1,"modules":[)"
      R"({"path":"","aliases":["x"],"traced_tag":"/M"},{"path":"a","traced_tag":"/M/\"A"}]})");
}

TEST(RenderEmbedded, LeavesOutWhatIsUnknownOrImplied) {
  EXPECT_EQ(
      Rendered(Sidecar(R"("modules": [{"path": "", "aliases": ["x", "y"]}, {"path": "a.b"}])")),
      R"({"schema":"modelexport.hierarchy","version":1,"modules":[)"
      R"({"path":"","aliases":["x","y"]},{"path":"a.b"}]})");
}

// Implied containers, a parent after its child, counts out of calls, and names that need escapes.
TEST(RenderEmbedded, ParsesBackToTheSameModulesAndCalls) {
  const std::string json = Sidecar(R"(
      "modules": [{"path": "", "class": "M"}, {"path": "a.b.c"}, {"path": "a", "class": "A"},
                  {"path": "q\"\\\u0001\n\u00e9", "class": "\t", "aliases": ["\u007f", "/"]}],
      "calls": [{"module": ""}, {"module": "a.b.c"}, {"module": "a.b.c", "parent": 1}])");
  const std::string embedded = Rendered(json);
  const std::string expected =
      "module 0 \"\": M, calls 1\n"
      "module 1 \"a\": A, calls 0, parent 0\n"
      "module 2 \"a.b\": implied, calls 0, parent 1\n"
      "module 3 \"a.b.c\": calls 2, parent 2\n"
      "module 4 \"q\"\\\x01\n\xC3\xA9\": \t, calls 0, aliases \"\x7F\" \"/\", parent 0\n"
      "call 0: module 0 #0\n"
      "call 1: module 3 #0\n"
      "call 2: module 3 #1, parent 1\n";
  EXPECT_EQ(Parsed(json), expected);
  EXPECT_EQ(Parsed(embedded), expected);
  EXPECT_EQ(Rendered(embedded), embedded);
}

}  // namespace
}  // namespace modelexport
