#include "modelexport/onnx/data_type.h"

#include "absl/strings/str_cat.h"

namespace modelexport {
namespace {

struct NamedDataType {
  const char* name;
  uint32_t bits;
};

// By TensorProto.DataType.
constexpr NamedDataType kNamed[] = {
    {nullptr, 0},          {"float", 32},       {"uint8", 8},          {"int8", 8},
    {"uint16", 16},        {"int16", 16},       {"int32", 32},         {"int64", 64},
    {"string", 0},         {"bool", 8},         {"float16", 16},       {"double", 64},
    {"uint32", 32},        {"uint64", 64},      {"complex64", 64},     {"complex128", 128},
    {"bfloat16", 16},      {"float8e4m3fn", 8}, {"float8e4m3fnuz", 8}, {"float8e5m2", 8},
    {"float8e5m2fnuz", 8}, {"uint4", 4},        {"int4", 4},           {"float4e2m1", 4},
    {"float8e8m0", 8},     {"uint2", 2},        {"int2", 2},           {"float6e2m3", 6},
    {"float6e3m2", 6},
};

const NamedDataType* Find(int32_t data_type) {
  constexpr auto kCount = static_cast<int32_t>(sizeof(kNamed) / sizeof(kNamed[0]));
  return data_type > 0 && data_type < kCount ? &kNamed[data_type] : nullptr;
}

}  // namespace

std::string DataTypeName(int32_t data_type) {
  const NamedDataType* const found = Find(data_type);
  return found == nullptr ? absl::StrCat("type", data_type) : found->name;
}

uint32_t BitsPerElement(int32_t data_type) {
  const NamedDataType* const found = Find(data_type);
  return found == nullptr ? 0 : found->bits;
}

}  // namespace modelexport
