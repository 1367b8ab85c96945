#include "modelexport/validation/compare_files.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/test_model.h"

namespace modelexport {
namespace {

using absl::StrCat;
using testing::Field;
using testing::ModelEntry;
using testing::Node;
using testing::NodeEntry;
using testing::Number;
using testing::Replaced;
using testing::SmallModel;

std::string Compare(const std::string& original, const std::string& tagged,
                    const CompareFilesOptions& options = {}) {
  Findings findings;
  const absl::Status status = CompareFiles(*BytesInMemory(original, "in.onnx"),
                                           *BytesInMemory(tagged, "out.onnx"), options, &findings);
  return status.ok() ? findings.ToText() : StrCat(status.ToString(), "\n");
}

// Of two models that have these main graphs.
std::string CompareGraphs(const std::string& original, const std::string& tagged) {
  return Compare(Field(7, original), Field(7, tagged));
}

// What comparing SmallModel() with its tagged form finds once `from` is `to` in the latter.
std::string CompareCorrupted(absl::string_view from, absl::string_view to,
                             const CompareFilesOptions& options = {}) {
  return Compare(SmallModel(false), Replaced(SmallModel(true), from, to), options);
}

// A node that is compared field by field, not at once.
std::string LargeNode(absl::string_view fields) {
  return Node("A", StrCat(Field(6, std::string(100000, 'd')), fields));
}

TEST(CompareFiles, TaggingOnlyAddsEntries) {
  EXPECT_EQ(Compare(SmallModel(false), SmallModel(true)), "");
  EXPECT_EQ(Compare(SmallModel(true), SmallModel(false)), "");
  EXPECT_EQ(Compare(SmallModel(true), SmallModel(true)), "");
}

TEST(CompareFiles, EntriesMayStandAnywhere) {
  const std::string ours = NodeEntry(kTagKey, "t");
  EXPECT_EQ(CompareGraphs(Node("A", StrCat(NodeEntry("a", "b"), ours, Field(3, "n"))),
                          Node("A", StrCat(ours, NodeEntry("a", "b"), Field(3, "n"), ours))),
            "");
}

TEST(CompareFiles, TheCallerSaysWhichKeysMayDiffer) {
  CompareFilesOptions options;
  options.written = PresetSet::Parse("model_explorer");
  const std::string plain = Field(7, Node("A"));
  EXPECT_EQ(Compare(plain, Field(7, Node("A", NodeEntry("namespace", "n"))), options), "");
  EXPECT_EQ(Compare(plain, Field(7, Node("A", NodeEntry(kTagKey, "t"))), options),
            "error diff.extra #0: NodeProto field 9: at byte 7\n");
}

TEST(CompareFiles, FieldsKeepTheirBytes) {
  EXPECT_EQ(CompareCorrupted("/block.0/Add", "/block.1/Add"),
            "error diff.bytes #0: NodeProto field 3: from byte 36 of the original, 37 here\n");
  EXPECT_EQ(CompareCorrupted("\x05torch", "\x05Torch"),
            "error diff.bytes #0: NodeProto field 9: from byte 56 of the original, 57 here\n");
}

TEST(CompareFiles, EveryPlaceIsNamed) {
  const auto model = [](absl::string_view c) {
    const auto body = [&] {
      const std::string tensor = StrCat(Field(8, "v"), Field(12, c));
      return StrCat(Node("B", Field(3, c)), Field(2, c), Field(5, tensor));
    };
    return StrCat(
        Field(7, StrCat(Node("If", StrCat(Field(5, StrCat(Field(1, "then"), Field(6, body()))),
                                          Field(5, StrCat(Field(11, body()), Field(11, body()),
                                                          Field(1, "list"))))),
                        Field(5, StrCat(Field(8, "w"), Field(12, c))), Field(10, c))),
        ModelEntry("author", c), Field(25, StrCat(Field(1, "F"), Field(7, Field(3, c)))));
  };
  std::string places;
  Findings findings;
  ASSERT_TRUE(
      CompareFiles(*BytesInMemory(model("a")), *BytesInMemory(model("b")), {}, &findings).ok());
  for (const Finding& finding : findings.kept()) absl::StrAppend(&places, finding.place, "\n");
  EXPECT_EQ(places, R"(/0:then#0
/0:then
/0:then initializer "v"
/0:list:0#0
/0:list:0
/0:list:0 initializer "v"
/0:list:1#0
/0:list:1
/0:list:1 initializer "v"
initializer "w"
graph
model
function::F:#0
)");
}

TEST(CompareFiles, FieldsAreNotLostNorAdded) {
  const std::string a = Node("A"), b = Node("B");
  EXPECT_EQ(CompareGraphs(StrCat(a, b), a),
            "error diff.missing graph: GraphProto field 1: at byte 7 of the original\n");
  EXPECT_EQ(CompareGraphs(a, StrCat(a, b)),
            "error diff.extra graph: GraphProto field 1: at byte 7\n");
  EXPECT_EQ(CompareGraphs("", StrCat(a, b)),
            "error diff.extra graph: GraphProto field 1: at byte 2\n"
            "error diff.extra graph: GraphProto field 1: at byte 7\n");
  EXPECT_EQ(CompareGraphs(StrCat(a, b), StrCat(b, a)),
            "error diff.bytes #0: NodeProto field 4: from byte 6 of the original, 6 here\n"
            "error diff.bytes #1: NodeProto field 4: from byte 11 of the original, 11 here\n");
}

TEST(CompareFiles, OtherFieldsEndTheirMessageAlone) {
  EXPECT_EQ(CompareGraphs(StrCat(Node("A", Field(3, "n")), Field(2, "x")),
                          StrCat(Node("A", Field(6, "n")), Field(2, "y"))),
            "error diff.field #0: NodeProto field 3: at byte 7 of the original; field 6 at byte 7 "
            "is there instead\n"
            "error diff.bytes graph: GraphProto field 2: from byte 12 of the original, 12 here\n");
  EXPECT_EQ(CompareGraphs(Field(2, "x"), Number(2, 1)),
            "error diff.field graph: GraphProto field 2: at byte 2 of the original; field 2 at "
            "byte 2 is there instead\n");
}

TEST(CompareFiles, PayloadsKeepTheirOrderAndSizes) {
  const auto tensor = [](absl::string_view data) {
    return Field(5, StrCat(Field(8, "w"), Field(9, data)));
  };
  EXPECT_EQ(CompareGraphs(tensor("1234"), tensor("12345")),
            "error diff.payload_size initializer \"w\": TensorProto field 9: 4 bytes at byte 9 of "
            "the original, 5 at byte 9 here\n");
  EXPECT_EQ(CompareGraphs(Field(5, StrCat(Field(4, "1234"), Field(9, "1"))),
                          Field(5, StrCat(Field(9, "1"), Field(4, "1234")))),
            "error diff.field initializer \"\": TensorProto field 4: at byte 4 of the original; "
            "field 9 at byte 4 is there instead\n");
}

TEST(CompareFiles, PayloadsAreComparedIfAskedFor) {
  CompareFilesOptions full;
  full.payloads = true;
  EXPECT_EQ(Compare(SmallModel(false), SmallModel(true), full), "");
  const struct {
    const char *from, *to, *place;
  } kCases[] = {
      {"weights!", "weightS!", "initializer \"w\""},
      {"constant", "consTant", "#2"},
      {"listdata", "listDATA", "#2"},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(CompareCorrupted(test.from, test.to), "") << test.from;
    const std::string found = CompareCorrupted(test.from, test.to, full);
    EXPECT_EQ(found.substr(0, found.find(": ")), StrCat("error diff.payload ", test.place));
  }
}

// At every place where a tensor may lie, fields of each number are payload or not.
TEST(CompareFiles, PayloadsAreKnownByTheirFields) {
  const auto in_attribute = [](uint32_t number, absl::string_view tensor) {
    return Node("A", Field(5, Field(number, tensor)));
  };
  const auto differs = [&](uint32_t place, uint32_t field) {
    const auto graph = [&](absl::string_view data) {
      const std::string tensor = Field(field, data);
      if (place == 0) return Field(5, tensor);
      if (place == 1 || place == 2) return Field(15, Field(place, tensor));
      if (place < 20) return in_attribute(place, tensor);
      return StrCat(in_attribute(place, Field(1, tensor)), in_attribute(place, Field(2, tensor)));
    };
    return !CompareGraphs(graph("before"), graph("behind")).empty();
  };
  for (const uint32_t place : {0, 1, 2, 5, 10, 22, 23}) {
    for (const uint32_t payload : {4, 5, 6, 7, 9, 10, 11}) {
      EXPECT_FALSE(differs(place, payload)) << place << " " << payload;
    }
    for (const uint32_t other : {1, 2, 3, 8, 12, 13, 14, 16, 31, 32, 1000}) {
      EXPECT_TRUE(differs(place, other)) << place << " " << other;
    }
  }
}

TEST(CompareFiles, LengthsAreEncodedAsBefore) {
  const std::string content = Field(4, "A");
  const std::string long_prefix = StrCat("\x0a\x83", std::string(1, '\0'), content);
  ASSERT_EQ(content.size(), 3u);
  EXPECT_EQ(CompareGraphs(long_prefix, long_prefix), "");
  EXPECT_EQ(CompareGraphs(long_prefix, Node("A")),
            "error diff.length graph: GraphProto field 1: length at byte 3 of the original, 3 "
            "here\n");
  EXPECT_EQ(CompareGraphs(Node("A"), long_prefix),
            "error diff.length graph: GraphProto field 1: length at byte 3 of the original, 3 "
            "here\n");
}

TEST(CompareFiles, LengthsAroundEntriesMayBecomeMinimal) {
  const std::string ours = NodeEntry(kTagKey, "t");
  const std::string content = StrCat(Field(4, "A"), ours);
  const std::string size(1, static_cast<char>(content.size()));
  const std::string long_size(1, static_cast<char>(content.size() | 0x80));
  const std::string long_prefix = StrCat("\x0a", long_size, std::string(1, '\0'), content);
  const std::string short_prefix = StrCat("\x0a", size, content);
  EXPECT_EQ(CompareGraphs(long_prefix, short_prefix), "");
  EXPECT_EQ(CompareGraphs(long_prefix, long_prefix), "");
  EXPECT_EQ(CompareGraphs(short_prefix, long_prefix),
            "error diff.length graph: GraphProto field 1: length at byte 3 of the original, 3 "
            "here\n");
}

TEST(CompareFiles, LargeNodesAreComparedFieldByField) {
  const std::string ours = NodeEntry(kTagKey, "t");
  EXPECT_EQ(CompareGraphs(LargeNode(Field(3, "n")), LargeNode(StrCat(ours, Field(3, "n"), ours))),
            "");
  EXPECT_EQ(CompareGraphs(LargeNode(Field(3, "n")), LargeNode(StrCat(ours, Field(3, "m")))),
            StrCat("error diff.bytes #0: NodeProto field 3: from byte 100017 of the original, ",
                   100017 + ours.size(), " here\n"));
}

TEST(CompareFiles, TheIrVersionMayRiseIfAskedFor) {
  CompareFilesOptions raised;
  raised.ir_version_raised = true;
  const auto model = [](uint64_t version) { return StrCat(Number(1, version), Field(7, "")); };
  const std::string none = Field(7, "");
  EXPECT_EQ(Compare(model(8), model(10)),
            "error diff.bytes model: ModelProto field 1: from byte 1 of the original, 1 here\n");
  EXPECT_EQ(Compare(none, StrCat(none, Number(1, 10))),
            "error diff.extra model: ModelProto field 1: at byte 2\n");
  EXPECT_EQ(Compare(model(8), model(10), raised), "");
  EXPECT_EQ(Compare(model(11), model(11), raised), "");
  EXPECT_EQ(Compare(none, StrCat(none, Number(1, 10)), raised), "");
  EXPECT_NE(Compare(model(8), model(9), raised), "");
  EXPECT_NE(Compare(model(11), model(10), raised), "");
  EXPECT_NE(Compare(model(10), model(8), raised), "");
}

TEST(CompareFiles, FunctionsMayBeUntouched) {
  const auto model = [](absl::string_view first, absl::string_view second) {
    return StrCat(Field(7, ""), Field(25, Field(7, first)), Field(25, Field(7, second)));
  };
  const std::string ours = NodeEntry(kTagKey, "t");
  CompareFilesOptions options;
  const uint64_t uncalled[] = {1};
  options.uncalled_functions = uncalled;
  EXPECT_EQ(Compare(model("", ours), model(ours, ours), options), "");
  EXPECT_EQ(Compare(model("", ""), model(ours, ours), options),
            "error diff.extra function:::#0: NodeProto field 9: at byte 34\n");
}

TEST(CompareFiles, TrainingInfoIsComparedAsBytes) {
  EXPECT_EQ(CompareCorrupted("training", "trainers"),
            "error diff.bytes model: ModelProto field 20: from byte 412 of the original, 1127 "
            "here\n");
}

TEST(CompareFiles, AMalformedTaggedFileIsAFinding) {
  EXPECT_EQ(Compare(Field(7, Node("A")), "\x3a\x05"),
            "error file.malformed file: byte 0: field 7 has length 5, past the end of its message "
            "at byte 2\n");
}

TEST(CompareFiles, AMalformedOriginalIsAnError) {
  EXPECT_EQ(Compare("\x3a\x05", Field(7, Node("A"))),
            "INVALID_ARGUMENT: in.onnx: byte 0: field 7 has length 5, past the end of its message "
            "at byte 2\n");
}

}  // namespace
}  // namespace modelexport
