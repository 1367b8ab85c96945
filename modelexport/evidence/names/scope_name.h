// The names that PyTorch's TorchScript exporter gives to nodes and values.
//
// Source of the rules: torch/csrc/jit/passes/onnx/naming.cpp. A node is named
// "<scope>/<operator>", its values "<node>_output_<i>"; the scope is "/" + the segments of the
// modules whose calls are open, joined by "/"; a scope or node name that is taken gets "_<n>".
#ifndef MODELEXPORT_EVIDENCE_NAMES_SCOPE_NAME_H_
#define MODELEXPORT_EVIDENCE_NAMES_SCOPE_NAME_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace modelexport {

// The scope that `node_name` begins with, without its leading "/" and without the operator:
// "layer.0/q" of "/layer.0/q/MatMul_1", "" of "/Add". nullopt for names without a scope, and for
// names of the form "<node>_output_<i>": some tools name a node after a value, possibly of another
// node.
absl::optional<absl::string_view> ScopeOfNodeName(absl::string_view node_name);

// The same for a value's name: "q" of "/q/MatMul_output_0".
absl::optional<absl::string_view> ScopeOfValueName(absl::string_view value_name);

// Whether a node's name ends in its operator, as the exporter's do: "/q/MatMul_1" of a MatMul.
bool NamesOperator(absl::string_view node_name, absl::string_view op_type);

// Whether a value is named after a node of another operator than `op_type` that changes nothing, as
// "/norm/Cast_output_0" of an Add. A tool that removes such a node may keep the name of its result,
// which then tells who reads the value and not who makes it.
bool IsNamedAfterRemoved(absl::string_view value_name, absl::string_view op_type);

// A segment whose "_<n>" was cut off.
struct NumberedSegment {
  absl::string_view base;
  uint32_t number;  // From 1.
};

// "relu" and 1 of "relu_1". nullopt if there is no such suffix, or the exporter would not write it
// like that ("x_0", "x_01").
absl::optional<NumberedSegment> CutNumber(absl::string_view segment);

// The segment of a module in scopes: its path cut at the last atom that is not a number. "layer.0"
// of "encoder.layer.0", "attn" of "layer.0.attn", "1.0" of "1.0".
absl::string_view SegmentOfPath(absl::string_view module_path);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_SCOPE_NAME_H_
