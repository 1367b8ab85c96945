// The names that tell what a node makes.
#ifndef MODELEXPORT_EVIDENCE_NAMES_RESULT_NAMES_H_
#define MODELEXPORT_EVIDENCE_NAMES_RESULT_NAMES_H_

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "modelexport/evidence/names/exported_names.h"
#include "modelexport/graph/graph_view.h"

namespace modelexport {

// Of a node in ONNX Runtime's blocked layout of channels, the name of the value that it made before
// that: the node bears it ("relu_nchwc"), and the value has a new name. "" for other nodes. Source:
// onnxruntime/core/optimizer/nchwc_transformer.cc.
absl::string_view NameBeforeBlocks(const GraphView& graph, NodeId node);

using ResultNames = absl::InlinedVector<absl::string_view, 4>;

// NameBeforeBlocks(), if there is one, and the names of its outputs. None for a node that only
// changes between layouts: the value is another node's.
ResultNames ResultNamesOf(const GraphView& graph, NodeId node);

// The same of names as their exporter wrote them.
ResultNames ResultNamesOf(const GraphView& graph, const ExportedNames& names, NodeId node);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_RESULT_NAMES_H_
