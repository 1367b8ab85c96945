#include "modelexport/ownership/read_hierarchy.h"

#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/hierarchy/readers/embedded_hierarchy.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"

namespace modelexport {

absl::StatusOr<Hierarchy> ReadHierarchyFile(const std::string& path,
                                            const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const auto file, OpenFile(path));
  MX_ASSIGN_OR_RETURN(const std::string json, file->ReadString({0, file->size()}));
  absl::StatusOr<Hierarchy> parsed = ParseHierarchy(json, cancelled);
  if (!parsed.ok()) return Annotate(parsed.status(), path);
  return parsed;
}

absl::StatusOr<Hierarchy> ReadHierarchyOf(const ModelIndex& index,
                                          const std::atomic<bool>* cancelled) {
  absl::StatusOr<Hierarchy> read = ReadEmbeddedHierarchy(index, cancelled);
  if (!read.ok()) return Annotate(read.status(), index.source().name());
  return read;
}

}  // namespace modelexport
