#include "modelexport/onnx/model_index.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/large_pages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/files/file_kind.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
namespace {

constexpr size_t kMaxItems = std::numeric_limits<uint32_t>::max() - 1;

// Names that are interned together.
constexpr size_t kBatch = 64;

constexpr size_t kRecent = 64;

Framed FramedOf(const Field& field) {
  return {field.key, field.end, static_cast<uint8_t>(field.length - field.key),
          static_cast<uint8_t>(field.begin - field.length)};
}

}  // namespace

// Fills a ModelIndex. Bodies found in attributes are queued behind the graphs known so far, so
// that the nodes of each graph stand together and nesting needs no recursion.
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
    node.first_operand = static_cast<uint32_t>(index_.operands_.size() + operand_names_.size());
    outputs_.clear();
    Range name;
    const Cursor::Message message(cursor_, at);
    Field field;
    while (cursor_.Next(&field)) {
      switch (field.number) {
        case kInput:
          operand_names_.push_back(Wait(field, "NodeProto.input"));
          ++node.num_inputs;
          break;
        case kOutput:
          outputs_.push_back(Wait(field, "NodeProto.output"));
          break;
        case kName:
          name = Wait(field, "NodeProto.name");
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
    operand_names_.insert(operand_names_.end(), outputs_.begin(), outputs_.end());
    node.num_outputs = static_cast<uint32_t>(outputs_.size());
    node.num_entries = static_cast<uint32_t>(index_.entries_.size()) - node.first_entry;
    MakeRoom(at.end);
    index_.nodes_.push_back(node);
    node_names_.push_back(name);
    CheckCounts(at);
    if (operand_names_.size() >= kBatch) FlushNames();
  }

  void CheckCounts(const Field& at) {
    const size_t operands = index_.operands_.size() + operand_names_.size();
    const size_t strings = index_.strings_.size() + operand_names_.size() + node_names_.size();
    if (std::max(operands, strings) > kMaxItems) {
      cursor_.Fail(at.key, "more nodes and values than 32 bits can count");
    }
  }

  // Before the next node, which ends at `end`: for as many as the rest of the graph may hold, if
  // they are like those so far. What is reserved in vain, as weights may follow, costs no memory.
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
          AddDims(field);
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
    tensor.num_dims = static_cast<uint32_t>(index_.dims_.size()) - tensor.first_dim;
    index_.tensors_.push_back(tensor);
  }

  // Repeated int64, packed or not.
  void AddDims(const Field& field) {
    if (field.type == WireType::kVarint) {
      index_.dims_.push_back(static_cast<int64_t>(field.value));
      return;
    }
    if (!cursor_.Expect(field, WireType::kBytes, "TensorProto.dims")) return;
    const Cursor::Message message(cursor_, field);
    uint64_t value;
    while (cursor_.NextPacked(&value)) index_.dims_.push_back(static_cast<int64_t>(value));
  }

  void ReadLocation(const Field& at, StringId* location) {
    if (!cursor_.Expect(at, WireType::kBytes, "TensorProto.external_data")) return;
    const Entry entry = ReadEntry(at, "TensorProto.external_data");
    if (index_.text(entry.key) == "location") *location = ReadText(entry.value);
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
    entry.value = read.value.payload();
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

  // Names of nodes and operands wait until there are many: interned together, see StringTable.
  Range Wait(const Field& field, absl::string_view what) {
    if (!cursor_.Expect(field, WireType::kBytes, what)) return {};
    const absl::string_view text = cursor_.Bytes(field);
    waiting_.append(text.data(), text.size());
    return {waiting_.size() - text.size(), waiting_.size()};
  }

  absl::string_view Waiting(Range text) const {
    return absl::string_view(waiting_).substr(text.begin, text.size());
  }

  void FlushNames() {
    views_.clear();
    for (Range text : operand_names_) views_.push_back(Waiting(text));
    std::vector<StringId>& operands = index_.operands_;
    operands.resize(operands.size() + views_.size());
    index_.strings_.InternAll(views_, operands.data() + operands.size() - views_.size());
    for (size_t i = 0; i < node_names_.size(); ++i) {
      if (node_names_[i].size() == 0) continue;
      NodeRecord& node = index_.nodes_[index_.nodes_.size() - node_names_.size() + i];
      // The TorchScript exporter calls a value "<node>_output_0".
      const size_t output = node.first_operand + node.num_inputs;
      node.name = index_.strings_.Add(Waiting(node_names_[i]),
                                      node.num_outputs > 0 ? operands[output] : StringId());
    }
    waiting_.clear();
    operand_names_.clear();
    node_names_.clear();
  }

  StringId Text(const Field& field, absl::string_view what) {
    return cursor_.Expect(field, WireType::kBytes, what) ? ReadText(field) : StringId(0);
  }

  // Of operators, keys and the like, few repeat for many times.
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
  GraphId graph_;                     // Being indexed.
  std::string waiting_;               // The bytes of names, of which:
  std::vector<Range> operand_names_;  // those of the operands that are not in the index yet,
  std::vector<Range> outputs_;        // those to come of the node being indexed,
  std::vector<Range> node_names_;     // and those of the last nodes.
  std::vector<absl::string_view> views_;
  std::vector<StringId> recent_ = std::vector<StringId>(kRecent, StringId(0));
};

absl::StatusOr<ModelIndex> ModelIndex::Build(const ByteSource& source,
                                             const IndexOptions& options) {
  absl::StatusOr<ModelIndex> index = Indexer(source, options).Run();
  if (index.ok()) return index;
  const absl::StatusOr<std::string> head =
      source.ReadString({0, std::min<uint64_t>(source.size(), 64)});
  const absl::string_view kind = head.ok() ? DescribeForeignFile(*head) : "";
  if (kind.empty()) return index;
  return absl::InvalidArgumentError(
      absl::StrCat(index.status().message(), "; the file looks like ", kind));
}

absl::Span<const MetadataEntry> ModelIndex::metadata(NodeId id) const {
  const NodeRecord& record = node(id);
  return absl::MakeSpan(entries_).subspan(record.first_entry, record.num_entries);
}

GraphId ModelIndex::graph_of(NodeId id) const {
  const auto after = std::upper_bound(
      graphs_.begin(), graphs_.end(), id.index(),
      [](size_t node, const GraphRecord& graph) { return node < graph.first_node; });
  return GraphId(after - graphs_.begin() - 1);
}

absl::Span<const GraphRecord> ModelIndex::bodies(NodeId id) const {
  struct ByParent {
    // Graphs without a parent stand before all bodies.
    static size_t Key(const GraphRecord& g) { return g.parent.valid() ? g.parent.index() + 1 : 0; }
    bool operator()(const GraphRecord& g, NodeId node) const { return Key(g) < node.index() + 1; }
    bool operator()(NodeId node, const GraphRecord& g) const { return node.index() + 1 < Key(g); }
  };
  const auto found = std::equal_range(graphs_.begin(), graphs_.end(), id, ByParent());
  return absl::MakeSpan(graphs_).subspan(found.first - graphs_.begin(), found.second - found.first);
}

absl::Span<const int64_t> ModelIndex::dims(const TensorRecord& tensor) const {
  return absl::MakeSpan(dims_).subspan(tensor.first_dim, tensor.num_dims);
}

}  // namespace modelexport
