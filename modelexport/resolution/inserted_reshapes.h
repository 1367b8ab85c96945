// Owners of the Reshapes that tools put before a Gemm.
#ifndef MODELEXPORT_RESOLUTION_INSERTED_RESHAPES_H_
#define MODELEXPORT_RESOLUTION_INSERTED_RESHAPES_H_

#include <vector>

#include "modelexport/evidence/match_context.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

// If most of the nodes with evidence have it from the names of scopes, a node without such a name
// is not the exporter's. Gemm takes nothing but matrices, so tools that make one of a MatMul and an
// Add of more dimensions put a Reshape before it. Such a Reshape takes the owner of the Gemm that
// read it, with the evidence `inherited`, if nothing else does and they belong to one call. An
// alignment with the source run knows no better, since the run has no such operator.
//
// The root is never given.
void OwnInsertedReshapes(const MatchContext& context, std::vector<Owner>* owners);

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_INSERTED_RESHAPES_H_
