#include "modelexport/onnx/file_hint.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/fault.h"
#include "modelexport/files/file_kind.h"

namespace modelexport {
namespace {

// Whether the first field is one that ModelProto has (onnx.proto), of the right wire type.
bool BeginsModel(absl::string_view bytes) {
  constexpr uint32_t kNumbers = 1 << 1 | 1 << 5;
  constexpr uint32_t kMessages =
      1 << 2 | 1 << 3 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 14 | 1 << 20 | 1 << 25 | 1 << 26;
  const uint32_t key = static_cast<uint8_t>(bytes[0]);
  // With a second byte of 1, as these numbers have it, a key is its first byte.
  if (key >= 0x80 && (bytes.size() < 2 || bytes[1] != 1)) return false;
  const uint32_t fields = key % 8 == 0 ? kNumbers : key % 8 == 2 ? kMessages : 0;
  return (fields >> key / 8 & 1) != 0;
}

}  // namespace

absl::Status HintAtFileKind(const absl::Status& error, const ByteSource& source) {
  if (error.ok()) return error;
  const absl::StatusOr<std::string> head =
      source.ReadString({0, std::min<uint64_t>(source.size(), 64)});
  if (!head.ok()) return error;
  const absl::string_view kind = DescribeForeignFile(*head);
  if (!kind.empty()) return AddHint(error, absl::StrCat("the file looks like ", kind));
  return BeginsModel(*head) ? error : AddHint(error, "the file does not look like an ONNX model");
}

}  // namespace modelexport
