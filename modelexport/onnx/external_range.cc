#include "modelexport/onnx/external_range.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/onnx/string_entry.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
absl::StatusOr<ExternalRange> ReadExternalRange(const ModelIndex& index,
                                                const TensorRecord& tensor) {
  ExternalRange range;
  range.location = std::string(index.text(tensor.external_location));
  Cursor cursor(index.source(), tensor.range);
  Field field;
  while (cursor.Next(&field)) {
    if (field.number != tensor_proto::kExternalData || field.type != WireType::kBytes) continue;
    const StringEntry entry = ReadStringEntry(cursor, field);
    uint64_t length = 0;
    if (entry.key == "offset" && !entry.value.empty() &&
        !absl::SimpleAtoi(entry.value, &range.offset)) {
      cursor.Fail(field.key, "the offset of external data is no number");
    }
    if (entry.key != "length" || entry.value.empty()) continue;
    if (!absl::SimpleAtoi(entry.value, &length)) {
      cursor.Fail(field.key, "the length of external data is no number");
    }
    range.length = length;
  }
  MX_RETURN_IF_ERROR(cursor.status());
  return range;
}

absl::StatusOr<std::string> WithExternalRange(const ModelIndex& index, const TensorRecord& tensor,
                                              const ExternalRange& range) {
  std::string content;
  Cursor cursor(index.source(), tensor.range);
  Field field;
  while (cursor.Next(&field)) {
    if (field.number == tensor_proto::kExternalData) continue;
    const absl::string_view bytes = cursor.Bytes(Range{field.key, field.end});
    content.append(bytes.data(), bytes.size());
  }
  MX_RETURN_IF_ERROR(cursor.status());
  constexpr uint32_t kField = tensor_proto::kExternalData;
  AppendStringEntry(kField, "location", range.location, &content);
  AppendStringEntry(kField, "offset", absl::StrCat(range.offset), &content);
  AppendStringEntry(kField, "length", absl::StrCat(*range.length), &content);
  return content;
}

}  // namespace modelexport
