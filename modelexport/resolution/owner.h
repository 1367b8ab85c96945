// The owner of one node: what resolution decides and injection writes.
#ifndef MODELEXPORT_RESOLUTION_OWNER_H_
#define MODELEXPORT_RESOLUTION_OWNER_H_

#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

struct Owner {
  ModuleId module;  // The root where nothing speaks for the node.
  CallId call;      // Invalid where the call is unknown.
  // The strongest kind that names exactly `module`, else the strongest that restricted it.
  EvidenceKind evidence = EvidenceKind::kNone;
  // Valid in bodies of functions with several call chains: only the path below `base` holds.
  ModuleId base;
  bool tagged = true;  // False in functions that nothing calls.
};

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_OWNER_H_
