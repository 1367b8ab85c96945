// Where everything lies in a serialized ONNX ModelProto: the byte ranges of its graphs, nodes,
// tensors, functions and metadata entries, and the names that link them.
//
// Weights, attribute values, types and doc strings are never read. Field numbers are those of
// onnx/onnx-ml.proto.
#ifndef MODELEXPORT_ONNX_MODEL_INDEX_H_
#define MODELEXPORT_ONNX_MODEL_INDEX_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/base/strong_id.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/proto/string_table.h"

namespace modelexport {

using NodeId = StrongId<struct NodeIdTag>;
using GraphId = StrongId<struct GraphIdTag>;
using InitializerId = StrongId<struct InitializerIdTag>;

// A field with a length prefix: key, length, content, one behind the other. `begin` and `end` are
// absolute in the source, the sizes count bytes.
struct Framed {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint8_t key_size = 0;
  uint8_t length_size = 0;

  Range length() const { return {begin + key_size, begin + key_size + length_size}; }
  Range content() const { return {begin + key_size + length_size, end}; }
};

// One StringStringEntryProto.
struct MetadataEntry {
  Framed range;
  Range value;                 // Empty if the entry has none.
  StringId key = StringId(0);  // "" if the entry has none.
  StringId loaded;             // The value's text if IndexOptions asked for its key, else invalid.
};

// One NodeProto. The lists are spans of the index's pools, see ModelIndex.
struct NodeRecord {
  Framed range;
  StringId name = StringId(0);  // Not interned: equal names have different numbers.
  StringId op_type = StringId(0);
  StringId domain = StringId(0);
  StringId overload = StringId(0);
  uint32_t first_operand = 0;  // Inputs, then outputs.
  uint32_t num_inputs = 0;
  uint32_t num_outputs = 0;
  uint32_t first_entry = 0;
  uint32_t num_entries = 0;
};

// One TensorProto: an initializer, the values of a sparse one, or the value of an attribute.
struct TensorRecord {
  enum class Role : uint8_t { kInitializer, kSparseInitializer, kAttribute };

  StringId name = StringId(0);
  StringId external_location;  // Invalid unless its data_location is EXTERNAL.
  Range range;                 // The TensorProto itself.
  GraphId graph;
  NodeId node;  // Whose attribute it is; invalid for initializers.
  Role role = Role::kInitializer;
  int32_t data_type = 0;  // TensorProto.DataType.
  uint32_t first_dim = 0;
  uint32_t num_dims = 0;
};

// The main graph, the body of an attribute (of If, Loop, Scan, ...), or a FunctionProto.
struct GraphRecord {
  enum class Kind : uint8_t { kMain, kFunction, kBody };

  Kind kind = Kind::kMain;
  Framed range;
  StringId name = StringId(0);
  StringId domain = StringId(0);    // Of functions.
  StringId overload = StringId(0);  // Of functions.

  // Of bodies: the node, the field AttributeProto in it, that attribute's name, and the position
  // in `graphs`, -1 for `g`.
  NodeId parent;
  Framed attribute;
  StringId attribute_name = StringId(0);
  int32_t position = -1;

  uint32_t depth = 0;  // 0 for the main graph and functions.
  uint32_t first_node = 0;
  uint32_t num_nodes = 0;
  uint32_t first_tensor = 0;  // Initializers and attribute tensors, in file order.
  uint32_t num_tensors = 0;
  std::vector<StringId> inputs;
  std::vector<StringId> outputs;
};

struct IndexOptions {
  // Keys of node and model metadata whose values are read into memory.
  std::vector<std::string> load;
};

// Bodies nested deeper than this are an error: protobuf's own parsers stop at 100 messages, and
// each body adds three.
inline constexpr uint32_t kMaxGraphDepth = 32;

class ModelIndex {
 public:
  // Reads the structure of `source`, which must outlive the index. Malformed input is
  // kInvalidArgument with the source's name and byte offset; input that is no ONNX model is named
  // for what it seems to be.
  static absl::StatusOr<ModelIndex> Build(const ByteSource& source, const IndexOptions& options);

  const ByteSource& source() const { return *source_; }
  const StringTable& strings() const { return strings_; }
  absl::string_view text(StringId id) const { return strings_[id]; }

  // The main graph first, then functions in file order, then bodies: each after its parent graph,
  // in the order of their parent nodes.
  const std::vector<GraphRecord>& graphs() const { return graphs_; }
  const GraphRecord& graph(GraphId id) const { return graphs_[id.index()]; }

  // Grouped by graph, in file order within each.
  const std::vector<NodeRecord>& nodes() const { return nodes_; }
  const NodeRecord& node(NodeId id) const { return nodes_[id.index()]; }
  absl::Span<const StringId> inputs(NodeId id) const {
    return absl::MakeSpan(operands_).subspan(node(id).first_operand, node(id).num_inputs);
  }
  absl::Span<const StringId> outputs(NodeId id) const {
    const size_t first = node(id).first_operand + node(id).num_inputs;
    return absl::MakeSpan(operands_).subspan(first, node(id).num_outputs);
  }
  absl::Span<const MetadataEntry> metadata(NodeId id) const;

  // The graph that holds a node, by binary search.
  GraphId graph_of(NodeId id) const;

  // The bodies in a node's attributes: consecutive graphs.
  absl::Span<const GraphRecord> bodies(NodeId id) const;
  GraphId id_of(const GraphRecord& graph) const { return GraphId(&graph - graphs_.data()); }

  const std::vector<TensorRecord>& tensors() const { return tensors_; }
  absl::Span<const int64_t> dims(const TensorRecord& tensor) const;

  absl::Span<const MetadataEntry> model_metadata() const { return model_metadata_; }

  // The last ir_version field; absent if there is none. `range` spans key and value.
  struct IrVersion {
    Range range;
    int64_t value;
  };
  const absl::optional<IrVersion>& ir_version() const { return ir_version_; }

  // Number of TrainingInfoProto fields, whose graphs are not indexed.
  uint32_t num_training_info() const { return num_training_info_; }

 private:
  friend class Indexer;
  ModelIndex() = default;

  const ByteSource* source_ = nullptr;
  StringTable strings_;
  std::vector<GraphRecord> graphs_;
  std::vector<NodeRecord> nodes_;
  std::vector<StringId> operands_;
  std::vector<MetadataEntry> entries_;
  std::vector<TensorRecord> tensors_;
  std::vector<int64_t> dims_;
  std::vector<MetadataEntry> model_metadata_;
  absl::optional<IrVersion> ir_version_;
  uint32_t num_training_info_ = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_MODEL_INDEX_H_
