#include "modelexport/onnx/element_type.h"

#include <cstring>
#include <limits>

#include "modelexport/onnx/onnx_fields.h"

namespace modelexport {
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

template <typename Bits, double (*kDecode)(uint64_t)>
void DecodeRaw(const char* bytes, size_t count, double* elements) {
  for (size_t i = 0; i < count; ++i) {
    Bits bits;
    std::memcpy(&bits, bytes + i * sizeof(Bits), sizeof(Bits));
    elements[i] = kDecode(bits);
  }
}

using namespace tensor_proto;  // NOLINT(google-build-using-namespace): field numbers.

// Of whole bytes. Integers have no mantissa.
template <typename Bits, double (*kDecode)(uint64_t)>
constexpr ElementType Of(int32_t type, uint32_t field, int mantissa_bits = 0) {
  return {type,         8 * sizeof(Bits),         field,
          kDecode,      DecodeRaw<Bits, kDecode>, mantissa_bits > 0,
          mantissa_bits};
}

constexpr ElementType kTypes[] = {
    Of<uint32_t, Fixed<float>>(data_type::kFloat, kFloatData, 23),
    Of<uint64_t, Fixed<double>>(data_type::kDouble, kDoubleData, 52),
    Of<uint16_t, Small<5, 10, 15, Special::kIeee>>(data_type::kFloat16, kInt32Data, 10),
    Of<uint16_t, Bfloat16>(data_type::kBfloat16, kInt32Data, 7),
    Of<uint8_t, Small<4, 3, 7, Special::kFn>>(data_type::kFloat8E4M3Fn, kInt32Data, 3),
    Of<uint8_t, Small<4, 3, 8, Special::kFnUz>>(data_type::kFloat8E4M3FnUz, kInt32Data, 3),
    Of<uint8_t, Small<5, 2, 15, Special::kIeee>>(data_type::kFloat8E5M2, kInt32Data, 2),
    Of<uint8_t, Small<5, 2, 16, Special::kFnUz>>(data_type::kFloat8E5M2FnUz, kInt32Data, 2),
    Of<uint8_t, Fixed<uint8_t>>(data_type::kUint8, kInt32Data),
    Of<uint8_t, Fixed<int8_t>>(data_type::kInt8, kInt32Data),
    Of<uint16_t, Fixed<uint16_t>>(data_type::kUint16, kInt32Data),
    Of<uint16_t, Fixed<int16_t>>(data_type::kInt16, kInt32Data),
    Of<uint32_t, Fixed<int32_t>>(data_type::kInt32, kInt32Data),
    Of<uint64_t, Fixed<int64_t>>(data_type::kInt64, kInt64Data),
    Of<uint32_t, Fixed<uint32_t>>(data_type::kUint32, kUint64Data),
    Of<uint64_t, Fixed<uint64_t>>(data_type::kUint64, kUint64Data),
    Of<uint8_t, Bool>(data_type::kBool, kInt32Data),
    {data_type::kUint4, 4, kInt32Data, Uint4, nullptr, false, 0},
    {data_type::kInt4, 4, kInt32Data, Int4, nullptr, false, 0},
};

}  // namespace

const ElementType* ElementTypeOf(int32_t data_type) {
  for (const ElementType& type : kTypes) {
    if (type.data_type == data_type) return &type;
  }
  return nullptr;
}

}  // namespace modelexport
