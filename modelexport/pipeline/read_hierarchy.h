// A hierarchy from a file.
#ifndef MODELEXPORT_PIPELINE_READ_HIERARCHY_H_
#define MODELEXPORT_PIPELINE_READ_HIERARCHY_H_

#include <string>

#include "absl/status/statusor.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Errors name the file and the JSON path.
absl::StatusOr<Hierarchy> ReadHierarchy(const std::string& path);

}  // namespace modelexport

#endif  // MODELEXPORT_PIPELINE_READ_HIERARCHY_H_
