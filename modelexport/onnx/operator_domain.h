#ifndef MODELEXPORT_ONNX_OPERATOR_DOMAIN_H_
#define MODELEXPORT_ONNX_OPERATOR_DOMAIN_H_

#include "absl/strings/string_view.h"

namespace modelexport {

// "" for ONNX's own operators, which models may call "ai.onnx" too (onnx.proto,
// OperatorSetIdProto.domain); other domains as they are.
inline absl::string_view NormalizedDomain(absl::string_view domain) {
  return domain == "ai.onnx" ? absl::string_view() : domain;
}

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_OPERATOR_DOMAIN_H_
