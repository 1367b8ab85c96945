// Small ONNX models as text, for tests.
//
//   const std::string bytes = Model(R"(
//     main (float[1, 4] x) => (y) <float[4, 4] w = {0.5, ...}, float[4] b = {1, 2, 3, 4}> {
//       [/encoder/MatMul] h = MatMul (x, w) {"pkg.torch.onnx.name_scopes": "['', 'encoder']"}
//       h2 = Add (h, b)
//       y = If (flag) <
//         then_branch = yes () => (t) { t = Relu (h2) },
//         else_branch = no () => (e) { e = local.Scale <alpha = 2.0> (h2) }
//       >
//     }
//     <domain: "local">
//     Scale <alpha> (a) => (c) { c = Mul <by: float = @alpha> (a) }
//   )");
//
// The syntax is a part of ONNX's own (onnx/docs/Syntax.md), with these additions:
//   - a node may have metadata at its end: {"key": "value", "key2": "value2"}
//   - names of nodes and values are written bare if they are made of letters, digits, "_./" and
//     "::" and do not begin with a digit or a point, and in quotes otherwise: "layers.0/a-b". An
//     operand that is left out is written "". Types may be left out.
//   - values: {1, 2} become raw_data, as exporters write them, and data {1, 2} the typed field;
//     {1, ...} repeats the last value, or 0, to fill the shape. ["location": "w.bin"] is a tensor
//     that is stored outside.
//   - `sparse float[10] s = {1, 2} at {3, 7}` is a sparse initializer with two values
//   - an attribute holds a number, a string, a tensor (`float[2] {1, 2}`), a graph or a list of
//     such; the type in `axes: ints = []` is needed if the value does not show it, and for
//     references to an attribute of the function around.
//   - a model may begin with <ir_version: 10, opset_import: ["" : 20], ...>; otherwise it has just
//     these two values. Its other fields are producer_name, producer_version, domain,
//     model_version, doc_string and metadata_props: ["key": "value"]. The fields of a function are
//     domain, overload, opset_import and doc_string.
//   - comments go from # to the end of the line
#ifndef MODELEXPORT_TESTING_MODEL_TEXT_H_
#define MODELEXPORT_TESTING_MODEL_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace modelexport::testing {

// A serialized ModelProto, byte for byte as protobuf writes it. Checks only the syntax: names may
// repeat or be undefined, and inputs may be missing. Errors name the line.
absl::StatusOr<std::string> ParseModelText(absl::string_view text);

// The same, but an error fails the running test, which goes on with an empty model.
std::string Model(absl::string_view text);

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_MODEL_TEXT_H_
