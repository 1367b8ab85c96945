// The owner of one node, which resolution decides and edits write.
#ifndef MODELEXPORT_RESOLUTION_OWNER_H_
#define MODELEXPORT_RESOLUTION_OWNER_H_

#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

struct Owner {
  ModuleId module;  // The root if there is no evidence for the node.
  CallId call;      // Invalid if the call is unknown.
  // The strongest kind that names exactly `module`, otherwise the strongest that restricts it.
  EvidenceKind evidence = EvidenceKind::kNone;
  // Valid in functions that several chains of calls reach: only the path below `base` is certain.
  ModuleId base;
  bool tagged = true;  // False in functions that nothing calls.
};

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_OWNER_H_
