#include "modelexport/wire/encode.h"

#include "absl/strings/str_cat.h"
#include "modelexport/wire/onnx_fields.h"

namespace modelexport::wire {
namespace {

constexpr uint32_t kVarintType = 0;
constexpr uint32_t kBytesType = 2;

uint64_t BytesFieldSize(uint32_t number, uint64_t size) {
  return VarintSize(number << 3) + VarintSize(size) + size;
}

}  // namespace

char* EncodeVarint(uint64_t value, char* destination) {
  for (; value >= 0x80; value >>= 7) *destination++ = static_cast<char>(value | 0x80);
  *destination++ = static_cast<char>(value);
  return destination;
}

int VarintSize(uint64_t value) {
  int size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

void AppendVarint(uint64_t value, std::string* out) {
  char bytes[kMaxVarintSize];
  out->append(bytes, EncodeVarint(value, bytes));
}

void AppendVarintField(uint32_t number, uint64_t value, std::string* out) {
  AppendVarint(number << 3 | kVarintType, out);
  AppendVarint(value, out);
}

void AppendBytesField(uint32_t number, absl::string_view bytes, std::string* out) {
  AppendVarint(number << 3 | kBytesType, out);
  AppendVarint(bytes.size(), out);
  absl::StrAppend(out, bytes);
}

void AppendStringEntry(uint32_t number, absl::string_view key, absl::string_view value,
                       std::string* out) {
  AppendVarint(number << 3 | kBytesType, out);
  AppendVarint(BytesFieldSize(string_entry_proto::kKey, key.size()) +
                   BytesFieldSize(string_entry_proto::kValue, value.size()),
               out);
  AppendBytesField(string_entry_proto::kKey, key, out);
  AppendBytesField(string_entry_proto::kValue, value, out);
}

}  // namespace modelexport::wire
