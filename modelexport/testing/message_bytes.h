// Serialized protobuf messages for tests.
//
//   MessageBytes node;
//   node.Bytes(node_proto::kOpType, "Relu");
//   const std::string field = Hex("0a 03") + "abc" + GroupBytes(9, node.Serialized());
#ifndef MODELEXPORT_TESTING_MESSAGE_BYTES_H_
#define MODELEXPORT_TESTING_MESSAGE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>

#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "modelexport/proto/encode.h"

namespace modelexport::testing {

// The bytes that `digits`, in groups of two hexadecimal digits, represent.
inline std::string Hex(absl::string_view digits) {
  const std::string pairs = absl::StrReplaceAll(digits, {{" ", ""}});
  std::string bytes;
  for (size_t i = 0; i < pairs.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(pairs.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// A group as field `number`, from its start key to its end key.
inline std::string GroupBytes(uint32_t number, absl::string_view content) {
  std::string bytes;
  AppendVarint(number << 3 | 3, &bytes);
  bytes.append(content.data(), content.size());
  AppendVarint(number << 3 | 4, &bytes);
  return bytes;
}

// The fields of one message. They are serialized in the order of their numbers, as protobuf does,
// in whatever order they were given.
class MessageBytes {
 public:
  void Varint(uint32_t number, uint64_t value) {
    AppendVarintField(number, value, &fields_[number]);
  }
  void Bytes(uint32_t number, absl::string_view bytes) {
    AppendBytesField(number, bytes, &fields_[number]);
  }
  void BytesUnlessEmpty(uint32_t number, absl::string_view bytes) {
    if (!bytes.empty()) Bytes(number, bytes);
  }
  void Float(uint32_t number, float value) {
    std::string& out = fields_[number];
    AppendVarint(number << 3 | 5, &out);
    char bytes[sizeof(value)];
    std::memcpy(bytes, &value, sizeof(value));
    out.append(bytes, sizeof(value));
  }
  void Entry(uint32_t number, absl::string_view key, absl::string_view value) {
    AppendStringEntry(number, key, value, &fields_[number]);
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
