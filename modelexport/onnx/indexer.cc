#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/large_pages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/file_hint.h"
#include "modelexport/onnx/framed_field.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/name_batch.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
namespace {

constexpr size_t kMaxItems = std::numeric_limits<uint32_t>::max() - 1;

// Texts that ReadText() may find again without a search.
constexpr size_t kRecent = 64;

}  // namespace

// Fills a ModelIndex. Bodies that are found in attributes are appended to the graphs still to be
// indexed: so the nodes of each graph are consecutive, and nesting needs no recursion.
class Indexer {
 public:
  Indexer(const ByteSource& source, const IndexOptions& options) : cursor_(source) {
    index_.source_ = &source;
    for (const std::string& key : options.load) loaded_.insert(index_.strings_.Intern(key));
  }

  absl::StatusOr<ModelIndex> Run() {
    IndexModel();
    for (size_t i = 0; cursor_.status().ok() && i < index_.graphs_.size(); ++i) {
      graph_ = GraphId(i);
      const GraphRecord& graph = index_.graphs_[i];
      cursor_.Restart(graph.range.content());
      graph.kind == GraphRecord::Kind::kFunction ? IndexFunction() : IndexGraph();
    }
    MX_RETURN_IF_ERROR(cursor_.status());
    return std::move(index_);
  }

 private:
  GraphRecord& graph() { return index_.graphs_[graph_.index()]; }

  void IndexModel() {
    using namespace model_proto;
    bool has_graph = false;
    index_.graphs_.resize(1);
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kIrVersion:
          if (!cursor_.Expect(field, WireType::kVarint, "ModelProto.ir_version")) return;
          index_.ir_version_ = {{field.key, field.end}, static_cast<int64_t>(field.value)};
          break;
        case kGraph:
          if (!cursor_.Expect(field, WireType::kBytes, "ModelProto.graph")) return;
          if (has_graph) {
            cursor_.Fail(field.key, "a second graph: a model has one");
            return;
          }
          has_graph = true;
          index_.graphs_[0].range = FramedOf(field);
          break;
        case kMetadata:
          IndexEntry(field, &index_.model_metadata_);
          break;
        case kTrainingInfo:
          if (!cursor_.Expect(field, WireType::kBytes, "ModelProto.training_info")) return;
          ++index_.num_training_info_;
          break;
        case kFunctions:
          if (!cursor_.Expect(field, WireType::kBytes, "ModelProto.functions")) return;
          AddGraph(GraphRecord::Kind::kFunction, field);
          break;
      }
    }
    if (!has_graph) cursor_.Fail(index_.source_->size(), "the file ends without a graph");
  }

  GraphRecord& AddGraph(GraphRecord::Kind kind, const Field& field) {
    if (index_.graphs_.size() >= kMaxGraphs) cursor_.Fail(field.key, "more than 2^20 graphs");
    GraphRecord& added = index_.graphs_.emplace_back();
    added.kind = kind;
    added.range = FramedOf(field);
    return added;
  }

  void IndexGraph() {
    using namespace graph_proto;
    BeginGraph();
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kNode:
          IndexNode(field);
          break;
        case kName:
          graph().name = Text(field, "GraphProto.name");
          break;
        case kInitializer:
          IndexTensor(field, TensorRecord::Role::kInitializer, NodeId());
          break;
        case kSparseInitializer:
          IndexSparseTensor(field, TensorRecord::Role::kSparseInitializer, NodeId());
          break;
        case kInput:
          graph().inputs.push_back(ValueName(field, "GraphProto.input"));
          break;
        case kOutput:
          graph().outputs.push_back(ValueName(field, "GraphProto.output"));
          break;
      }
    }
    EndGraph();
  }

  void IndexFunction() {
    using namespace function_proto;
    BeginGraph();
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kName:
          graph().name = Text(field, "FunctionProto.name");
          break;
        case kInput:
          graph().inputs.push_back(Text(field, "FunctionProto.input"));
          break;
        case kOutput:
          graph().outputs.push_back(Text(field, "FunctionProto.output"));
          break;
        case kNode:
          IndexNode(field);
          break;
        case kDomain:
          graph().domain = Text(field, "FunctionProto.domain");
          break;
        case kOverload:
          graph().overload = Text(field, "FunctionProto.overload");
          break;
      }
    }
    EndGraph();
  }

  void BeginGraph() {
    graph().first_node = static_cast<uint32_t>(index_.nodes_.size());
    graph().first_tensor = static_cast<uint32_t>(index_.tensors_.size());
  }

  void EndGraph() {
    FlushNames();
    graph().num_nodes = static_cast<uint32_t>(index_.nodes_.size()) - graph().first_node;
    graph().num_tensors = static_cast<uint32_t>(index_.tensors_.size()) - graph().first_tensor;
  }

  void IndexNode(const Field& at) {
    using namespace node_proto;
    if (!cursor_.Expect(at, WireType::kBytes, "a node")) return;
    NodeRecord node;
    node.range = FramedOf(at);
    node.first_entry = static_cast<uint32_t>(index_.entries_.size());
    node.first_operand = static_cast<uint32_t>(NumOperands());
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kInput:
          names_.AddInput(Bytes(field, "NodeProto.input"));
          ++node.num_inputs;
          break;
        case kOutput:
          names_.AddOutput(Bytes(field, "NodeProto.output"));
          break;
        case kName:
          names_.SetNodeName(Bytes(field, "NodeProto.name"));
          break;
        case kOpType:
          node.op_type = Text(field, "NodeProto.op_type");
          break;
        case kAttribute:
          IndexAttribute(field);
          break;
        case kDomain:
          node.domain = Text(field, "NodeProto.domain");
          break;
        case kOverload:
          node.overload = Text(field, "NodeProto.overload");
          break;
        case kMetadata:
          IndexEntry(field, &index_.entries_);
          break;
      }
    }
    FinishNode(at, &node);
  }

  void FinishNode(const Field& at, NodeRecord* node) {
    node->num_outputs = names_.EndNode();
    node->num_entries = static_cast<uint32_t>(index_.entries_.size()) - node->first_entry;
    MakeRoom(at.end);
    index_.nodes_.push_back(*node);
    CheckCounts(at);
    if (names_.full()) FlushNames();
  }

  size_t NumOperands() const { return index_.operands_.size() + names_.num_operands(); }

  // After each node: nodes, their metadata, and names.
  void CheckCounts(const Field& at) {
    const size_t strings = index_.strings_.size() + names_.num_operands() + names_.num_nodes();
    if (std::max({NumOperands(), strings, index_.entries_.size()}) > kMaxItems) {
      cursor_.Fail(at.key, "more nodes and values than 32 bits can count");
    }
  }

  // After each tensor, which adds at most kMaxDims to the dims.
  void CheckTensorCounts(const Field& at) {
    if (std::max(index_.tensors_.size(), index_.dims_.size()) > kMaxItems) {
      cursor_.Fail(at.key, "more tensors than 32 bits can count");
    }
  }

  // Before a node that ends at `end` is added: reserves room for as many nodes as the rest of the
  // graph may hold if they are like those so far. Weights may follow instead; pages that are
  // reserved and not used cost no memory.
  void MakeRoom(uint64_t end) {
    constexpr size_t kMostTimes = 8;
    const size_t count = index_.nodes_.size();
    if (count < index_.nodes_.capacity()) return;
    const Range content = graph().range.content();
    const uint64_t size = (end - content.begin) / (count + 1 - graph().first_node);
    const uint64_t left = (content.end - end) / std::max<uint64_t>(size, 1);
    const size_t times = std::min(left / (count + 1) + 2, kMostTimes);
    ReserveInLargePages(times * (count + 1), &index_.nodes_);
    ReserveInLargePages(times * (index_.operands_.size() + 1), &index_.operands_);
    index_.strings_.Reserve(times);
  }

  void IndexAttribute(const Field& at) {
    using namespace attribute_proto;
    if (!cursor_.Expect(at, WireType::kBytes, "NodeProto.attribute")) return;
    const size_t first_body = index_.graphs_.size();
    bool has_graph = false;
    int32_t position = 0;
    StringId name(0);
    const NodeId node(index_.nodes_.size());
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kName:
          name = Text(field, "AttributeProto.name");
          break;
        case kTensor:
        case kTensors:
          IndexTensor(field, TensorRecord::Role::kAttribute, node);
          break;
        case kSparseTensor:
        case kSparseTensors:
          IndexSparseTensor(field, TensorRecord::Role::kAttribute, node);
          break;
        case kGraph:
          if (has_graph) {
            cursor_.Fail(field.key, "a second `g` in one attribute");
            return;
          }
          has_graph = true;
          AddBody(at, field, node, -1);
          break;
        case kGraphs:
          AddBody(at, field, node, position++);
          break;
      }
    }
    for (size_t i = first_body; i < index_.graphs_.size(); ++i) {
      index_.graphs_[i].attribute_name = name;
    }
  }

  void AddBody(const Field& attribute, const Field& field, NodeId node, int32_t position) {
    if (!cursor_.Expect(field, WireType::kBytes, "a graph in an attribute")) return;
    const uint32_t depth = graph().depth + 1;
    if (depth > kMaxGraphDepth) {
      cursor_.Fail(field.key, absl::StrCat("graphs nested over ", kMaxGraphDepth, " deep"));
      return;
    }
    GraphRecord& body = AddGraph(GraphRecord::Kind::kBody, field);
    body.parent = node;
    body.attribute = FramedOf(attribute);
    body.position = position;
    body.depth = depth;
  }

  void IndexTensor(const Field& at, TensorRecord::Role role, NodeId node) {
    using namespace tensor_proto;
    if (!cursor_.Expect(at, WireType::kBytes, "a tensor")) return;
    TensorRecord tensor;
    tensor.range = at.payload();
    tensor.graph = graph_;
    tensor.node = node;
    tensor.role = role;
    tensor.first_dim = static_cast<uint32_t>(index_.dims_.size());
    StringId location;
    bool external = false;
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kDims:
          if (!AddDims(field, tensor.first_dim + kMaxDims)) return;
          break;
        case kDataType:
          if (!cursor_.Expect(field, WireType::kVarint, "TensorProto.data_type")) return;
          tensor.data_type = static_cast<int32_t>(field.value);
          break;
        case kName:
          tensor.name = Text(field, "TensorProto.name");
          break;
        case kExternalData:
          ReadLocation(field, &location);
          break;
        case kDataLocation:
          if (!cursor_.Expect(field, WireType::kVarint, "TensorProto.data_location")) return;
          external = field.value == kLocationExternal;
          break;
      }
    }
    if (external) tensor.external_location = location.valid() ? location : StringId(0);
    tensor.num_dims = static_cast<uint32_t>(index_.dims_.size() - tensor.first_dim);
    index_.tensors_.push_back(tensor);
    CheckTensorCounts(at);
  }

  // Repeated int64, packed or not. False if there is an error, as there is if index_.dims_ then has
  // more than `limit` items.
  bool AddDims(const Field& field, size_t limit) {
    if (field.type == WireType::kVarint) {
      index_.dims_.push_back(static_cast<int64_t>(field.value));
    } else {
      if (!cursor_.Expect(field, WireType::kBytes, "TensorProto.dims")) return false;
      const Cursor::Message message(cursor_, field);
      uint64_t value;
      while (index_.dims_.size() <= limit && cursor_.NextPacked(&value)) {
        index_.dims_.push_back(static_cast<int64_t>(value));
      }
    }
    return index_.dims_.size() <= limit ||
           cursor_.Fail(field.key, absl::StrCat("a tensor of over ", kMaxDims, " dimensions"));
  }

  void ReadLocation(const Field& at, StringId* location) {
    if (!cursor_.Expect(at, WireType::kBytes, "TensorProto.external_data")) return;
    const Entry entry = ReadEntry(at, "TensorProto.external_data");
    if (index_.text(entry.key) != "location") return;
    // Readers differ in which one counts.
    if (location->valid()) cursor_.Fail(at.key, "external data with two locations");
    *location = ReadText(entry.value);
  }

  // A sparse tensor is known by the name of its values; its indices may be stored outside too.
  void IndexSparseTensor(const Field& at, TensorRecord::Role role, NodeId node) {
    using namespace sparse_tensor_proto;
    if (!cursor_.Expect(at, WireType::kBytes, "a sparse tensor")) return;
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == kValues) IndexTensor(field, role, node);
      if (field.number == kIndices) IndexTensor(field, TensorRecord::Role::kAttribute, node);
    }
  }

  struct Entry {
    StringId key = StringId(0);
    Field value;
  };

  Entry ReadEntry(const Field& at, absl::string_view what) {
    using namespace string_entry_proto;
    Entry entry;
    entry.value.begin = entry.value.end = at.end;
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number != kKey && field.number != kValue) continue;
      if (!cursor_.Expect(field, WireType::kBytes, what)) break;
      field.number == kKey ? void(entry.key = ReadText(field)) : void(entry.value = field);
    }
    return entry;
  }

  void IndexEntry(const Field& at, std::vector<MetadataEntry>* entries) {
    if (!cursor_.Expect(at, WireType::kBytes, "metadata_props")) return;
    const Entry read = ReadEntry(at, "a metadata entry");
    MetadataEntry entry;
    entry.range = FramedOf(at);
    entry.key = read.key;
    if (loaded_.contains(read.key)) entry.loaded = ReadText(read.value);
    entries->push_back(entry);
  }

  StringId ValueName(const Field& at, absl::string_view what) {
    if (!cursor_.Expect(at, WireType::kBytes, what)) return StringId(0);
    StringId name(0);
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      if (field.number == value_info_proto::kName) name = Text(field, "ValueInfoProto.name");
    }
    return name;
  }

  void FlushNames() { names_.Flush(&index_.strings_, &index_.operands_, &index_.nodes_); }

  // Valid until the cursor moves; empty after an error.
  absl::string_view Bytes(const Field& field, absl::string_view what) {
    return cursor_.Expect(field, WireType::kBytes, what) ? cursor_.Bytes(field)
                                                         : absl::string_view();
  }

  StringId Text(const Field& field, absl::string_view what) {
    return cursor_.Expect(field, WireType::kBytes, what) ? ReadText(field) : StringId(0);
  }

  // For operators, keys and the like: a few texts that occur many times.
  StringId ReadText(const Field& field) {
    const absl::string_view text = cursor_.Bytes(field);
    if (text.empty()) return StringId(0);
    StringId& recent = recent_[(text.size() + static_cast<uint8_t>(text[0])) % kRecent];
    if (index_.text(recent) != text) recent = index_.strings_.Intern(text);
    return recent;
  }

  Cursor cursor_;
  ModelIndex index_;
  absl::flat_hash_set<StringId> loaded_;
  GraphId graph_;    // The graph being indexed.
  NameBatch names_;  // Names of the last nodes that are not in index_ yet.
  std::vector<StringId> recent_ = std::vector<StringId>(kRecent, StringId(0));
};

absl::StatusOr<ModelIndex> ModelIndex::Build(const ByteSource& source,
                                             const IndexOptions& options) {
  absl::StatusOr<ModelIndex> index = Indexer(source, options).Run();
  if (index.ok()) return index;
  return HintAtFileKind(index.status(), source);
}

}  // namespace modelexport
