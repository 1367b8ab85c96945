#include "modelexport/onnx/metadata_value.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/message_bytes.h"

namespace modelexport {
namespace {

using testing::Hex;
using testing::MessageBytes;

// Of an entry with these bytes, in hexadecimal.
std::string ValueOf(absl::string_view hex) {
  MessageBytes graph, node, model;
  node.Bytes(node_proto::kMetadata, Hex(hex));
  graph.Bytes(graph_proto::kNode, node.Serialized());
  model.Bytes(model_proto::kGraph, graph.Serialized());
  const std::string bytes = model.Serialized();
  const auto source = BytesInMemory(bytes);
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(*source, {});
  if (!index.ok()) return index.status().ToString();
  const auto value = ReadMetadataValue(*source, index->metadata(NodeId(0))[0]);
  if (!value.ok()) return value.status().ToString();
  return value->has_value() ? absl::StrCat("\"", **value, "\"") : "absent";
}

TEST(MetadataValue, IsTheLastOfItsField) {
  EXPECT_EQ(ValueOf("0a 01 6b 12 03 61 62 63"), "\"abc\"");
  EXPECT_EQ(ValueOf("12 03 61 62 63 0a 01 6b"), "\"abc\"");
  EXPECT_EQ(ValueOf("12 03 61 62 63 0a 01 6b 12 01 64 18 05"), "\"d\"");
  EXPECT_EQ(ValueOf("0a 01 6b 12 00"), "\"\"");
  EXPECT_EQ(ValueOf("0a 01 6b"), "absent");
  EXPECT_EQ(ValueOf(""), "absent");
}

}  // namespace
}  // namespace modelexport
