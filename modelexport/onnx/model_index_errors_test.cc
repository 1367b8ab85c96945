// Files that are malformed or no models, and that nothing in a file can harm a ModelIndex.
#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/index_text.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/recording_source.h"
#include "modelexport/testing/status_matchers.h"

namespace modelexport {
namespace {

using testing::Hex;
using testing::Model;
using testing::ToText;

std::string ErrorOf(const std::string& bytes) {
  const auto source = BytesInMemory(bytes, "test");
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {{"k"}});
  if (index.ok()) return "no error";
  EXPECT_EQ(index.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(index.status().message());
}

// `field` wrapped in messages: the last of `path` is the innermost.
std::string Within(std::initializer_list<uint32_t> path, std::string field) {
  for (auto number = std::rbegin(path); number != std::rend(path); ++number) {
    std::string outer;
    AppendBytesField(*number, field, &outer);
    field = outer;
  }
  return field;
}

constexpr uint32_t kGraph = model_proto::kGraph;
constexpr uint32_t kFunctions = model_proto::kFunctions;
constexpr uint32_t kNode = graph_proto::kNode;
constexpr uint32_t kAttribute = node_proto::kAttribute;

TEST(ModelIndexErrors, FilesThatAreNoModels) {
  const struct {
    std::string bytes, error;
  } kCases[] = {
      {"", "test: byte 0: the file ends without a graph; the file looks like an empty file"},
      {Hex("08 07"), "test: byte 2: the file ends without a graph"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
       "the file looks like a Git LFS pointer; `git lfs pull` fetches the file"},
      {absl::StrCat("PK\x03\x04", std::string(100, '\0')), "the file looks like a zip archive"},
      {absl::StrCat(Hex("18 00 00 00"), "ORTM", std::string(100, '\0')),
       "the file looks like ONNX Runtime's .ort format"},
      {"<ir_version: 8, opset_import: [\"\" : 18]> g () => () {}", "the file looks like ONNX text"},
      {"{\"irVersion\": \"8\"}", "the file looks like JSON"},
      {"hello, world",
       "test: byte 2: end of a group that did not begin; the file does not look like an ONNX "
       "model"},
      {Hex("80 02 8a 0a"), "the file does not look like an ONNX model"},
  };
  for (const auto& [bytes, error] : kCases) {
    const std::string found = ErrorOf(bytes);
    EXPECT_TRUE(absl::StrContains(found, error)) << found;
    EXPECT_TRUE(absl::StartsWith(found, "test: byte ")) << found;
  }
  // A model that is cut off begins as one, whichever field is first.
  EXPECT_EQ(ErrorOf(Within({kFunctions}, "")), "test: byte 3: the file ends without a graph");
  EXPECT_EQ(ErrorOf(Hex("3a 08 0a")),
            "test: byte 0: field 7 has length 8, past the end of its message at byte 3");
}

TEST(ModelIndexErrors, AMessageOnTheWayToANodeMayNotRepeat) {
  const std::string graph = Within({kGraph}, "");
  EXPECT_EQ(ErrorOf(graph + graph), "test: byte 2: a second graph: a model has one");
  const std::string g = Within({attribute_proto::kGraph}, "");
  EXPECT_EQ(ErrorOf(Within({kGraph, kNode, kAttribute}, g + g)),
            "test: byte 8: a second `g` in one attribute");
  const std::string both = g + Within({attribute_proto::kGraphs}, "") + Hex("0a 00");
  EXPECT_EQ(ErrorOf(Within({kGraph, kNode, kAttribute}, both)), "no error");
  EXPECT_EQ(ErrorOf(Within({kGraph, kNode}, Within({kAttribute}, g) + Within({kAttribute}, g))),
            "no error");
}

// Every field that is interpreted, with the wire type of a fixed 32-bit number, which none has.
TEST(ModelIndexErrors, AWrongWireTypeIsRefusedWithItsOffset) {
  const struct {
    std::initializer_list<uint32_t> path;
    std::vector<uint32_t> fields;
  } kCases[] = {
      {{}, {1, 7, 14, 20, 25}},
      {{model_proto::kMetadata}, {1, 2}},
      {{kGraph}, {1, 2, 5, 11, 12, 15}},
      {{kGraph, graph_proto::kInput}, {1}},
      {{kGraph, graph_proto::kOutput}, {1}},
      {{kGraph, graph_proto::kInitializer}, {1, 2, 8, 13, 14}},
      {{kGraph, graph_proto::kInitializer, tensor_proto::kExternalData}, {1, 2}},
      {{kGraph, graph_proto::kSparseInitializer}, {1, 2}},
      {{kGraph, graph_proto::kSparseInitializer, sparse_tensor_proto::kValues}, {8}},
      {{kGraph, kNode}, {1, 2, 3, 4, 5, 7, 8, 9}},
      {{kGraph, kNode, node_proto::kMetadata}, {1, 2}},
      {{kGraph, kNode, kAttribute}, {1, 5, 6, 10, 11, 22, 23}},
      {{kGraph, kNode, kAttribute, attribute_proto::kGraph}, {1, 2, 5, 11, 12, 15}},
      {{kGraph, kNode, kAttribute, attribute_proto::kGraphs, kNode}, {1, 2, 3, 4, 5, 7, 8, 9}},
      {{kFunctions}, {1, 4, 5, 7, 10, 13}},
      {{kFunctions, function_proto::kNode}, {1, 2, 3, 4, 5, 7, 8, 9}},
  };
  for (const auto& [path, fields] : kCases) {
    for (const uint32_t field : fields) {
      std::string wrong;
      AppendVarint(field << 3 | 5, &wrong);
      wrong += Hex("01 00 00 00");
      std::string bytes = Within(path, wrong);
      const std::string error = absl::StrCat("test: byte ", bytes.size() - wrong.size(), ": ");
      if (path.size() == 0 || *path.begin() != kGraph) bytes += Within({kGraph}, "");
      const std::string found = ErrorOf(bytes);
      EXPECT_TRUE(absl::StartsWith(found, error) &&
                  absl::StrContains(found, " has wire type 5, expected "))
          << "field " << field << " of message " << path.size() << " deep: " << found;
    }
  }
}

TEST(ModelIndexErrors, BrokenFieldsDeepInsideAreRefusedWithTheirOffset) {
  const struct {
    std::string broken, error;
  } kCases[] = {
      {Hex("0c"), "end of a group that did not begin"},
      {Hex("9b 06"), "a group without its end"},
      {Hex("fa 07 7f"), "field 127 has length 127, past the end of its message at byte 9"},
      {Hex("0e"), "wire type 6 does not exist"},
      {Hex("00"), "a field number out of range"},
  };
  for (const auto& [broken, error] : kCases) {
    EXPECT_EQ(ErrorOf(Within({kGraph, kNode, kAttribute}, broken) + Hex("08 0a")),
              absl::StrCat("test: byte 6: ", error));
  }
}

constexpr absl::string_view kSmall = R"(
  <ir_version: 9, metadata_props: ["k": "m"]>
  main (float[N] x) => (y) <float[2] w = {1, 2}, sparse float[3] s = {1} at {1},
                            float[8] far = ["location": "w.bin"]> {
    [n] y = d.F:o <g = b () => (t) { t = G (w) {k: "v"} }, t = int64[1] {1}, i = 3> (x, "")
      {k: "v"}
  }
  <domain: "d", overload: "o"> F (p) => (q) { q = H (p) })";

TEST(ModelIndexErrors, AModelCutAnywhereIsAnErrorOrAShorterModel) {
  const std::string bytes = Model(kSmall);
  EXPECT_EQ(ErrorOf(bytes), "no error");
  size_t accepted = 0;
  for (size_t size = 0; size < bytes.size(); ++size) {
    const std::string found = ErrorOf(bytes.substr(0, size));
    accepted += found == "no error";
    EXPECT_TRUE(found == "no error" || absl::StartsWith(found, "test: byte ")) << found;
  }
  // After the graph and after the metadata.
  EXPECT_EQ(accepted, 2);
}

// Readers differ in which of two would count.
TEST(ModelIndexErrors, ATensorWithTwoLocations) {
  constexpr absl::string_view kModel =
      R"(main () => () <float[8] w = ["location": "a", "offset": "0", "location": "b"]> {})";
  EXPECT_EQ(ErrorOf(Model(kModel)), "test: byte 47: external data with two locations");
}

// Builds, prints and reads all that the index points to; the sanitizers see the rest.
void Exercise(const std::string& bytes) {
  const testing::RecordingSource source(bytes);
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(source, {{"k"}});
  if (!index.ok()) {
    EXPECT_TRUE(absl::StartsWith(index.status().message(), "recorded: byte "))
        << index.status().message();
    return;
  }
  EXPECT_FALSE(ToText(*index).empty());
  uint64_t total = 0;
  for (size_t n = 0; n < index->nodes().size(); ++n) {
    total += source.ReadString(index->node(NodeId(n)).range.content())->size();
    total += index->graph_of(NodeId(n)).index() + index->bodies(NodeId(n)).size();
  }
  for (const TensorRecord& tensor : index->tensors()) {
    total += source.ReadString(tensor.range)->size();
  }
  EXPECT_LT(total, 100 * bytes.size());
}

TEST(ModelIndexErrors, EveryByteMayBeAnything) {
  const std::string bytes = Model(kSmall);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string corrupt = bytes;
    for (int value = 0; value < 256; ++value) {
      corrupt[i] = static_cast<char>(value);
      Exercise(corrupt);
    }
  }
}

TEST(ModelIndexErrors, RanksAndNumbersOfGraphsAreLimited) {
  const auto with_dims = [](const std::string& dims) {
    return Within({kGraph, graph_proto::kInitializer}, dims);
  };
  const std::string most = Within({tensor_proto::kDims}, std::string(kMaxDims, '\1'));
  EXPECT_EQ(ErrorOf(with_dims(most)), "no error");
  EXPECT_EQ(ErrorOf(with_dims(most + Hex("08 01"))),
            "test: byte 65548: a tensor of over 65536 dimensions");
  EXPECT_EQ(ErrorOf(with_dims(Within({tensor_proto::kDims}, std::string(kMaxDims + 1, '\1')))),
            "test: byte 8: a tensor of over 65536 dimensions");

  std::string bodies;
  for (size_t i = 1; i < kMaxGraphs; ++i) bodies += Hex("5a 00");
  EXPECT_EQ(ErrorOf(Within({kGraph, kNode, kAttribute}, bodies)), "no error");
  EXPECT_TRUE(absl::StrContains(ErrorOf(Within({kGraph, kNode, kAttribute}, bodies + Hex("5a 00"))),
                                ": more than 2^20 graphs"));
}

TEST(ModelIndexErrors, ReadErrorsArePassedOn) {
  testing::RecordingSource source(Model(kSmall));
  source.FailFrom(0);
  EXPECT_THAT(ModelIndex::Build(source, {}),
              testing::StatusIs(absl::StatusCode::kDataLoss, "the disk is on fire"));
}

}  // namespace
}  // namespace modelexport
