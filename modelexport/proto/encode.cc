#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {

constexpr uint32_t kVarintType = 0;
constexpr uint32_t kBytesType = 2;

// Of an entry.
constexpr uint32_t kEntryKey = 1;
constexpr uint32_t kEntryValue = 2;

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
  const uint64_t size =
      BytesFieldSize(kEntryKey, key.size()) + BytesFieldSize(kEntryValue, value.size());
  out->append(header, EncodeBytesHeader(number, size, header));
  AppendBytesField(kEntryKey, key, out);
  AppendBytesField(kEntryValue, value, out);
}

}  // namespace modelexport
