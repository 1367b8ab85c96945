// What a ModelIndex keeps of the messages of a model: where they are, and the names that link them.
//
// Names are StringIds of ModelIndex::strings(); StringId(0) is "", also for what the file leaves
// out.
#ifndef MODELEXPORT_ONNX_MODEL_RECORDS_H_
#define MODELEXPORT_ONNX_MODEL_RECORDS_H_

#include <cstdint>
#include <vector>

#include "modelexport/base/strong_id.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/proto/string_table.h"

namespace modelexport {

using NodeId = StrongId<struct NodeIdTag>;
using GraphId = StrongId<struct GraphIdTag>;

inline constexpr GraphId kMainGraph = GraphId(0);

// A field with a length prefix: its key, its length and its content, in this order and without
// gaps. `begin` is an offset in the source; the sizes count bytes. There are millions of these, so
// they are packed: no field has 256 TiB.
struct Framed {
  uint64_t begin = 0;
  uint64_t size : 48;  // Of all three.
  uint64_t key_size : 8;
  uint64_t length_size : 8;

  Framed() : size(0), key_size(0), length_size(0) {}

  uint64_t end() const { return begin + size; }
  Range whole() const { return {begin, end()}; }
  Range length() const { return {begin + key_size, begin + key_size + length_size}; }
  Range content() const { return {begin + key_size + length_size, end()}; }
};

// One StringStringEntryProto. ReadMetadataValue() reads its value.
struct MetadataEntry {
  Framed range;
  StringId key = StringId(0);  // "" if the entry has none.
  StringId loaded;             // The value's text if IndexOptions asked for its key, else invalid.
};

// One NodeProto. ModelIndex has accessors for its lists.
struct NodeRecord {
  Framed range;
  StringId name = StringId(0);  // Not interned: equal names may have different ids.
  StringId op_type = StringId(0);
  StringId domain = StringId(0);
  StringId overload = StringId(0);
  uint32_t first_operand = 0;  // The names of its inputs, then those of its outputs.
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
  Range range;                 // The content of the TensorProto.
  GraphId graph;
  NodeId node;  // The node that has the tensor in an attribute; invalid for initializers.
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

  // Set for bodies alone: the node, the AttributeProto field of it that holds the body, that
  // attribute's name, and the body's position in AttributeProto.graphs (-1 if it is in `g`).
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

// An ir_version field: key and value.
struct IrVersion {
  Range range;
  int64_t value;
};

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_MODEL_RECORDS_H_
