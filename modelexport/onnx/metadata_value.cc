#include "modelexport/onnx/metadata_value.h"

#include <utility>

#include "absl/strings/string_view.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/message_view.h"

namespace modelexport {

absl::StatusOr<absl::optional<std::string>> ReadMetadataValue(const ByteSource& source,
                                                              const MetadataEntry& entry) {
  MX_ASSIGN_OR_RETURN(std::string bytes, source.ReadString(entry.range.content()));
  absl::optional<absl::string_view> value;
  absl::string_view rest = bytes;
  FieldView field;
  while (!rest.empty() && TakeField(&rest, &field)) {
    if (field.number == string_entry_proto::kValue) value = field.payload;
  }
  if (!value.has_value()) return absl::optional<std::string>();
  // In the memory of the entry: the value may be a whole sidecar.
  const size_t begin = value->data() - bytes.data();
  bytes.resize(begin + value->size());
  bytes.erase(0, begin);
  return absl::make_optional(std::move(bytes));
}

}  // namespace modelexport
