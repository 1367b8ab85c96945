#include "modelexport/onnx/attributes.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/model_text.h"
#include "onnx/onnx_pb.h"

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
  text.Bytes(attribute_proto::kString, "1");
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

TEST(AttributeNumbers, OfTheFirstAttributeWithTheName) {
  MessageBytes text = Named("axis");
  text.Bytes(attribute_proto::kString, "1");
  MessageBytes number = Named("axis");
  number.Varint(attribute_proto::kInt, 7);
  EXPECT_EQ(Axis({number.Serialized(), text.Serialized()}), "7");
  EXPECT_EQ(Axis({text.Serialized(), number.Serialized()}), "");
}

TEST(AttributeNumbers, DamagedOrTooManyAreNone) {
  MessageBytes cut = Named("axis");
  cut.Bytes(attribute_proto::kInts, Hex("04 ff"));
  EXPECT_EQ(Axis({cut.Serialized()}), "");
  MessageBytes odd = Named("axis");
  odd.Bytes(attribute_proto::kFloats, Hex("0000c03f 00"));
  EXPECT_EQ(Axis({odd.Serialized()}), "");
  MessageBytes many = Named("axis");
  many.Bytes(attribute_proto::kInts, std::string(kMaxAttributeNumbers + 1, '\1'));
  EXPECT_EQ(Axis({many.Serialized()}), "");
}

// One line for each attribute of the first node, or the error.
std::string All(const std::string& bytes) {
  const auto source = BytesInMemory(bytes, "test");
  const auto index = ModelIndex::Build(*source, {});
  if (!index.ok()) return absl::StrCat("index: ", index.status().message());
  const absl::StatusOr<Attributes> attributes = Attributes::Read(*index, NodeId(0));
  if (!attributes.ok()) return std::string(attributes.status().message());
  std::string out;
  for (const AttributeRecord& attribute : attributes->all()) {
    absl::StrAppend(&out, attribute.name, ": type ", static_cast<int>(attribute.type), " [",
                    absl::StrJoin(attribute.ints, ", "), absl::StrJoin(attribute.floats, ", "),
                    absl::StrJoin(attribute.strings, ", "), "]",
                    attribute.reference.empty() ? "" : absl::StrCat(" @", attribute.reference),
                    attribute.too_large ? " too large" : "", "\n");
  }
  return out;
}

std::string OfNode(const std::string& node) {
  MessageBytes graph;
  graph.Bytes(graph_proto::kNode, node);
  MessageBytes model;
  model.Bytes(model_proto::kGraph, graph.Serialized());
  return model.Serialized();
}

std::string OfOne(const MessageBytes& attribute) {
  MessageBytes node;
  node.Bytes(node_proto::kAttribute, attribute.Serialized());
  return All(OfNode(node.Serialized()));
}

constexpr absl::string_view kEveryType = R"(main () => () {
  = F <i = -3, f = 0.5, s = "text", none: ints = [], ints = [1, 2], floats = [1.5, 2.0],
       strings = ["a", ""], t = float[1] {1}, ts = [int64 {2}], g = body () => () {},
       gs = [b0 () => () {}, b1 () => () {}], sp = sparse bool[3] {1} at {2}, r: int = @outer> ()
})";

TEST(Attributes, OfEveryType) {
  EXPECT_EQ(All(testing::Model(kEveryType)),
            "i: type 2 [-3]\n"
            "f: type 1 [0.5]\n"
            "s: type 3 [text]\n"
            "none: type 7 []\n"
            "ints: type 7 [1, 2]\n"
            "floats: type 6 [1.5, 2]\n"
            "strings: type 8 [a, ]\n"
            "t: type 4 []\n"
            "ts: type 9 []\n"
            "g: type 5 []\n"
            "gs: type 10 []\n"
            "sp: type 11 []\n"
            "r: type 2 [] @outer\n");
  EXPECT_EQ(All(testing::Model("main () => () { = F () }")), "");
}

TEST(Attributes, ValuesByNameAndType) {
  const auto source = BytesInMemory(testing::Model(kEveryType));
  const auto index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok());
  const absl::StatusOr<Attributes> found = Attributes::Read(*index, NodeId(0));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->Int("i", 9), -3);
  EXPECT_EQ(found->Int("absent", 9), 9);
  EXPECT_EQ(found->Int("f", 9), 9);
  EXPECT_EQ(found->Int("r", 9), 9);
  EXPECT_EQ(found->Float("f", 9), 0.5f);
  EXPECT_EQ(found->Float("i", 9), 9);
  EXPECT_EQ(found->String("s", "x"), "text");
  EXPECT_EQ(found->String("strings", "x"), "x");
  EXPECT_EQ(found->Ints("ints"), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(found->Ints("none"), std::vector<int64_t>());
  EXPECT_EQ(found->Ints("i"), absl::nullopt);
  const AttributeRecord* const text = found->Find("s");
  ASSERT_NE(text, nullptr);
  onnx::AttributeProto parsed;
  ASSERT_TRUE(parsed.ParseFromString(*source->ReadString(text->range.content())));
  EXPECT_EQ(parsed.s(), "text");
}

// What the type says is the value, even if it is left out; without a type, what is there.
TEST(Attributes, TheTypeDecides) {
  MessageBytes both = Named("a");
  both.Varint(attribute_proto::kInt, 1);
  both.Varint(attribute_proto::kInts, 2);
  both.Bytes(attribute_proto::kString, "s");
  EXPECT_EQ(OfOne(both), "a: type 7 [2]\n");
  both.Varint(attribute_proto::kType, 2);
  EXPECT_EQ(OfOne(both), "a: type 2 [1]\n");
  both.Varint(attribute_proto::kType, 3);
  EXPECT_EQ(OfOne(both), "a: type 3 [s]\n");
  both.Varint(attribute_proto::kType, 1);
  EXPECT_EQ(OfOne(both), "a: type 1 [0]\n");
  both.Varint(attribute_proto::kType, 77);
  EXPECT_EQ(OfOne(both), "a: type 77 []\n");
  MessageBytes zero = Named("a");
  const std::pair<int, absl::string_view> kDefaults[] = {{2, "0"}, {3, ""}, {7, ""}};
  for (const auto& [type, text] : kDefaults) {
    zero.Varint(attribute_proto::kType, type);
    EXPECT_EQ(OfOne(zero), absl::StrCat("a: type ", type, " [", text, "]\n"));
  }
  EXPECT_EQ(OfOne(Named("a")), "a: type 0 []\n");
}

TEST(Attributes, TheLastOfRepeatedScalarsCounts) {
  MessageBytes attribute = Named("first");
  attribute.Bytes(attribute_proto::kName, "last");
  attribute.Varint(attribute_proto::kInt, 1);
  attribute.Varint(attribute_proto::kInt, 2);
  EXPECT_EQ(OfOne(attribute), "last: type 2 [2]\n");
}

TEST(Attributes, WhatIsTooLargeIsLeftOut) {
  MessageBytes many = Named("a");
  many.Bytes(attribute_proto::kInts, std::string(kMaxAttributeNumbers, '\1'));
  many.Varint(attribute_proto::kInts, 1);
  EXPECT_EQ(OfOne(many), "a: type 7 [] too large\n");
  MessageBytes text = Named("a");
  text.Bytes(attribute_proto::kStrings, "small");
  text.Bytes(attribute_proto::kStrings, std::string(kMaxAttributeText, 's'));
  EXPECT_EQ(OfOne(text), "a: type 8 [] too large\n");
  std::string node;
  for (size_t i = 0; i <= kMaxAttributes; ++i) node += Hex("2a 00");
  EXPECT_EQ(All(OfNode(node)), "test: byte 131080: a node of over 65536 attributes");
  EXPECT_EQ(All(OfNode(node.substr(2))).size(), kMaxAttributes * strlen(": type 0 []\n"));
}

TEST(Attributes, AWrongWireTypeIsRefusedWithItsOffset) {
  const auto error = [](absl::string_view wrong) {
    MessageBytes node;
    node.Bytes(node_proto::kAttribute, Hex(wrong));
    return All(OfNode(node.Serialized()));
  };
  EXPECT_EQ(error("15 00 00 00 00 10 01"),
            "test: byte 11: AttributeProto.f has wire type 0, expected 5");
  EXPECT_EQ(error("1d 00 00 00 00"), "test: byte 6: AttributeProto.i has wire type 5, expected 0");
  EXPECT_EQ(error("20 00"), "test: byte 6: AttributeProto.s has wire type 0, expected 2");
  EXPECT_EQ(error("45 00 00 00 00"),
            "test: byte 6: AttributeProto.ints has wire type 5, expected 2");
  EXPECT_EQ(error("38 00"), "test: byte 6: AttributeProto.floats has wire type 0, expected 2");
  EXPECT_EQ(error("48 00"), "test: byte 6: AttributeProto.strings has wire type 0, expected 2");
  EXPECT_EQ(error("a2 01 00"), "test: byte 6: AttributeProto.type has wire type 2, expected 0");
  EXPECT_EQ(error("a8 01 00"),
            "test: byte 6: AttributeProto.ref_attr_name has wire type 0, expected 2");
}

}  // namespace
}  // namespace modelexport
