#include "modelexport/proto/encode.h"

#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "gtest/gtest.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

std::string Varint(uint64_t value) {
  std::string bytes;
  AppendVarint(value, &bytes);
  return bytes;
}

std::string ProtobufVarint(uint64_t value) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream(&stream).WriteVarint64(value);
  return bytes;
}

TEST(Encode, VarintsAreThoseOfProtobufOnBothSidesOfEachLength) {
  for (int bit = 0; bit < 64; ++bit) {
    for (const uint64_t value : {(uint64_t{1} << bit) - 1, uint64_t{1} << bit}) {
      const std::string bytes = Varint(value);
      EXPECT_EQ(bytes, ProtobufVarint(value)) << value;
      EXPECT_EQ(VarintSize(value), bytes.size()) << value;
    }
  }
  EXPECT_EQ(Varint(UINT64_MAX), ProtobufVarint(UINT64_MAX));
  EXPECT_EQ(VarintSize(UINT64_MAX), kMaxVarintSize);
}

TEST(Encode, EncodeVarintReturnsTheEndAndWritesNoFurther) {
  char bytes[kMaxVarintSize + 1] = {};
  bytes[2] = 'x';
  EXPECT_EQ(EncodeVarint(300, bytes), bytes + 2);
  EXPECT_EQ(std::string(bytes, 3), "\xac\x02x");
}

TEST(Encode, FieldsAreAppended) {
  std::string bytes = "x";
  AppendVarintField(1, 150, &bytes);
  AppendBytesField(2, "ab", &bytes);
  AppendBytesField(16, "", &bytes);
  AppendVarintField(536870911, 0, &bytes);
  EXPECT_EQ(absl::BytesToHexString(bytes),
            "78089601"
            "12026162"
            "820100"
            "f8ffffff0f00");
}

TEST(Encode, EntriesAreThoseOfProtobuf) {
  const std::string kTexts[] = {"",
                                "a",
                                std::string(125, 'b'),
                                std::string(127, 'c'),
                                std::string(128, 'd'),
                                std::string(20000, 'e')};
  for (const std::string& key : kTexts) {
    for (const std::string& value : kTexts) {
      onnx::NodeProto node;
      node.add_metadata_props()->set_key(key);
      node.mutable_metadata_props(0)->set_value(value);
      std::string bytes;
      AppendStringEntry(onnx::NodeProto::kMetadataPropsFieldNumber, key, value, &bytes);
      EXPECT_TRUE(bytes == node.SerializeAsString()) << key.size() << " " << value.size();
    }
  }
}

}  // namespace
}  // namespace modelexport
