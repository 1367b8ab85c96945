#include "modelexport/wire/encode.h"

#include "modelexport/wire/onnx_fields.h"

namespace modelexport::wire {
namespace {

constexpr uint32_t kVarintType = 0;
constexpr uint32_t kBytesType = 2;

uint64_t BytesFieldSize(uint32_t number, uint64_t size) {
  return VarintSize(number << 3) + VarintSize(size) + size;
}

char* EncodeBytesHeader(uint32_t number, uint64_t size, char* destination) {
  return EncodeVarint(size, EncodeVarint(number << 3 | kBytesType, destination));
}

}  // namespace

void AppendVarint(uint64_t value, std::string* out) {
  char bytes[kMaxVarintSize];
  out->append(bytes, EncodeVarint(value, bytes));
}

void AppendVarintField(uint32_t number, uint64_t value, std::string* out) {
  AppendVarint(number << 3 | kVarintType, out);
  AppendVarint(value, out);
}

void AppendBytesField(uint32_t number, absl::string_view bytes, std::string* out) {
  char header[2 * kMaxVarintSize];
  out->append(header, EncodeBytesHeader(number, bytes.size(), header));
  out->append(bytes.data(), bytes.size());
}

void AppendStringEntry(uint32_t number, absl::string_view key, absl::string_view value,
                       std::string* out) {
  char header[2 * kMaxVarintSize];
  const uint64_t size = BytesFieldSize(string_entry_proto::kKey, key.size()) +
                        BytesFieldSize(string_entry_proto::kValue, value.size());
  out->append(header, EncodeBytesHeader(number, size, header));
  AppendBytesField(string_entry_proto::kKey, key, out);
  AppendBytesField(string_entry_proto::kValue, value, out);
}

}  // namespace modelexport::wire
