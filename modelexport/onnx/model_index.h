// Where everything is in a serialized ONNX ModelProto: the byte ranges of its graphs, functions,
// nodes, tensors and metadata entries, and the names that link them.
//
// What a tool that tags nodes does not need is left unread. These read it when they are asked, from
// the ranges of the index: Declarations (the types of values, opset imports, initializers as fields
// of their graph), ReadAttributes() and ReadElements(). Field numbers are those of
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
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/model_records.h"
#include "modelexport/proto/string_table.h"

namespace modelexport {

struct IndexOptions {
  // Keys of node and model metadata whose values are read into memory.
  std::vector<std::string> load;
};

// Bodies nested deeper than this are an error: protobuf's own parsers stop at 100 messages, and
// each body adds three.
inline constexpr uint32_t kMaxGraphDepth = 32;

// A tensor with more dimensions than this is an error. A dimension may take one byte of the file
// and takes eight of memory.
inline constexpr size_t kMaxDims = 1 << 16;

// More graphs, functions and bodies than this are an error. A body may take two bytes of the file
// and takes sizeof(GraphRecord), about 180 bytes, of memory.
inline constexpr size_t kMaxGraphs = 1 << 20;

class ModelIndex {
 public:
  // Reads the structure of `source`, which must outlive the index. Malformed input is
  // kInvalidArgument with the source's name and the byte offset, and so is input over the limits
  // above; if the file is no ONNX model, the message says what it looks like. Errors of reading are
  // passed on.
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

  // The last ir_version field; absent if there is none.
  const absl::optional<IrVersion>& ir_version() const { return ir_version_; }

  // The number of TrainingInfoProto fields. Their graphs are not indexed.
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
