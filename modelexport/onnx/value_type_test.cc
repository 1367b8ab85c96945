#include "modelexport/onnx/value_type.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/testing/message_bytes.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

using testing::Hex;

absl::StatusOr<ValueType> Parsed(const std::string& bytes) {
  const auto source = BytesInMemory(bytes, "test");
  return ReadValueType(*source, {0, bytes.size()});
}

// The type as text, or the error.
std::string Read(const std::string& bytes) {
  const absl::StatusOr<ValueType> type = Parsed(bytes);
  return type.ok() ? ToString(*type) : std::string(type.status().message());
}

std::string Field(uint32_t number, const std::string& content) {
  std::string bytes;
  AppendBytesField(number, content, &bytes);
  return bytes;
}

std::string Number(uint32_t number, int64_t value) {
  std::string bytes;
  AppendVarintField(number, static_cast<uint64_t>(value), &bytes);
  return bytes;
}

std::string Size(int64_t value) { return Field(1, Number(1, value)); }
std::string Symbol(const std::string& name) { return Field(1, Field(2, name)); }
std::string Shape(const std::string& dims) { return Field(2, dims); }
std::string Tensor(const std::string& content) { return Field(type_proto::kTensor, content); }

onnx::TypeProto Nested() {
  onnx::TypeProto type;
  onnx::TypeProto_Map* map = type.mutable_optional_type()
                                 ->mutable_elem_type()
                                 ->mutable_sequence_type()
                                 ->mutable_elem_type()
                                 ->mutable_map_type();
  map->set_key_type(onnx::TensorProto::INT64);
  onnx::TypeProto_Tensor* tensor = map->mutable_value_type()->mutable_tensor_type();
  tensor->set_elem_type(onnx::TensorProto::FLOAT16);
  tensor->mutable_shape()->add_dim()->set_dim_value(2);
  tensor->mutable_shape()->add_dim()->set_dim_param("N");
  tensor->mutable_shape()->add_dim();
  return type;
}

TEST(ValueType, Tensors) {
  EXPECT_EQ(Read(Tensor(Number(1, 1))), "float[]");
  EXPECT_EQ(Read(Tensor(Number(1, 1) + Shape(""))), "float");
  EXPECT_EQ(Read(Tensor(Number(1, 22) + Shape(Symbol("batch") + Size(3) + Field(1, "")))),
            "int4[batch, 3, ?]");
  EXPECT_EQ(Read(Tensor(Shape(Size(0)))), "type0[0]");
  EXPECT_EQ(Read(Tensor(Number(1, 99) + Shape(Size(2)))), "type99[2]");
  EXPECT_EQ(Read(Tensor("")), "type0[]");
}

TEST(ValueType, OtherKinds) {
  EXPECT_EQ(Read(Nested().SerializeAsString()), "optional(seq(map(int64, float16[2, N, ?])))");
  onnx::TypeProto sparse;
  sparse.mutable_sparse_tensor_type()->set_elem_type(1);
  sparse.mutable_sparse_tensor_type()->mutable_shape()->add_dim()->set_dim_value(9);
  EXPECT_EQ(Read(sparse.SerializeAsString()), "sparse_tensor(float[9])");
  EXPECT_EQ(Read(Field(type_proto::kOpaque, Field(1, "domain"))), "opaque");
  EXPECT_EQ(Read(Field(type_proto::kSequence, "")), "seq(?)");
  EXPECT_EQ(Read(""), "?");
  EXPECT_EQ(Read(Field(6, "IMAGE")), "?");  // Only a denotation.
}

TEST(ValueType, SizesAreAsTheFileHasThem) {
  const int64_t huge = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(Read(Tensor(Number(1, -1) + Shape(Size(-5) + Size(huge) + Size(-huge - 1)))),
            absl::StrCat("type-1[-5, ", huge, ", ", -huge - 1, "]"));
}

TEST(ValueType, NumberOfElements) {
  const auto count = [](const std::string& bytes) {
    const absl::optional<uint64_t> found = NumElements(*Parsed(bytes));
    return found.has_value() ? absl::StrCat(*found) : "none";
  };
  EXPECT_EQ(count(Tensor(Shape(""))), "1");
  EXPECT_EQ(count(Tensor(Shape(Size(2) + Size(3) + Size(5)))), "30");
  EXPECT_EQ(count(Tensor(Shape(Size(int64_t{1} << 48)))), absl::StrCat(int64_t{1} << 48));
  EXPECT_EQ(count(Tensor(Shape(Size(int64_t{1} << 48) + Size(2)))), "none");
  EXPECT_EQ(count(Tensor(Shape(Size(-1)))), "none");
  EXPECT_EQ(count(Tensor(Shape(Symbol("N")))), "none");
  EXPECT_EQ(count(Tensor("")), "none");
  EXPECT_EQ(count(Field(type_proto::kSequence, "")), "none");
  EXPECT_EQ(count(""), "none");
}

// Protobuf itself says what these mean: it must give the same once it has written them anew.
TEST(ValueType, FieldsThatRepeatAreMerged) {
  const std::string kFloat2 = Tensor(Number(1, 1) + Shape(Size(2)));
  const std::string kSequence = Field(type_proto::kSequence, Field(1, kFloat2));
  const struct {
    std::string bytes, text;
  } kCases[] = {
      {Tensor(Number(1, 1) + Number(1, 7)), "int64[]"},
      {Tensor(Shape(Size(2)) + Shape(Symbol("N"))), "type0[2, N]"},
      {kFloat2 + Tensor(Number(1, 10) + Shape(Size(3))), "float16[2, 3]"},
      {kFloat2 + Tensor(""), "float[2]"},
      {kFloat2 + Field(type_proto::kSequence, ""), "seq(?)"},
      {kFloat2 + kSequence + Tensor(Number(1, 7)), "int64[]"},
      {kSequence + Field(type_proto::kSequence, Field(1, Tensor(Shape(Size(3))))),
       "seq(float[2, 3])"},
      {kSequence + Field(type_proto::kOptional, ""), "optional(?)"},
      {kFloat2 + Field(type_proto::kSparseTensor, Number(1, 7)), "sparse_tensor(int64[])"},
      {Tensor(Shape(Field(1, Number(1, 2) + Field(2, "N")))), "type0[N]"},
      {Tensor(Shape(Field(1, Field(2, "N") + Number(1, 2)))), "type0[2]"},
      {Field(type_proto::kMap, Number(1, 7) + Field(2, kFloat2)) +
           Field(type_proto::kMap, Number(1, 8) + Field(2, Tensor(Shape(Size(3))))),
       "map(string, float[2, 3])"},
  };
  for (const auto& [bytes, text] : kCases) {
    EXPECT_EQ(Read(bytes), text);
    onnx::TypeProto merged;
    ASSERT_TRUE(merged.ParseFromString(bytes));
    EXPECT_EQ(Read(merged.SerializeAsString()), text);
  }
}

TEST(ValueType, TypesOfAnotherMessage) {
  const std::string bytes = Field(1, "x") + Field(2, Tensor(Number(1, 1) + Shape(Size(2)))) +
                            Field(3, Tensor(Number(1, 7))) + Field(2, Tensor(Shape(Size(3))));
  const auto source = BytesInMemory(bytes, "test");
  EXPECT_EQ(ToString(*ReadTypeField(*source, {0, bytes.size()}, 2)), "float[2, 3]");
  EXPECT_EQ(ToString(*ReadTypeField(*source, {0, bytes.size()}, 9)), "?");
}

TEST(ValueType, SerializedAsProtobufWritesIt) {
  onnx::TypeProto negative;
  negative.mutable_tensor_type()->set_elem_type(-1);
  negative.mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(-2);
  onnx::TypeProto sparse;
  sparse.mutable_sparse_tensor_type()->set_elem_type(7);
  onnx::TypeProto opaque;
  opaque.mutable_opaque_type();
  for (const onnx::TypeProto& type : {Nested(), negative, sparse, opaque, onnx::TypeProto()}) {
    const std::string bytes = type.SerializeAsString();
    EXPECT_EQ(SerializedType(*Parsed(bytes)), bytes);
  }
}

TEST(ValueType, DepthAndRankAreLimited) {
  const auto nested = [](int depth) {
    std::string type = Tensor(Number(1, 1));
    for (int i = 0; i < depth; ++i) type = Field(type_proto::kSequence, Field(1, type));
    return type;
  };
  EXPECT_TRUE(absl::StartsWith(Read(nested(kMaxTypeDepth)), "seq(seq("));
  EXPECT_TRUE(absl::StrContains(Read(nested(kMaxTypeDepth + 1)), ": types nested over 32 deep"));
  EXPECT_TRUE(absl::StrContains(Read(nested(1000)), ": types nested over 32 deep"));

  std::string dims;
  for (size_t i = 0; i < kMaxDims; ++i) dims += Hex("0a 00");
  EXPECT_EQ(Parsed(Tensor(Shape(dims)))->shape->size(), kMaxDims);
  // Those of a shape that repeats count together.
  EXPECT_TRUE(absl::StrContains(Read(Tensor(Shape(dims) + Shape(Size(1)))),
                                ": a shape of over 65536 dimensions"));
}

TEST(ValueType, AWrongWireTypeIsRefusedWithItsOffset) {
  const std::string fixed = Hex("01 00 00 00");
  const auto wrong = [&](char number) { return std::string(1, char(number << 3 | 5)) + fixed; };
  EXPECT_EQ(Read(wrong(1)), "test: byte 0: a tensor type has wire type 5, expected 2");
  EXPECT_EQ(Read(wrong(8)), "test: byte 0: a tensor type has wire type 5, expected 2");
  EXPECT_EQ(Read(wrong(4)), "test: byte 0: a container type has wire type 5, expected 2");
  EXPECT_EQ(Read(wrong(9)), "test: byte 0: a container type has wire type 5, expected 2");
  EXPECT_EQ(Read(wrong(5)), "test: byte 0: a map type has wire type 5, expected 2");
  EXPECT_EQ(Read(wrong(7)), "test: byte 0: an opaque type has wire type 5, expected 2");
  EXPECT_EQ(Read(Tensor(wrong(1))), "test: byte 2: an element type has wire type 5, expected 0");
  EXPECT_EQ(Read(Tensor(wrong(2))), "test: byte 2: a shape has wire type 5, expected 2");
  EXPECT_EQ(Read(Tensor(Shape(wrong(1)))), "test: byte 4: a dimension has wire type 5, expected 2");
  EXPECT_EQ(Read(Tensor(Shape(Field(1, wrong(1))))),
            "test: byte 6: dim_value has wire type 5, expected 0");
  EXPECT_EQ(Read(Tensor(Shape(Field(1, wrong(2))))),
            "test: byte 6: dim_param has wire type 5, expected 2");
  EXPECT_EQ(Read(Field(4, wrong(1))),
            "test: byte 2: the type of elements has wire type 5, expected 2");
}

// Whatever the bytes are: an error with its place, or what protobuf finds in them.
void ExpectErrorOrEqual(const std::string& bytes) {
  const absl::StatusOr<ValueType> type = Parsed(bytes);
  if (!type.ok()) {
    EXPECT_TRUE(absl::StartsWith(type.status().message(), "test: byte ")) << type.status();
    return;
  }
  onnx::TypeProto parsed;
  ASSERT_TRUE(parsed.ParseFromString(bytes));
  EXPECT_EQ(Read(parsed.SerializeAsString()), ToString(*type));
}

TEST(ValueType, CutAnywhereOrWithAnyByte) {
  const std::string bytes = Nested().SerializeAsString();
  size_t accepted = 0;
  for (size_t size = 0; size < bytes.size(); ++size) {
    accepted += Parsed(bytes.substr(0, size)).ok();
    ExpectErrorOrEqual(bytes.substr(0, size));
  }
  EXPECT_EQ(accepted, 1);  // Of no bytes.
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string corrupt = bytes;
    for (int value = 0; value < 256; ++value) {
      corrupt[i] = static_cast<char>(value);
      ExpectErrorOrEqual(corrupt);
    }
  }
}

}  // namespace
}  // namespace modelexport
