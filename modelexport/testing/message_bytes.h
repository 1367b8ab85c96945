// The fields of one protobuf message, which come out in the order of their numbers, as protobuf
// itself writes them, whatever the order they were given in.
#ifndef MODELEXPORT_TESTING_MESSAGE_BYTES_H_
#define MODELEXPORT_TESTING_MESSAGE_BYTES_H_

#include <cstdint>
#include <cstring>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "modelexport/wire/encode.h"

namespace modelexport::testing {

class MessageBytes {
 public:
  void Varint(uint32_t number, uint64_t value) {
    wire::AppendVarintField(number, value, &fields_[number]);
  }
  void Bytes(uint32_t number, absl::string_view bytes) {
    wire::AppendBytesField(number, bytes, &fields_[number]);
  }
  void BytesUnlessEmpty(uint32_t number, absl::string_view bytes) {
    if (!bytes.empty()) Bytes(number, bytes);
  }
  void Float(uint32_t number, float value) {
    std::string& out = fields_[number];
    wire::AppendVarint(number << 3 | 5, &out);
    char bytes[sizeof(value)];
    std::memcpy(bytes, &value, sizeof(value));
    out.append(bytes, sizeof(value));
  }
  void Entry(uint32_t number, absl::string_view key, absl::string_view value) {
    wire::AppendStringEntry(number, key, value, &fields_[number]);
  }

  std::string Serialized() const {
    std::string all;
    for (const auto& [number, bytes] : fields_) all += bytes;
    return all;
  }

 private:
  std::map<uint32_t, std::string> fields_;
};

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_MESSAGE_BYTES_H_
