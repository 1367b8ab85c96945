#include "modelexport/onnx/attribute_numbers.h"

#include <string>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/testing/message_bytes.h"

namespace modelexport {
namespace {

using ::modelexport::testing::Hex;
using ::modelexport::testing::MessageBytes;

// The numbers of the attribute "axis" of a node that has these attributes.
std::string Axis(const std::vector<std::string>& attributes) {
  MessageBytes node;
  for (const std::string& attribute : attributes) node.Bytes(node_proto::kAttribute, attribute);
  MessageBytes graph;
  graph.Bytes(graph_proto::kNode, node.Serialized());
  MessageBytes model;
  model.Varint(model_proto::kIrVersion, 10);
  model.Bytes(model_proto::kGraph, graph.Serialized());
  const auto source = BytesInMemory(model.Serialized());
  const auto index = ModelIndex::Build(*source, {});
  if (!index.ok()) return std::string(index.status().message());
  return absl::StrJoin(AttributeNumbers(*index, NodeId(0), "axis"), " ");
}

MessageBytes Named(absl::string_view name) {
  MessageBytes attribute;
  attribute.Bytes(attribute_proto::kName, name);
  return attribute;
}

TEST(AttributeNumbers, OneNumber) {
  MessageBytes integer = Named("axis");
  integer.Varint(attribute_proto::kInt, static_cast<uint64_t>(-2));
  EXPECT_EQ(Axis({integer.Serialized()}), "-2");
  MessageBytes real = Named("axis");
  real.Float(attribute_proto::kFloat, 0.5);
  EXPECT_EQ(Axis({real.Serialized()}), "0.5");
}

TEST(AttributeNumbers, ListsArePackedOrNot) {
  MessageBytes integers = Named("axis");
  integers.Varint(attribute_proto::kInts, 3);
  integers.Bytes(attribute_proto::kInts, Hex("04 ffffffffffffffffff01"));
  EXPECT_EQ(Axis({integers.Serialized()}), "3 4 -1");
  MessageBytes reals = Named("axis");
  reals.Float(attribute_proto::kFloats, 0.5);
  reals.Bytes(attribute_proto::kFloats, Hex("0000c03f 000080c0"));
  EXPECT_EQ(Axis({reals.Serialized()}), "0.5 1.5 -4");
}

TEST(AttributeNumbers, OfTheNameAskedForAlone) {
  MessageBytes other = Named("axes");
  other.Varint(attribute_proto::kInt, 1);
  MessageBytes text = Named("axis");
  text.Bytes(4, "1");  // s
  EXPECT_EQ(Axis({}), "");
  EXPECT_EQ(Axis({other.Serialized()}), "");
  EXPECT_EQ(Axis({text.Serialized()}), "");
  MessageBytes nameless;
  nameless.Varint(attribute_proto::kInt, 1);
  EXPECT_EQ(Axis({nameless.Serialized()}), "");
  MessageBytes wanted = Named("axis");
  wanted.Varint(attribute_proto::kInt, 7);
  EXPECT_EQ(Axis({other.Serialized(), wanted.Serialized()}), "7");
}

TEST(AttributeNumbers, DamagedOrTooManyAreNone) {
  MessageBytes cut = Named("axis");
  cut.Bytes(attribute_proto::kInts, Hex("04 ff"));
  EXPECT_EQ(Axis({cut.Serialized()}), "");
  MessageBytes many = Named("axis");
  many.Bytes(attribute_proto::kInts, std::string(kMaxAttributeNumbers + 1, '\1'));
  EXPECT_EQ(Axis({many.Serialized()}), "");
}

}  // namespace
}  // namespace modelexport
