#include "modelexport/hierarchy/readers/tagged_model.h"

#include <atomic>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

std::string Read(absl::string_view model, const TaggedModelOptions& options = {}) {
  const TextGraph graph(model, TaggedModelKeys());
  const absl::StatusOr<Hierarchy> hierarchy = ReadTaggedModel(graph.view(), options);
  return hierarchy.ok() ? ToText(*hierarchy) : std::string(hierarchy.status().message());
}

// A model whose metadata has `members` of a sidecar besides its header.
std::string WithHierarchy(absl::string_view members, absl::string_view graph) {
  std::string escaped;
  for (const char c : members) absl::StrAppend(&escaped, c == '"' ? "\\" : "", std::string(1, c));
  return absl::StrCat("<ir_version: 10, metadata_props: [\"modelexport.hierarchy\": \"{",
                      "\\\"schema\\\":\\\"modelexport.hierarchy\\\",\\\"version\\\":1,", escaped,
                      "}\"]> ", graph);
}

TEST(ReadTaggedModel, ModulesAndCallsOfItsHierarchyTensorsAndNodesOfItsGraph) {
  EXPECT_EQ(Read(WithHierarchy(R"("modules":[{"path":"","class":"M"},{"path":"a","class":"A"}],)"
                               R"("calls":[{"module":""},{"module":"a","parent":0},)"
                               R"({"module":"a","parent":0}])",
                               R"(main (x) => (y) <float[2, 3] w = {1, ...}, int64[1] s = {6}> {
      t = Transpose (w) {"modelexport.module": "a", "modelexport.call": "0"}
      [first] h = MatMul (x, t) {"modelexport.module": "a", "modelexport.call": "0"}
      q = QuantizeLinear (h, scale) {"modelexport.module": "a"}
      d = DequantizeLinear (q, scale) {"modelexport.module": "a"}
      [second] g = MatMul (d, t) {"modelexport.module": "a", "modelexport.call": "1"}
      r = Reshape (g, s) {"modelexport.module": "", "modelexport.evidence": "none"}
      y = Add (r, g) {"modelexport.module": "", "modelexport.evidence": "dataflow"}
    })")),
            "module 0 \"\": M, calls 1\n"
            "module 1 \"a\": A, calls 2, parent 0\n"
            "tensor 0 \"w\":  float32 [2, 3], owner 0\n"
            "tensor 1 \"s\":  int64 [1], owner 0\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "call 2: module 1 #1, parent 0\n"
            "op 0 onnx.MatMul: name \"first\", call 1, reads - tensor 0\n"
            "op 1 onnx.MatMul: name \"second\", call 2, reads op 0 tensor 0\n"
            "op 2 onnx.Reshape: call 0, reads op 1 tensor 1\n"
            "op 3 onnx.Add: call 0, reads op 2 op 1\n"
            "node 0 Transpose: makes \"t\", module 1, call 1\n"
            "node 1 MatMul: name \"first\", makes \"h\", module 1, call 1, op 0\n"
            "node 2 QuantizeLinear: makes \"q\", module 1\n"
            "node 3 DequantizeLinear: makes \"d\", module 1\n"
            "node 4 MatMul: name \"second\", makes \"g\", module 1, call 2, op 1\n"
            "node 5 Add: makes \"y\", module 0, call 0, op 3\n"
            "ops from onnx\n");
}

// What --embed_hierarchy=false leaves: paths, class paths and calls.
TEST(ReadTaggedModel, ModulesOfTheTagsWhereThereIsNoHierarchy) {
  EXPECT_EQ(Read(R"(main (x) => (y) {
      a = Relu (x) {"modelexport.module": "b.act", "modelexport.tag": "/M/B", "modelexport.call": "1"}
      b = Relu (a) {"modelexport.module": "b.act", "modelexport.tag": "/M/B", "modelexport.call": "0"}
      y = Add (a, b) {"modelexport.module": "", "modelexport.tag": "/M"}
    })"),
            "module 0 \"\": tag /M\n"
            "module 1 \"b\": implied, parent 0\n"
            "module 2 \"b.act\": tag /M/B, parent 1\n"
            "call 0: module 0 #0\n"
            "call 1: module 2 #0, parent 0\n"
            "call 2: module 2 #1, parent 0\n"
            "op 0 onnx.Relu: call 2, reads -\n"
            "op 1 onnx.Relu: call 1, reads op 0\n"
            "op 2 onnx.Add: call 0, reads op 0 op 1\n"
            "node 0 Relu: makes \"a\", module 2, call 2, op 0\n"
            "node 1 Relu: makes \"b\", module 2, call 1, op 1\n"
            "node 2 Add: makes \"y\", module 0, call 0, op 2\n"
            "ops from onnx\n"
            "calls are assumed\n");
}

// As files have it that were tagged before modelexport.hierarchy had calls. By whom "c" was called
// is not known: "b" was called twice, "c" three times.
TEST(ReadTaggedModel, CallsAreAssumedFromTheirNumbers) {
  EXPECT_EQ(Read(WithHierarchy(R"("modules":[{"path":"","calls":1},{"path":"b","calls":2},)"
                               R"({"path":"b.a","calls":2},{"path":"b.c","calls":3},)"
                               R"({"path":"l","calls":0}])",
                               R"(main (x) => (y) {
      y = Relu (x) {"modelexport.module": "b.a", "modelexport.call": "1"}
    })")),
            "module 0 \"\": calls 1\n"
            "module 1 \"b\": calls 2, parent 0\n"
            "module 2 \"b.a\": calls 2, parent 1\n"
            "module 3 \"b.c\": calls 3, parent 1\n"
            "module 4 \"l\": calls 0, parent 0\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "call 2: module 2 #0, parent 1\n"
            "call 3: module 1 #1, parent 0\n"
            "call 4: module 2 #1, parent 3\n"
            "call 5: module 3 #0\n"
            "call 6: module 3 #1\n"
            "call 7: module 3 #2\n"
            "op 0 onnx.Relu: call 4, reads -\n"
            "node 0 Relu: makes \"y\", module 2, call 4, op 0\n"
            "ops from onnx\n"
            "calls are assumed\n");
}

// The Add and the second Relu are of the calls that the operators before them ran in; the last Relu
// is of the next call.
TEST(ReadTaggedModel, OperatorsWhoseCallIsNotKnownStandInTheNearestOne) {
  EXPECT_EQ(Read(WithHierarchy(R"("modules":[{"path":""},{"path":"b"},{"path":"b.a"}],)"
                               R"("calls":[{"module":""},{"module":"b","parent":0},)"
                               R"({"module":"b.a","parent":1},{"module":"b","parent":0},)"
                               R"({"module":"b.a","parent":3}])",
                               R"(main (x) => (d) {
      a = Relu (x) {"modelexport.module": "b.a", "modelexport.call": "0"}
      b = Relu (a) {"modelexport.module": "b.a"}
      c = Add (a, b) {"modelexport.module": "b"}
      e = Add (c, c) {"modelexport.module": "b", "modelexport.call": "1"}
      d = Relu (e) {"modelexport.module": "b.a"}
    })")),
            "module 0 \"\": calls 1\n"
            "module 1 \"b\": calls 2, parent 0\n"
            "module 2 \"b.a\": calls 2, parent 1\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "call 2: module 2 #0, parent 1\n"
            "call 3: module 1 #1, parent 0\n"
            "call 4: module 2 #1, parent 3\n"
            "op 0 onnx.Relu: call 2, reads -\n"
            "op 1 onnx.Relu: call 2, reads op 0\n"
            "op 2 onnx.Add: call 1, reads op 0 op 1\n"
            "op 3 onnx.Add: call 3, reads op 2 op 2\n"
            "op 4 onnx.Relu: call 4, reads op 3\n"
            "node 0 Relu: makes \"a\", module 2, call 2, op 0\n"
            "node 1 Relu: makes \"b\", module 2, op 1\n"
            "node 2 Add: makes \"c\", module 1, op 2\n"
            "node 3 Add: makes \"e\", module 1, call 3, op 3\n"
            "node 4 Relu: makes \"d\", module 2, op 4\n"
            "ops from onnx\n");
}

TEST(ReadTaggedModel, BodiesComeBeforeTheirNodeAndFunctionsAreLeftOut) {
  EXPECT_EQ(Read(R"(main (c, x) => (z) {
      y = If (c) <
        then_branch = yes () => (t) { t = Relu (x) {"modelexport.module": "a.then"} }
      > {"modelexport.module": "a"}
      z = local.F (y) {"modelexport.module": "f"}
    }
    <domain: "local">
    F (x) => (y) { y = Relu (x) {"modelexport.submodule": "g"} })"),
            "module 0 \"\"\n"
            "module 1 \"a\": parent 0\n"
            "module 2 \"f\": parent 0\n"
            "module 3 \"a.then\": parent 1\n"
            "call 0: module 0 #0\n"
            "call 1: module 1 #0, parent 0\n"
            "call 2: module 3 #0, parent 1\n"
            "call 3: module 2 #0, parent 0\n"
            "op 0 onnx.Relu: call 2, reads -\n"
            "op 1 onnx.If: call 1, reads -\n"
            "op 2 onnx.F: call 3, reads op 1\n"
            "node 0 Relu: makes \"t\", module 3, call 2, op 0\n"
            "node 1 If: makes \"y\", module 1, call 1, op 1\n"
            "node 2 F: makes \"z\", module 2, call 3, op 2\n"
            "ops from onnx\n"
            "calls are assumed\n");
}

constexpr absl::string_view kTensors = R"(main (x) => (y) <
    float[2] named = {1, 2}, float[2] same_dims = {3, 4}, float[3] lost = {-1, 0, 4},
    float[3] quantized = {5, 5, 5}, float[4] outside = ["location": "gone.bin"],
    float[5] kept = {1, ...}, float[2] twin_of_lost = {7, 8}, bool[3] flags = {1, ...}
  > { y = Relu (x) {"modelexport.module": ""} })";

std::string TensorLines(const std::string& text) {
  std::string lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StartsWith(line, "tensor") || absl::StartsWith(line, "warning")) {
      absl::StrAppend(&lines, line, "\n");
    }
  }
  return lines;
}

// Those whose names the other model lacks, and those of the same dims.
TEST(ReadTaggedModel, ContentIsReadWhereNamesAreLost) {
  const TextGraph other(R"(main (x) => (y) <
    float[2] named = {1, 2}, float[2] same_dims = {3, 4}, int8[3] quantized_quantized = {1, ...},
    float[5] kept = {1, ...}, float[3] w0 = {-1, 0, 4}
  > { y = Relu (x) })");
  TaggedModelOptions options;
  options.other = &other.index();
  options.folder = std::string("/nowhere/");
  EXPECT_EQ(TensorLines(Read(kTensors, options)),
            "tensor 0 \"named\":  float32 [2], min 1, max 2, mean 1.5, l2 2.23607, owner 0\n"
            "tensor 1 \"same_dims\":  float32 [2], min 3, max 4, mean 3.5, l2 5, owner 0\n"
            "tensor 2 \"lost\":  float32 [3], min -1, max 4, mean 1, l2 4.12311, owner 0\n"
            "tensor 3 \"quantized\":  float32 [3], min 5, max 5, mean 5, l2 8.66025, owner 0\n"
            "tensor 4 \"outside\":  float32 [4], owner 0\n"
            "tensor 5 \"kept\":  float32 [5], owner 0\n"
            "tensor 6 \"twin_of_lost\":  float32 [2], min 7, max 8, mean 7.5, l2 10.6301, owner 0\n"
            "tensor 7 \"flags\":  bool [3], owner 0\n"
            "warning: \"outside\" cannot be compared by content: "
            "/nowhere/gone.bin: cannot open: No such file or directory\n");
  const std::atomic<bool> cancelled(true);
  options.cancelled = &cancelled;
  EXPECT_EQ(TensorLines(Read(kTensors, options)), TensorLines(Read(kTensors)));
}

TEST(ReadTaggedModel, NoContentIsReadWhereAllNamesAreLeft) {
  const TextGraph other(kTensors);
  TaggedModelOptions options;
  options.other = &other.index();
  EXPECT_EQ(TensorLines(Read(kTensors, options)), TensorLines(Read(kTensors)));
}

TEST(ReadTaggedModel, TensorsWhoseNamesRepeatAreLeftOut) {
  EXPECT_EQ(TensorLines(Read(R"(main (c, x) => (y) <float[1] w = {1}, float[1] v = {1}> {
      y = If (c) <
        then_branch = yes () => (t) <float[1] w = {2}> { t = Add (x, w) }
      > {"modelexport.module": ""}
    })")),
            "tensor 0 \"v\":  float32 [1], owner 0\n");
}

TEST(ReadTaggedModel, AModelWithoutTags) {
  EXPECT_EQ(
      Read("main (x) => (y) { y = Relu (x) }"),
      "is not tagged: no node has modelexport.module; `modelexport tag` with a sidecar tags it");
  EXPECT_EQ(Read(R"(main (x) => (y) {
      y = Relu (x) {"namespace": "M/a", "pkg.torch.onnx.name_scopes": "['', 'a', 'relu']"}
    })"),
            "is not tagged: no node has modelexport.module, some have namespace; `modelexport tag` "
            "with the word embedded for HIERARCHY tags it");
  EXPECT_EQ(
      Read(R"(main (x) => (y) {
      h = Relu (x) {"winml.hierarchy.tag": "/M", "winml.hierarchy.depth": "1"}
      y = Relu (h) {"layer_ann": "a/"}
    })"),
      "is not tagged: no node has modelexport.module, some have layer_ann, some have "
      "winml.hierarchy.depth, some have winml.hierarchy.tag; `modelexport tag` with a sidecar "
      "tags it");
}

TEST(ReadTaggedModel, TagsThatContradictEachOther) {
  constexpr absl::string_view kModules = R"("modules":[{"path":""},{"path":"a","calls":2}])";
  EXPECT_EQ(Read(WithHierarchy(kModules, R"(main (x) => (y) {
      y = Relu (x) {"modelexport.module": "b"}
    })")),
            "node #0 (Relu): modelexport.module \"b\" is no module of modelexport.hierarchy");
  EXPECT_EQ(Read(WithHierarchy(kModules, R"(main (x) => (y) {
      y = Relu (x) {"modelexport.module": "a", "modelexport.call": "2"}
    })")),
            "node #0 (Relu): modelexport.call is 2, but module \"a\" has 2 calls");
  EXPECT_EQ(Read(WithHierarchy(kModules, R"(main (x) => (y) {
      y = Relu (x) {"modelexport.module": "a", "modelexport.call": "-1"}
    })")),
            "node #0 (Relu): modelexport.call \"-1\" is no number of a call");
  EXPECT_EQ(Read(R"(main (x) => (y) {
      h = Relu (x) {"modelexport.module": "a", "modelexport.tag": "/M/A"}
      y = Relu (h) {"modelexport.module": "a", "modelexport.tag": "/M/B"}
    })"),
            "node #1 (Relu): module \"a\" has modelexport.tag \"/M/B\", but \"/M/A\" on an earlier "
            "node");
}

TEST(ReadTaggedModel, AMalformedHierarchy) {
  EXPECT_EQ(
      Read(WithHierarchy(R"("modules":[{"path":"a"}])",
                         R"(main (x) => (y) { y = Relu (x) {"modelexport.module": ""} })")),
      "modelexport.hierarchy: $.modules[0].path: the first module must be the root \"\", found "
      "\"a\"");
}

TEST(SeemsModel, ByContent) {
  EXPECT_TRUE(SeemsModel("\x08\x0A\x12\x07pytorch"));
  EXPECT_TRUE(SeemsModel(absl::string_view("PK\x03\x04\x00", 5)));
  EXPECT_FALSE(SeemsModel(" \n{\"a\": \"\x01\"}"));
  EXPECT_FALSE(SeemsModel("[\"\"]"));
  EXPECT_FALSE(SeemsModel("version https://git-lfs.github.com/spec/v1\n"));
  EXPECT_FALSE(SeemsModel(""));
}

}  // namespace
}  // namespace modelexport
