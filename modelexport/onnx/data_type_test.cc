#include "modelexport/onnx/data_type.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/onnx/element_type.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

TEST(DataType, NamesAndBits) {
  std::string all;
  for (int32_t type = 1; onnx::TensorProto_DataType_IsValid(type); ++type) {
    absl::StrAppend(&all, type, " ", DataTypeName(type), " ", BitsPerElement(type), "\n");
  }
  EXPECT_EQ(all,
            "1 float 32\n"
            "2 uint8 8\n"
            "3 int8 8\n"
            "4 uint16 16\n"
            "5 int16 16\n"
            "6 int32 32\n"
            "7 int64 64\n"
            "8 string 0\n"
            "9 bool 8\n"
            "10 float16 16\n"
            "11 double 64\n"
            "12 uint32 32\n"
            "13 uint64 64\n"
            "14 complex64 64\n"
            "15 complex128 128\n"
            "16 bfloat16 16\n"
            "17 float8e4m3fn 8\n"
            "18 float8e4m3fnuz 8\n"
            "19 float8e5m2 8\n"
            "20 float8e5m2fnuz 8\n"
            "21 uint4 4\n"
            "22 int4 4\n"
            "23 float4e2m1 4\n"
            "24 float8e8m0 8\n"
            "25 uint2 2\n"
            "26 int2 2\n"
            "27 float6e2m3 6\n"
            "28 float6e3m2 6\n");
}

TEST(DataType, UnknownOnesHaveTheirNumber) {
  EXPECT_EQ(DataTypeName(0), "type0");
  EXPECT_EQ(DataTypeName(-1), "type-1");
  EXPECT_EQ(DataTypeName(29), "type29");
  EXPECT_EQ(BitsPerElement(0), 0);
  EXPECT_EQ(BitsPerElement(-1), 0);
  EXPECT_EQ(BitsPerElement(29), 0);
}

TEST(DataType, BitsAreThoseOfDecodableElements) {
  for (int32_t type = 0; type < 40; ++type) {
    const ElementType* const decodable = ElementTypeOf(type);
    if (decodable == nullptr) continue;
    EXPECT_EQ(BitsPerElement(type), decodable->bits) << type;
  }
}

}  // namespace
}  // namespace modelexport
