#include "modelexport/pipeline/read_hierarchy.h"

#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/sidecar_json.h"
#include "modelexport/wire/byte_source.h"

namespace modelexport {

absl::StatusOr<Hierarchy> ReadHierarchy(const std::string& path) {
  MX_ASSIGN_OR_RETURN(const auto file, wire::OpenFile(path));
  MX_ASSIGN_OR_RETURN(const std::string json, file->ReadString({0, file->size()}));
  absl::StatusOr<Hierarchy> parsed = ParseSidecar(json);
  if (!parsed.ok()) return Annotate(parsed.status(), path);
  return parsed;
}

}  // namespace modelexport
