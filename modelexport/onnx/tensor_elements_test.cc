#include "modelexport/onnx/tensor_elements.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/recording_source.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using namespace tensor_proto;  // NOLINT(google-build-using-namespace): field numbers.
using ::modelexport::testing::Hex;
using ::modelexport::testing::MessageBytes;

// A TensorProto of these dims and type, without data.
MessageBytes TensorOf(const std::vector<int64_t>& dims, int32_t data_type) {
  MessageBytes tensor;
  for (const int64_t dim : dims) tensor.Varint(kDims, static_cast<uint64_t>(dim));
  tensor.Varint(kDataType, static_cast<uint64_t>(data_type));
  return tensor;
}

std::string ModelOf(const std::string& tensor) {
  MessageBytes graph;
  graph.Bytes(graph_proto::kInitializer, tensor);
  MessageBytes model;
  model.Varint(model_proto::kIrVersion, 10);
  model.Bytes(model_proto::kGraph, graph.Serialized());
  return model.Serialized();
}

// The elements, as `1 2.5`, or the error.
std::string Read(const std::string& tensor, const DataFolder& folder = absl::nullopt) {
  const auto source = BytesInMemory(ModelOf(tensor));
  const auto index = ModelIndex::Build(*source, {});
  if (!index.ok()) return std::string(index.status().message());
  std::vector<double> elements;
  const absl::Status status =
      ReadElements(*index, index->tensors()[0], folder, [&](absl::Span<const double> block) {
        EXPECT_FALSE(block.empty());
        elements.insert(elements.end(), block.begin(), block.end());
      });
  return status.ok() ? absl::StrJoin(elements, " ") : std::string(status.message());
}

std::string ReadRaw(const std::vector<int64_t>& dims, int32_t data_type, const char* hex) {
  MessageBytes tensor = TensorOf(dims, data_type);
  tensor.Bytes(kRawData, Hex(hex));
  return Read(tensor.Serialized());
}

std::string ReadTyped(const std::vector<int64_t>& dims, int32_t data_type, uint32_t field,
                      const char* hex) {
  MessageBytes tensor = TensorOf(dims, data_type);
  tensor.Bytes(field, Hex(hex));
  return Read(tensor.Serialized());
}

TEST(ReadElements, RawDataOfEveryType) {
  EXPECT_EQ(ReadRaw({2}, 1, "0000c03f 000080c0"), "1.5 -4");
  EXPECT_EQ(ReadRaw({2}, 2, "00ff"), "0 255");
  EXPECT_EQ(ReadRaw({2}, 3, "7fff"), "127 -1");
  EXPECT_EQ(ReadRaw({2}, 4, "0100 ffff"), "1 65535");
  EXPECT_EQ(ReadRaw({2}, 5, "0100 ffff"), "1 -1");
  EXPECT_EQ(ReadRaw({2}, 6, "01000000 ffffffff"), "1 -1");
  EXPECT_EQ(ReadRaw({2}, 7, "0100000000000000 ffffffffffffffff"), "1 -1");
  EXPECT_EQ(ReadRaw({2}, 9, "0001"), "0 1");
  EXPECT_EQ(ReadRaw({4}, 10, "003e 00c4 0100 ff7b"), "1.5 -4 5.96046e-08 65504");
  EXPECT_EQ(ReadRaw({1}, 11, "000000000000f83f"), "1.5");
  EXPECT_EQ(ReadRaw({2}, 12, "01000000 ffffffff"), "1 4.29497e+09");
  EXPECT_EQ(ReadRaw({1}, 13, "ffffffffffffffff"), "1.84467e+19");
  EXPECT_EQ(ReadRaw({2}, 16, "c03f 80c0"), "1.5 -4");
  EXPECT_EQ(ReadRaw({4}, 17, "3c c8 01 7e"), "1.5 -4 0.00195312 448");
  EXPECT_EQ(ReadRaw({2}, 18, "44 7f"), "1.5 240");
  EXPECT_EQ(ReadRaw({2}, 19, "3e 7b"), "1.5 57344");
  EXPECT_EQ(ReadRaw({2}, 20, "42 7f"), "1.5 57344");
  EXPECT_EQ(ReadRaw({3}, 21, "f1 08"), "1 15 8");
  EXPECT_EQ(ReadRaw({3}, 22, "f1 08"), "1 -1 -8");
}

TEST(ReadElements, WhatIsNotFinite) {
  EXPECT_EQ(ReadRaw({2}, 1, "0000807f 0000c07f"), "inf nan");
  EXPECT_EQ(ReadRaw({3}, 10, "007c 00fc 007e"), "nan nan nan");  // Not told apart.
  EXPECT_EQ(ReadRaw({2}, 16, "807f c07f"), "inf nan");
  EXPECT_EQ(ReadRaw({3}, 17, "7f ff 7e"), "nan nan 448");
  EXPECT_EQ(ReadRaw({2}, 18, "80 00"), "nan 0");
  EXPECT_EQ(ReadRaw({3}, 19, "7c 7f fc"), "nan nan nan");
  EXPECT_EQ(ReadRaw({1}, 20, "80"), "nan");
}

TEST(ReadElements, TypedFieldsOfEveryType) {
  EXPECT_EQ(ReadTyped({2}, 1, kFloatData, "0000c03f 000080c0"), "1.5 -4");
  EXPECT_EQ(ReadTyped({2}, 2, kInt32Data, "00 ff01"), "0 255");
  EXPECT_EQ(ReadTyped({2}, 3, kInt32Data, "7f ffffffffffffffffff01"), "127 -1");
  EXPECT_EQ(ReadTyped({2}, 6, kInt32Data, "01 ffffffffffffffffff01"), "1 -1");
  EXPECT_EQ(ReadTyped({2}, 7, kInt64Data, "01 ffffffffffffffffff01"), "1 -1");
  EXPECT_EQ(ReadTyped({2}, 10, kInt32Data, "807c 808803"), "1.5 -4");
  EXPECT_EQ(ReadTyped({1}, 11, kDoubleData, "000000000000f83f"), "1.5");
  EXPECT_EQ(ReadTyped({1}, 12, kUint64Data, "ffffffff0f"), "4.29497e+09");
  EXPECT_EQ(ReadTyped({2}, 16, kInt32Data, "c07f 808103"), "1.5 -4");
  EXPECT_EQ(ReadTyped({1}, 17, kInt32Data, "3c"), "1.5");
  EXPECT_EQ(ReadTyped({3}, 22, kInt32Data, "f101 08"), "1 -1 -8");
}

TEST(ReadElements, TypedFieldsNeedNotBePacked) {
  MessageBytes floats = TensorOf({3}, 1);
  floats.Float(kFloatData, 1.5);
  floats.Bytes(kFloatData, Hex("000080c0"));
  floats.Float(kFloatData, 2);
  EXPECT_EQ(Read(floats.Serialized()), "1.5 -4 2");
  MessageBytes integers = TensorOf({2}, 7);
  integers.Varint(kInt64Data, 7);
  integers.Varint(kInt64Data, static_cast<uint64_t>(-7));
  EXPECT_EQ(Read(integers.Serialized()), "7 -7");
}

TEST(ReadElements, ScalarsAndNothing) {
  EXPECT_EQ(ReadRaw({}, 1, "0000c03f"), "1.5");
  EXPECT_EQ(ReadRaw({2, 0}, 1, ""), "");
  EXPECT_EQ(Read(TensorOf({0}, 1).Serialized()), "");
}

TEST(ReadElements, OtherSizesThanTheDimsSay) {
  EXPECT_EQ(ReadRaw({3}, 1, "0000c03f 000080c0"), "a tensor whose data is not as long as its dims");
  EXPECT_EQ(ReadRaw({1}, 1, "0000c03f 000080c0"), "a tensor whose data is not as long as its dims");
  EXPECT_EQ(ReadRaw({1}, 1, "0000c0"), "a tensor whose data is not as long as its dims");
  EXPECT_EQ(ReadRaw({4}, 22, "f1"), "a tensor whose data is not as long as its dims");
  EXPECT_EQ(ReadTyped({3}, 1, kFloatData, "0000c03f"),
            "a tensor whose data is shorter than its dims");
  EXPECT_EQ(ReadTyped({1}, 1, kFloatData, "0000c03f 0000c03f"),
            "a tensor whose data is longer than its dims");
  EXPECT_EQ(ReadTyped({1}, 1, kFloatData, "0000c0"), "a tensor whose data is longer than its dims");
  EXPECT_EQ(ReadTyped({1}, 7, kInt64Data, "01 02"), "a tensor whose data is longer than its dims");
  EXPECT_EQ(ReadTyped({2}, 1, kInt64Data, "01 02"), "a tensor whose data is shorter than its dims");
  EXPECT_EQ(Read(TensorOf({1}, 1).Serialized()), "a tensor whose data is shorter than its dims");
}

TEST(ReadElements, DimsThatNoFileHas) {
  EXPECT_EQ(ReadRaw({-1}, 1, ""), "a tensor whose dims are negative or too large");
  EXPECT_EQ(ReadRaw({int64_t{1} << 62, 4}, 1, ""), "a tensor whose dims are negative or too large");
  EXPECT_EQ(ReadRaw({int64_t{1} << 62, 4, 0}, 1, ""), "");
}

TEST(ReadElements, TypesThatAreNoNumbers) {
  EXPECT_EQ(ReadRaw({1}, 8, "00"), "elements of type 8 are no numbers");
  EXPECT_EQ(ReadRaw({1}, 14, "0000000000000000"), "elements of type 14 are no numbers");
  EXPECT_EQ(ReadRaw({1}, 99, "00"), "elements of type 99 are no numbers");
  EXPECT_EQ(ReadRaw({1}, 0, "00"), "elements of type 0 are no numbers");
}

TEST(ReadElements, AVarintThatDoesNotEndIsAnErrorAtItsOffset) {
  EXPECT_EQ(ReadTyped({1}, 7, kInt64Data, "ff").substr(0, 12), "memory: byte");
}

// `offset` and `length` are left out where they are empty.
std::string ReadOutside(const DataFolder& folder, const char* location, const char* offset,
                        const char* length) {
  MessageBytes tensor = TensorOf({2}, 1);
  tensor.Varint(kDataLocation, kLocationExternal);
  tensor.Entry(kExternalData, "location", location);
  if (*offset != '\0') tensor.Entry(kExternalData, "offset", offset);
  if (*length != '\0') tensor.Entry(kExternalData, "length", length);
  return Read(tensor.Serialized(), folder);
}

TEST(ReadElements, ExternalData) {
  const testing::TempDir dir;
  dir.Write("model/data/w.bin", Hex("0000c03f 000080c0 00000040"));
  const std::string folder = dir.Path("model/");
  EXPECT_EQ(ReadOutside(folder, "data/w.bin", "", ""), "1.5 -4");
  EXPECT_EQ(ReadOutside(folder, "data/../data/./w.bin", "4", "8"), "-4 2");
  EXPECT_EQ(ReadOutside(folder, "data/w.bin", "", "12"),
            "a tensor whose data is not as long as its dims");
  EXPECT_EQ(ReadOutside(folder, "data/w.bin", "", "4"),
            "a tensor whose data is not as long as its dims");
  EXPECT_EQ(ReadOutside(folder, "data/w.bin", "8", ""),
            "a tensor whose external data goes past the end of its file");
  EXPECT_EQ(ReadOutside(folder, "data/w.bin", "18446744073709551615", "8"),
            "a tensor whose external data goes past the end of its file");
  EXPECT_EQ(ReadOutside(folder, "data/w.bin", "x", ""),
            "a tensor whose external offset is no number");
  EXPECT_EQ(ReadOutside(folder, "data/w.bin", "", "-8"),
            "a tensor whose external length is no number");
  EXPECT_EQ(ReadOutside(folder, "../w.bin", "", ""), "the location leaves the model's folder");
  EXPECT_EQ(ReadOutside(folder, "/etc/passwd", "", ""), "the location is absolute");
  EXPECT_EQ(ReadOutside(absl::nullopt, "w.bin", "", ""),
            "external data of a model that is no file");
}

TEST(ReadElements, ALargeTensorInBlocks) {
  constexpr int64_t kCount = 100001;
  std::string raw(kCount * 2, '\0');
  for (int64_t i = 0; i < kCount; ++i) {
    raw[2 * i] = static_cast<char>(i & 0xFF);
    raw[2 * i + 1] = static_cast<char>((i >> 8) & 0x7F);
  }
  MessageBytes tensor = TensorOf({kCount}, 5);
  tensor.Bytes(kRawData, raw);
  const testing::RecordingSource source(ModelOf(tensor.Serialized()));
  const auto index = ModelIndex::Build(source, {});
  ASSERT_TRUE(index.ok()) << index.status();
  int64_t at = 0;
  size_t largest = 0;
  const auto visit = [&](absl::Span<const double> block) {
    largest = std::max(largest, block.size());
    for (const double element : block) ASSERT_EQ(element, at++ & 0x7FFF);
  };
  const size_t reads = source.reads().size();
  ASSERT_TRUE(ReadElements(*index, index->tensors()[0], absl::nullopt, visit).ok());
  EXPECT_EQ(at, kCount);
  EXPECT_LE(largest, 4096u);
  for (size_t i = reads; i < source.reads().size(); ++i) {
    EXPECT_LE(source.reads()[i].size(), 256u << 10);
  }
}

}  // namespace
}  // namespace modelexport
