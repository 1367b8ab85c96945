// The version of the library and its programs.
#ifndef MODELEXPORT_BASE_VERSION_H_
#define MODELEXPORT_BASE_VERSION_H_

namespace modelexport {

// docs/sidecar.md and docs/tags.md have versions of their own.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace modelexport

#endif  // MODELEXPORT_BASE_VERSION_H_
