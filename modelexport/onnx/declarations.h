// What a model declares besides its nodes: the types of values, the operator sets that it imports,
// and its initializers as fields of their graph.
//
//   MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(index));
//   for (const ValueRecord& value : declared.values(kMainGraph)) {
//     MX_ASSIGN_OR_RETURN(const ValueType type, ReadValueType(index.source(), value));
//     std::cout << index.text(value.name) << ": " << ToString(type) << "\n";
//   }
#ifndef MODELEXPORT_ONNX_DECLARATIONS_H_
#define MODELEXPORT_ONNX_DECLARATIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/base/rows.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/value_type.h"

namespace modelexport {

// One ValueInfoProto of a graph or function. An edit that erases it erases `range`; its content
// may be copied as another ValueInfoProto.
struct ValueRecord {
  enum class Role : uint8_t { kInput, kOutput, kValueInfo };

  Framed range;
  StringId name = StringId(0);  // Invalid if no node, graph or tensor of the index has that name.
  Role role = Role::kValueInfo;
};

// One OperatorSetIdProto.
struct OpsetImport {
  Framed range;
  std::string domain;  // "" for ONNX's own operators, as the file has it: it may be "ai.onnx" too.
  int64_t version = 0;
};

// One field `initializer` or `sparse_initializer` of a graph.
struct InitializerRecord {
  Framed range;
  uint32_t tensor = 0;  // Position in ModelIndex::tensors(): of the values if it is sparse.
};

// Immutable. Names are those of the index, which is not used after Read().
class Declarations {
 public:
  // Reads the fields of graphs, not those of nodes: in time that grows with the graphs' fields, and
  // 32 to 56 bytes of memory for each of these records. Types are not read, see ReadValueType().
  // Malformed input is kInvalidArgument with the source's name and the byte offset; errors of
  // reading are passed on.
  static absl::StatusOr<Declarations> Read(const ModelIndex& index);

  // The inputs, outputs and value_info of a graph, in file order. Of a function its value_info
  // alone: its inputs and outputs are names without a type.
  absl::Span<const ValueRecord> values(GraphId id) const { return values_[id.index()]; }

  // What counts in a graph: the imports of the model in the main graph, a function's own in a
  // function, and in a body those of the main graph or function around it. In file order.
  absl::Span<const OpsetImport> opset_imports(GraphId id) const {
    return opsets_[root_[id.index()].index()];
  }

  // The version of `domain` that opset_imports() gives, the last if there are several; absent if
  // there is none. "ai.onnx" and "" are the same domain.
  absl::optional<int64_t> opset_version(GraphId id, absl::string_view domain) const;

  // The initializers of a graph, in file order; none for a function. A sparse initializer without
  // values, which has no name, is left out.
  absl::Span<const InitializerRecord> initializers(GraphId id) const {
    return initializers_[id.index()];
  }

 private:
  friend class DeclarationReader;
  Declarations() = default;

  // By graph. Bodies have no opsets of their own.
  Rows<ValueRecord> values_;
  Rows<OpsetImport> opsets_;
  Rows<InitializerRecord> initializers_;
  std::vector<GraphId> root_;  // The main graph or function that a graph is in, or is.
};

// The type that a ValueInfoProto of `source` gives; Kind::kUnknown if it gives none. Errors are
// those of ReadValueType() for a TypeProto.
absl::StatusOr<ValueType> ReadValueType(const ByteSource& source, const ValueRecord& value);

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_DECLARATIONS_H_
