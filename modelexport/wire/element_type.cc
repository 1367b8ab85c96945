#include "modelexport/wire/element_type.h"

#include <cstring>
#include <limits>

#include "modelexport/wire/onnx_fields.h"

namespace modelexport::wire {
namespace {

template <typename T>
double Fixed(uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof(T));  // The low bytes: all supported machines have them first.
  return static_cast<double>(value);
}

double Bool(uint64_t bits) { return (bits & 0xFF) != 0 ? 1 : 0; }
double Uint4(uint64_t bits) { return static_cast<double>(bits & 15); }
double Int4(uint64_t bits) { return static_cast<double>(((bits & 15) ^ 8)) - 8; }
double Bfloat16(uint64_t bits) { return Fixed<float>((bits & 0xFFFF) << 16); }

// Sign, exponent, mantissa. Of the highest exponent all is infinite or NaN in IEEE's types, and
// only the highest mantissa is NaN in "fn"; in "fnuz" nothing but the negative zero is.
enum class Special { kIeee, kFn, kFnUz };

template <int kExponentBits, int kMantissaBits, int kBias, Special kSpecial>
double Small(uint64_t bits) {
  constexpr uint64_t kHighest = ((uint64_t{1} << kExponentBits) - 1) << kMantissaBits;
  constexpr uint64_t kSign = uint64_t{1} << (kExponentBits + kMantissaBits);
  const uint64_t magnitude = bits & (kSign - 1);
  const bool negative = (bits & kSign) != 0;
  bool odd = false;  // Infinity too: neither is finite, and nobody asks which it is.
  if (kSpecial == Special::kIeee) odd = magnitude >= kHighest;
  if (kSpecial == Special::kFn) odd = magnitude == kSign - 1;
  if (kSpecial == Special::kFnUz) odd = negative && magnitude == 0;
  if (odd) return std::numeric_limits<double>::quiet_NaN();
  // A float with the same exponent and mantissa differs by the bias alone, subnormal ones too.
  const double rebased = Fixed<float>(magnitude << (23 - kMantissaBits)) *
                         Fixed<double>(uint64_t{1023 + 127 - kBias} << 52);
  return negative ? -rebased : rebased;
}

using namespace tensor_proto;  // NOLINT(google-build-using-namespace): field numbers.

constexpr ElementType kTypes[] = {
    {data_type::kFloat, 32, kFloatData, Fixed<float>, true, 23},
    {data_type::kUint8, 8, kInt32Data, Fixed<uint8_t>, false, 0},
    {data_type::kInt8, 8, kInt32Data, Fixed<int8_t>, false, 0},
    {data_type::kUint16, 16, kInt32Data, Fixed<uint16_t>, false, 0},
    {data_type::kInt16, 16, kInt32Data, Fixed<int16_t>, false, 0},
    {data_type::kInt32, 32, kInt32Data, Fixed<int32_t>, false, 0},
    {data_type::kInt64, 64, kInt64Data, Fixed<int64_t>, false, 0},
    {data_type::kBool, 8, kInt32Data, Bool, false, 0},
    {data_type::kFloat16, 16, kInt32Data, Small<5, 10, 15, Special::kIeee>, true, 10},
    {data_type::kDouble, 64, kDoubleData, Fixed<double>, true, 52},
    {data_type::kUint32, 32, kUint64Data, Fixed<uint32_t>, false, 0},
    {data_type::kUint64, 64, kUint64Data, Fixed<uint64_t>, false, 0},
    {data_type::kBfloat16, 16, kInt32Data, Bfloat16, true, 7},
    {data_type::kFloat8E4M3Fn, 8, kInt32Data, Small<4, 3, 7, Special::kFn>, true, 3},
    {data_type::kFloat8E4M3FnUz, 8, kInt32Data, Small<4, 3, 8, Special::kFnUz>, true, 3},
    {data_type::kFloat8E5M2, 8, kInt32Data, Small<5, 2, 15, Special::kIeee>, true, 2},
    {data_type::kFloat8E5M2FnUz, 8, kInt32Data, Small<5, 2, 16, Special::kFnUz>, true, 2},
    {data_type::kUint4, 4, kInt32Data, Uint4, false, 0},
    {data_type::kInt4, 4, kInt32Data, Int4, false, 0},
};

}  // namespace

const ElementType* ElementTypeOf(int32_t data_type) {
  for (const ElementType& type : kTypes) {
    if (type.data_type == data_type) return &type;
  }
  return nullptr;
}

}  // namespace modelexport::wire
