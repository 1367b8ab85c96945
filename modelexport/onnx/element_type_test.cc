#include "modelexport/onnx/element_type.h"

#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

// The values of `bits` in a type of elements.
std::string Decoded(int32_t type, const std::vector<uint64_t>& bits) {
  std::vector<double> values;
  for (const uint64_t one : bits) values.push_back(ElementTypeOf(type)->decode(one));
  return absl::StrJoin(values, " ");
}

TEST(ElementType, Integers) {
  EXPECT_EQ(Decoded(data_type::kUint4, {0, 7, 8, 15, 0xF0}), "0 7 8 15 0");
  EXPECT_EQ(Decoded(data_type::kInt4, {0, 7, 8, 15, 0xF1}), "0 7 -8 -1 1");
  EXPECT_EQ(Decoded(data_type::kUint8, {0, 127, 128, 255, 0x101}), "0 127 128 255 1");
  EXPECT_EQ(Decoded(data_type::kInt8, {0, 127, 128, 255}), "0 127 -128 -1");
  EXPECT_EQ(Decoded(data_type::kUint16, {0xFFFF}), "65535");
  EXPECT_EQ(Decoded(data_type::kInt16, {0x8000, 0xFFFF}), "-32768 -1");
  EXPECT_EQ(ElementTypeOf(data_type::kUint32)->decode(0xFFFFFFFF), 4294967295.0);
  EXPECT_EQ(Decoded(data_type::kInt32, {0xFFFFFFFF}), "-1");
  EXPECT_EQ(Decoded(data_type::kInt64, {uint64_t{0} - 5}), "-5");
  EXPECT_EQ(ElementTypeOf(data_type::kUint64)->decode(uint64_t{1} << 63), 9223372036854775808.0);
  EXPECT_EQ(Decoded(data_type::kBool, {0, 1, 2, 0x100}), "0 1 1 0");
}

TEST(ElementType, FloatsOfIeee) {
  EXPECT_EQ(Decoded(data_type::kFloat, {0x3F800000, 0xC0000000}), "1 -2");
  EXPECT_EQ(Decoded(data_type::kDouble, {0x3FF8000000000000}), "1.5");
  EXPECT_EQ(Decoded(data_type::kBfloat16, {0x3F80, 0xC040}), "1 -3");
  // One, the least and the greatest; infinity counts as NaN.
  EXPECT_EQ(Decoded(data_type::kFloat16, {0x3C00, 0x0001, 0xFBFF, 0x7C00}),
            "1 5.96046e-08 -65504 nan");
}

// The least, the greatest subnormal, the least normal one, one, the greatest; what is NaN. Values
// of the tables in onnx/docs/technical/float8.md.
TEST(ElementType, FloatsOfEightBits) {
  EXPECT_EQ(Decoded(data_type::kFloat8E4M3Fn, {0x01, 0x07, 0x08, 0x38, 0x7E, 0xFE, 0x7F}),
            "0.00195312 0.0136719 0.015625 1 448 -448 nan");
  EXPECT_EQ(Decoded(data_type::kFloat8E4M3FnUz, {0x01, 0x07, 0x08, 0x40, 0x7F, 0xFF, 0x80}),
            "0.000976562 0.00683594 0.0078125 1 240 -240 nan");
  EXPECT_EQ(Decoded(data_type::kFloat8E5M2, {0x01, 0x03, 0x04, 0x3C, 0x7B, 0xFB, 0x7C}),
            "1.52588e-05 4.57764e-05 6.10352e-05 1 57344 -57344 nan");
  EXPECT_EQ(Decoded(data_type::kFloat8E5M2FnUz, {0x01, 0x03, 0x04, 0x40, 0x7F, 0xFF, 0x80}),
            "7.62939e-06 2.28882e-05 3.05176e-05 1 57344 -57344 nan");
}

// What raw_data has, read from an odd address, equals what the bits of each element give.
TEST(ElementType, RawBytesAreDecodedLikeBits) {
  for (int32_t number = 0; number < 30; ++number) {
    const ElementType* const type = ElementTypeOf(number);
    if (type == nullptr || type->bits < 8) continue;
    const size_t size = type->bits / 8;
    const char bytes[] = "-\x3F\x81\x02\x03\x84\x05\x06\x07\x38\x09\x0A\x0B\x0C\x0D\x0E\x3F";
    double elements[2];
    type->decode_raw(bytes + 1, 2, elements);
    for (size_t i = 0; i < 2; ++i) {
      uint64_t bits = 0;
      std::memcpy(&bits, bytes + 1 + i * size, size);
      EXPECT_EQ(elements[i], type->decode(bits)) << number;
    }
  }
}

// As "number: bits, floats with their mantissa, the field that holds them".
TEST(ElementType, AllTypes) {
  std::string text;
  for (int32_t number = -1; number < 30; ++number) {
    const ElementType* const type = ElementTypeOf(number);
    if (type == nullptr) continue;
    EXPECT_EQ(type->data_type, number);
    EXPECT_EQ(type->decode_raw == nullptr, type->bits < 8);
    absl::StrAppend(&text, number, ": ", type->bits);
    if (type->is_float) absl::StrAppend(&text, " float ", type->mantissa_bits);
    absl::StrAppend(&text, " field ", type->typed_field, "\n");
  }
  EXPECT_EQ(text,
            "1: 32 float 23 field 4\n"
            "2: 8 field 5\n"
            "3: 8 field 5\n"
            "4: 16 field 5\n"
            "5: 16 field 5\n"
            "6: 32 field 5\n"
            "7: 64 field 7\n"
            "9: 8 field 5\n"
            "10: 16 float 10 field 5\n"
            "11: 64 float 52 field 10\n"
            "12: 32 field 11\n"
            "13: 64 field 11\n"
            "16: 16 float 7 field 5\n"
            "17: 8 float 3 field 5\n"
            "18: 8 float 3 field 5\n"
            "19: 8 float 2 field 5\n"
            "20: 8 float 2 field 5\n"
            "21: 4 field 5\n"
            "22: 4 field 5\n");
}

}  // namespace
}  // namespace modelexport
