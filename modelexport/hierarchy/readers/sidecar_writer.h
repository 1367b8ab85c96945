// Writes the sidecar that a tagged file carries.
#ifndef MODELEXPORT_HIERARCHY_READERS_SIDECAR_WRITER_H_
#define MODELEXPORT_HIERARCHY_READERS_SIDECAR_WRITER_H_

#include <string>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// A sidecar of the modules, with path, class, calls, aliases and traced_tag, and of the calls, if
// any are known, on one line. ParseSidecar() makes the same modules and calls of it, and implies
// the same containers.
//
// Equal modules and calls give equal text. Every path, class and alias must be UTF-8, as those of
// ParseSidecar() are.
std::string RenderEmbedded(const Hierarchy& hierarchy);

}  // namespace modelexport

#endif  // MODELEXPORT_HIERARCHY_READERS_SIDECAR_WRITER_H_
