// Sizes at which 32 bits, recursion and quadratic time would show.

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/status_matchers.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/standard_request.h"

namespace modelexport {
namespace {

using testing::StandardRequest;

constexpr uint64_t kGib = uint64_t{1} << 30;

std::string Node(absl::string_view name, absl::string_view input, absl::string_view output) {
  std::string node;
  AppendBytesField(node_proto::kInput, input, &node);
  AppendBytesField(node_proto::kOutput, output, &node);
  AppendBytesField(node_proto::kName, name, &node);
  AppendBytesField(node_proto::kOpType, "Add", &node);
  return node;
}

std::string ModelOf(const std::string& graph) {
  std::string model;
  AppendVarintField(model_proto::kIrVersion, 10, &model);
  AppendBytesField(model_proto::kGraph, graph, &model);
  return model;
}

std::string HierarchyOf(const std::vector<std::string>& paths) {
  std::string json =
      R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [{"path": ""})";
  for (const std::string& path : paths) absl::StrAppend(&json, ", {\"path\": \"", path, "\"}");
  return json + "]}";
}

// The length-delimited field `number` up to its content of `size` bytes.
std::string Header(uint32_t number, uint64_t size) {
  std::string header;
  AppendVarint(number << 3 | 2, &header);
  AppendVarint(size, &header);
  return header;
}

// A file from pieces, some of them holes.
class SparseFile {
 public:
  explicit SparseFile(const std::string& path)
      : descriptor_(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666)) {
    EXPECT_GE(descriptor_, 0);
  }
  SparseFile(const SparseFile&) = delete;
  SparseFile& operator=(const SparseFile&) = delete;
  ~SparseFile() { EXPECT_EQ(close(descriptor_), 0); }

  void Append(absl::string_view bytes) {
    EXPECT_EQ(write(descriptor_, bytes.data(), bytes.size()), bytes.size());
  }
  void Skip(off_t size) { EXPECT_GE(lseek(descriptor_, size, SEEK_CUR), 0); }

 private:
  const int descriptor_;
};

// Pieces of a payload over 4 GiB: its size and where other bytes than 0 stand in it.
constexpr uint64_t kPayload = 4 * kGib + 4096;
constexpr uint64_t kMark = 4 * kGib + 8;
constexpr absl::string_view kMarked = "behind 4 GiB";

// A node before an initializer with kPayload bytes, and one behind it.
void WriteOver4Gib(const std::string& path) {
  std::string tensor, before, after;
  AppendVarintField(tensor_proto::kDims, kPayload, &tensor);
  AppendVarintField(tensor_proto::kDataType, 2, &tensor);
  AppendBytesField(tensor_proto::kName, "w", &tensor);
  tensor += Header(tensor_proto::kRawData, kPayload);
  AppendBytesField(graph_proto::kNode, Node("/encoder/Add", "w", "a"), &before);
  before += Header(graph_proto::kInitializer, tensor.size() + kPayload) + tensor;
  AppendBytesField(graph_proto::kNode, Node("/head/Add", "a", "b"), &after);
  const std::string start =
      Header(model_proto::kGraph, before.size() + kPayload + after.size()) + before;
  SparseFile file(path);
  file.Append(start);
  file.Skip(kMark);
  file.Append(kMarked);
  file.Skip(kPayload - kMark - kMarked.size());
  file.Append(after);
  std::string version;
  AppendVarintField(model_proto::kIrVersion, 10, &version);
  file.Append(version);
}

uint64_t FreeBytes(const std::string& path) {
  struct statvfs disk;
  EXPECT_EQ(statvfs(path.c_str(), &disk), 0);
  return uint64_t{disk.f_bavail} * disk.f_frsize;
}

// The nodes of a model with their modules, then what stands around kMark in its tensor.
std::string NodesAndMark(const std::string& path) {
  const auto source = OpenFile(path);
  EXPECT_THAT(source, testing::IsOk());
  const auto index = ModelIndex::Build(**source, {{std::string(kModuleKey)}});
  EXPECT_THAT(index, testing::IsOk());
  std::string text;
  for (size_t n = 0; n < index->nodes().size(); ++n) {
    absl::StrAppend(&text, index->text(index->node(NodeId(n)).name), " of ");
    for (const MetadataEntry& entry : index->metadata(NodeId(n))) {
      if (entry.loaded.valid()) absl::StrAppend(&text, index->text(entry.loaded), "\n");
    }
  }
  const uint64_t mark = index->tensors().at(0).range.end - kPayload + kMark;
  return text + (*source)->ReadString({mark - 4, mark + kMarked.size() + 4}).value();
}

TEST(LargeModel, Over4GibInOneTensor) {
  const testing::TempDir dir;
  const uint64_t free = FreeBytes(dir.path());
  if (free < 10 * kGib) GTEST_SKIP() << "10 GiB of disk are wanted, " << free << " bytes are free";
  WriteOver4Gib(dir.Path("in.onnx"));
  const TagOutcome outcome = TagFile(
      StandardRequest(dir.Path("in.onnx"), dir.Write("h.json", HierarchyOf({"encoder", "head"})),
                      dir.Path("out.onnx")));
  ASSERT_THAT(outcome.status, testing::IsOk());
  EXPECT_EQ(outcome.report.validation, "standard");
  EXPECT_GT(outcome.report.bytes_in, kPayload);
  EXPECT_GT(outcome.report.bytes_out, outcome.report.bytes_in);
  const std::string zeros(4, '\0');
  EXPECT_EQ(NodesAndMark(dir.Path("out.onnx")),
            absl::StrCat("/encoder/Add of encoder\n/head/Add of head\n", zeros, kMarked, zeros));
}

TEST(LargeModel, AChainOfAMillionNodes) {
  constexpr int kLayers = 1000, kNodesOfLayer = 1000;
  const testing::TempDir dir;
  std::vector<std::string> modules = {"encoder", "encoder.layer"};
  std::string nodes, previous = "x";
  for (int layer = 0; layer < kLayers; ++layer) {
    modules.push_back(absl::StrCat("encoder.layer.", layer));
    for (int n = 0; n < kNodesOfLayer; ++n) {
      const std::string name = absl::StrCat("/encoder/layer.", layer, "/Add_", n);
      const std::string output = absl::StrCat(name, "_output_0");
      AppendBytesField(graph_proto::kNode, Node(name, previous, output), &nodes);
      previous = output;
    }
  }
  const TagOutcome outcome =
      TagFile(StandardRequest(dir.Write("in.onnx", ModelOf(nodes)),
                              dir.Write("h.json", HierarchyOf(modules)), dir.Path("out.onnx")));
  ASSERT_THAT(outcome.status, testing::IsOk());
  EXPECT_EQ(outcome.report.tagged, kLayers * kNodesOfLayer);
  EXPECT_EQ(outcome.report.coverage(), 1);
  EXPECT_EQ(outcome.report.nodes_by_module.size(), kLayers);
  for (const auto& [module, count] : outcome.report.nodes_by_module) {
    EXPECT_EQ(count, kNodesOfLayer) << module;
  }
}

}  // namespace
}  // namespace modelexport
