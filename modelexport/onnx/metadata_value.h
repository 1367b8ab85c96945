// The value of a metadata entry that the index has not read into memory (MetadataEntry::loaded).
#ifndef MODELEXPORT_ONNX_METADATA_VALUE_H_
#define MODELEXPORT_ONNX_METADATA_VALUE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/model_records.h"

namespace modelexport {

// Reads it from the source that was indexed. Absent if the entry has no value; the last of repeated
// ones counts. Errors of reading are passed on.
absl::StatusOr<absl::optional<std::string>> ReadMetadataValue(const ByteSource& source,
                                                              const MetadataEntry& entry);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_METADATA_VALUE_H_
