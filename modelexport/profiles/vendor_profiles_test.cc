// Profiles of tools that cannot run here: files in testdata/profiles, made by hand from what their
// formats are documented to be, and odd ones.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "modelexport/profiles/read_profile.h"
#include "modelexport/profiles/tensorrt_layers.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::TempDir;

// Names of nodes, without what is common to them.
std::string Short(const std::string& name) {
  return absl::StrReplaceAll(name, {{"/encoder/layer.0/attention/", "~"}});
}

std::string Text(const Profile& profile) {
  std::string text = absl::StrCat(
      profile.form, ", ", profile.runs.kept, " of ", profile.runs.seen, " runs, outside ",
      profile.outside.has_value() ? absl::StrCat(*profile.outside) : "?", "\n");
  for (const Kernel& kernel : profile.kernels) {
    absl::StrAppend(&text, Short(kernel.name), ": ", kernel.own, " in ", kernel.executions);
    if (!kernel.parts.empty()) {
      absl::StrAppend(&text, kernel.parts_are_ends ? ", from to " : ", of ",
                      Short(absl::StrJoin(kernel.parts, ", ")));
    }
    text += "\n";
  }
  for (const std::string& note : profile.notes) absl::StrAppend(&text, note, "\n");
  return text;
}

std::string Read(const ByteSource& source, const std::string& layers = "") {
  const absl::StatusOr<Profile> profile = ReadProfile(source, {1, "", layers, nullptr});
  return profile.ok() ? Text(*profile) : std::string(profile.status().message());
}

std::string ReadText(const std::string& text, const std::string& layers = "") {
  return Read(*BytesInMemory(text, "p"), layers);
}

std::string ReadExample(const std::string& name, const std::string& layers = "") {
  const std::string folder = "testdata/profiles/";
  const auto source = OpenFile(folder + name);
  if (!source.ok()) return std::string(source.status().message());
  return Read(**source, layers.empty() ? "" : folder + layers);
}

TEST(TensorRt, LayersAndWhatTheyAreMadeOf) {
  EXPECT_EQ(ReadExample("tensorrt.json", "tensorrt_layers.json"),
            R"(tensorrt, 100 of 100 runs, outside ?
~self/query/MatMul + ~self/query/Add: 12400 in 100, of ~self/query/MatMul, ~self/query/Add
Reformatting CopyNode for Input Tensor 0 to ~self/key/MatMul: 2000 in 100, of ~self/key/MatMul
__mye301_fused: 9000 in 100, of ~output/Add, ~output/LayerNorm/LayerNormalization, ~self/value/Add
{ForeignNode[/pooler/Gather.../pooler/activation/Tanh]}: 6100 in 100, from to /pooler/Gather, /pooler/activation/Tanh
PWN(~self/Mul, PWN(~self/Add)): 3500 in 100, of ~self/Mul, ~self/Add
[trainStation1]: 500 in 100, of [trainStation1]
)");
  EXPECT_EQ(ReadExample("tensorrt.json").substr(0, 270), R"(tensorrt, 100 of 100 runs, outside ?
~self/query/MatMul + ~self/query/Add: 12400 in 100, of ~self/query/MatMul, ~self/query/Add
Reformatting CopyNode for Input Tensor 0 to ~self/key/MatMul: 2000 in 100, of ~self/key/MatMul
__mye301_fused: 9000 in 100, of __mye301_fused
)");
}

TEST(TensorRt, NamesAreWrittenAsTheyAre) {
  EXPECT_EQ(ReadText(R"([
  { "count" : 2 }
, { "name" : "a "b" \c", "timeMs" : 1.5, "averageMs" : 0.75, "percentage" : 60 }
, { "name" : "d", "timeMs" : 1, "averageMs" : 0.5, "percentage" : 40 }
]
)"),
            "tensorrt, 2 of 2 runs, outside ?\na \"b\" \\c: 1500 in 2, of a \"b\" \\c\nd: 1000 in "
            "2, of d\n");
}

// The n-th layer of a name is the n-th in the other file too.
TEST(TensorRt, NamesMayRepeat) {
  const TempDir dir;
  const std::string layers =
      dir.Write("layers.json", R"({"Layers": [{"Name": "x", "Metadata": "[ONNX Layer: a]"}, "y",
                                   {"Name": "x", "Metadata": "[ONNX Layer: b]"}]})");
  EXPECT_EQ(ReadText(R"([{"count": 1}, {"name": "x", "timeMs": 1}, {"name": "x", "timeMs": 2},
                         {"name": "x", "timeMs": 3}, {"name": "y", "timeMs": 4}])",
                     layers),
            "tensorrt, 1 of 1 runs, outside ?\nx: 1000 in 1, of a\nx: 2000 in 1, of b\n"
            "x: 3000 in 1, of x\ny: 4000 in 1, of y\n");
}

TEST(TensorRt, BadOnesAreRefused) {
  EXPECT_EQ(ReadText(R"([{"count": 1}, {"name": "x", "timeMs": -1}])"),
            "p: layer \"x\": timeMs is -1");
  EXPECT_EQ(ReadText(R"([{"count": 1}, {"name": "x", "timeMs": 1)").substr(0, 11), "p: byte 40:");
  const TempDir dir;
  const std::string layers = dir.Write("layers.json", R"({"Layers": 7})");
  EXPECT_EQ(ReadText(R"([{"count": 1}, {"name": "x", "timeMs": 1}])", layers),
            absl::StrCat("p: ", layers, ": $.Layers: expected a list, found 7"));
}

TEST(TensorRt, MetadataOfLayers) {
  const auto parts = [](absl::string_view metadata) {
    return absl::StrJoin(PartsOfMetadata(metadata).names, "|");
  };
  EXPECT_EQ(parts("[ONNX Layer: a]\x1f[ONNX Layer: b]"), "a|b");
  EXPECT_EQ(parts("[ONNX Layer: a]\x1e[ONNX Layer: b[0]]"), "a|b[0]");
  EXPECT_EQ(parts("[ONNX Layer: a][ONNX Layer: a]"), "a");
  EXPECT_EQ(parts("[ONNX Layer: a | Local Function: f]"), "a");
  EXPECT_EQ(parts("nothing"), "");
}

TEST(Winml, SamplesAreRuns) {
  EXPECT_EQ(ReadExample("winml.json"), R"(winml, 3 of 3 runs, outside ?
~self/query/MatMul: 33 in 3
fused_0: 21 in 3, of ~output/Add, ~output/LayerNorm/LayerNormalization
/pooler/dense/Gemm: 12 in 3
)");
}

TEST(Winml, WithoutSamplesTheMeanIsTaken) {
  EXPECT_EQ(ReadText(R"({"operators": [{"op_path": "a", "duration_us": 1.5, "samples_us": [1]},
                                       {"op_path": "b", "duration_us": 2}]})"),
            "winml, 1 of 0 runs, outside ?\na: 1.5 in 1\nb: 2 in 1\n");
}

TEST(Winml, BadOnesAreRefused) {
  EXPECT_EQ(ReadText(R"({"operators": [], "status": "basic_fallback", "error": null,
                         "fallback_reason": "no license"})"),
            "p: its status is \"basic_fallback\": no license");
  EXPECT_EQ(ReadText(R"({"operators": [{"op_path": "a", "duration_us": -1}]})"),
            "p: $.operators[0]: a time is less than 0");
  EXPECT_EQ(ReadText(R"({"operators": [{"op_path": "a"}]})"),
            "p: $.operators[0].duration_us: missing");
}

// 50 us are 100,000 cycles; the first of the three samples is the warm-up.
TEST(Qnn, CyclesBecomeTimes) {
  EXPECT_EQ(ReadExample("qnn.csv"), R"(qnn, 2 of 3 runs, outside 15
~self/query/MatMul: 60 in 2, of ~self/query/MatMul, ~self/query/Add
/pooler/dense/Gemm: 20 in 2, of /pooler/dense/Gemm
/pooler/activation/Tanh: 5 in 2, of /pooler/activation/Tanh
)");
}

constexpr char kQnnTitles[] =
    "Msg Timestamp,Message,Time,Unit of Measurement,Timing Source,Event Level,Event Identifier\n";

TEST(Qnn, SamplesWithoutATimeAreLeftOut) {
  EXPECT_EQ(ReadText(absl::StrCat(kQnnTitles,
                                  R"csv(1,X,10,CYCLES,B,ROOT,Accelerator (execute) time (cycles)
1,NODE,5,CYCLES,B,SUB-EVENT,"a,""b"" OpId_3 (cycles)"
1,X,7,US,B,ROOT,Accelerator (execute) time
1,X,10,CYCLES,B,ROOT,Accelerator (execute) time (cycles)
1,NODE,5,CYCLES,B,SUB-EVENT,c:OpId_4 (cycles))csv")),
            "qnn, 1 of 1 runs, outside 3.5\na,\"b\": 3.5 in 1\nc: 0 in 0\n"
            "1 kernels of runs that are not complete are left out\n");
}

TEST(Qnn, BadOnesAreRefused) {
  EXPECT_EQ(ReadText(absl::StrCat(kQnnTitles, "1,NODE,-5,CYCLES,B,SUB-EVENT,a:OpId_3 (cycles)\n")),
            "p: line 2: Time is \"-5\", no whole number");
  EXPECT_EQ(ReadText("Msg Timestamp,Message,Time,Unit\n"),
            "p: line 1: no column \"Unit of Measurement\"");
}

TEST(OpenVino, LayersThatWereExecuted) {
  EXPECT_EQ(ReadExample("openvino.csv"), R"(openvino, 1 of 0 runs, outside ?
~self/query/MatMul: 31 in 1
~output/LayerNorm/LayerNormalization: 12 in 1
/pooler/dense/Gemm: 7 in 1
)");
}

TEST(OpenVino, BadOnesAreRefused) {
  const std::string titles = "layerName;execStatus;layerType;execType;realTime (ms);cpuTime (ms)\n";
  for (const char* time : {"", "x", "-1", "nan", "inf"}) {
    EXPECT_EQ(ReadText(absl::StrCat(titles, "\na;EXECUTED;A;a;", time, ";0\n")),
              absl::StrCat("p: line 3: realTime (ms) is \"", time, "\", no time"));
  }
  EXPECT_EQ(ReadText(titles), "p: has no figure of any node");
}

}  // namespace
}  // namespace modelexport
