#include "modelexport/edits/extract_list.h"

#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/graph/graphs_around.h"
#include "modelexport/graph/reached_nodes.h"
#include "modelexport/onnx/framed_field.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/onnx/operator_domain.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {}  // namespace

class ExtractList::Writer {
 public:
  Writer(const GraphView& graph, const Declarations& declared, const Cut& cut,
         const ExtractOptions& options)
      : graph_(graph),
        index_(graph.index()),
        declared_(declared),
        cut_(cut),
        options_(options),
        reached_(ReachedFrom(graph, cut.nodes)),
        nodes_(cut.nodes.begin(), cut.nodes.end()) {
    for (ValueId value : cut.initializers) tensors_.insert(graph.value(value).tensor);
    NameWhatStays();
  }

  absl::StatusOr<ExtractList> Run() {
    EraseNodes();
    ChooseInitializers();
    ChooseDeclared();
    MX_RETURN_IF_ERROR(ChooseAnnotations());
    ChooseFunctions();
    ChooseImports();
    MX_RETURN_IF_ERROR(EraseTraining());
    MX_RETURN_IF_ERROR(MoveNodes());
    MX_RETURN_IF_ERROR(MoveInitializers());
    ReplaceInBodies();
    AddInfos();
    return std::move(list_);
  }

 private:
  void NameWhatStays() {
    for (NodeId node : cut_.nodes) {
      for (StringId output : index_.outputs(node)) made_.insert(output);
    }
    for (ValueId value : cut_.initializers) defaults_.insert(graph_.value(value).name);
    for (const ValueInfo& output : options_.outputs) {
      outputs_.insert(graph_.value(output.value).name);
    }
  }

  void Erase(MessageRef message, const Framed& field) {
    list_.edits_.push_back({message, {field.whole(), ""}});
  }

  void Insert(MessageRef message, uint64_t offset, std::string bytes) {
    list_.bytes_.push_back(std::move(bytes));
    list_.edits_.push_back({message, {{offset, offset}, list_.bytes_.back()}});
  }

  void AddToMain(uint32_t field, absl::string_view content) {
    std::string bytes;
    AppendBytesField(field, content, &bytes);
    Insert(MessageRef::Of(kMainGraph), index_.graph(kMainGraph).range.content().end,
           std::move(bytes));
  }

  void EraseNodes() {
    const GraphRecord& main = index_.graph(kMainGraph);
    for (size_t n = main.first_node; n < main.first_node + main.num_nodes; ++n) {
      if (!nodes_.contains(NodeId(n))) Erase(MessageRef::Of(kMainGraph), index_.nodes()[n].range);
    }
  }

  void ChooseInitializers() {
    for (const InitializerRecord& initializer : declared_.initializers(kMainGraph)) {
      if (!tensors_.contains(initializer.tensor)) {
        Erase(MessageRef::Of(kMainGraph), initializer.range);
        continue;
      }
      ++list_.initializers_;
      ReplaceIfNew(kMainGraph, initializer);
    }
  }

  void ReplaceIfNew(GraphId graph, const InitializerRecord& initializer) {
    const auto found = options_.tensors.find(initializer.tensor);
    if (found == options_.tensors.end()) return;
    std::string bytes;
    AppendBytesField(graph_proto::kInitializer, found->second, &bytes);
    Insert(MessageRef::Of(graph), initializer.range.begin, std::move(bytes));
    Erase(MessageRef::Of(graph), initializer.range);
  }

  void ChooseDeclared() {
    for (const ValueRecord& value : declared_.values(kMainGraph)) {
      if (!StaysDeclared(value)) Erase(MessageRef::Of(kMainGraph), value.range);
    }
  }

  bool StaysDeclared(const ValueRecord& value) const {
    if (!value.name.valid()) return false;
    switch (value.role) {
      case ValueRecord::Role::kInput:
        return defaults_.contains(value.name);
      case ValueRecord::Role::kOutput:
        return false;
      case ValueRecord::Role::kValueInfo:
        return made_.contains(value.name) && !outputs_.contains(value.name);
    }
    return false;
  }

  absl::Status ChooseAnnotations() {
    Cursor cursor(index_.source(), index_.graph(kMainGraph).range.content());
    Field field;
    while (cursor.Next(&field)) {
      if (field.number != graph_proto::kQuantizationAnnotation) continue;
      if (!cursor.Expect(field, WireType::kBytes, "GraphProto.quantization_annotation")) break;
      const Framed range = FramedOf(field);
      if (!NamesWhatStays(cursor, field)) Erase(MessageRef::Of(kMainGraph), range);
    }
    return cursor.status();
  }

  // Whether the tensor that is annotated and the ones that the annotation names all stay.
  bool NamesWhatStays(Cursor& cursor, const Field& annotation) const {
    constexpr uint32_t kTensorName = 1, kParameters = 2;
    bool stays = true;
    const Cursor::Message message(cursor, annotation);
    Field field;
    while (cursor.Next(&field)) {
      if (field.type != WireType::kBytes) continue;
      if (field.number == kTensorName) stays = stays && Stays(cursor.Bytes(field));
      if (field.number != kParameters) continue;
      const Cursor::Message entry(cursor, field);
      Field part;
      while (cursor.Next(&part)) {
        if (part.number != string_entry_proto::kValue || part.type != WireType::kBytes) continue;
        stays = stays && Stays(cursor.Bytes(part));
      }
    }
    return stays;
  }

  bool Stays(absl::string_view name) const {
    const StringId id = index_.strings().Find(name);
    return id.valid() && (made_.contains(id) || defaults_.contains(id));
  }

  void ChooseFunctions() {
    for (const GraphRecord& graph : index_.graphs()) {
      if (graph.kind != GraphRecord::Kind::kFunction) continue;
      if (!reached_.functions.contains(index_.id_of(graph))) {
        Erase(MessageRef::Model(), graph.range);
      }
    }
  }

  void ChooseImports() {
    absl::flat_hash_set<absl::string_view> used;
    for (NodeId node : reached_.nodes) {
      used.insert(NormalizedDomain(index_.text(index_.node(node).domain)));
    }
    for (GraphId function : reached_.functions) {
      for (const OpsetImport& opset : declared_.opset_imports(function)) {
        used.insert(NormalizedDomain(opset.domain));
      }
    }
    for (const OpsetImport& opset : declared_.opset_imports(kMainGraph)) {
      if (!used.contains(NormalizedDomain(opset.domain))) Erase(MessageRef::Model(), opset.range);
    }
  }

  absl::Status EraseTraining() {
    if (index_.num_training_info() == 0) return absl::OkStatus();
    Cursor cursor(index_.source());
    Field field;
    while (cursor.Next(&field)) {
      if (field.number != model_proto::kTrainingInfo) continue;
      list_.edits_.push_back({MessageRef::Model(), {{field.key, field.end}, ""}});
    }
    return cursor.status();
  }

  absl::Status MoveNodes() {
    for (NodeId node : cut_.nodes) {
      if (index_.graph_of(node) == kMainGraph) continue;
      MX_ASSIGN_OR_RETURN(const std::string content,
                          index_.source().ReadString(index_.node(node).range.content()));
      AddToMain(graph_proto::kNode, content);
    }
    return absl::OkStatus();
  }

  absl::Status MoveInitializers() {
    for (uint32_t tensor : tensors_) moved_graphs_.insert(index_.tensors()[tensor].graph);
    for (GraphId graph : moved_graphs_) {
      if (graph == kMainGraph) continue;
      for (const InitializerRecord& initializer : declared_.initializers(graph)) {
        if (tensors_.contains(initializer.tensor)) MX_RETURN_IF_ERROR(Move(initializer));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Move(const InitializerRecord& initializer) {
    ++list_.initializers_;
    const TensorRecord& tensor = index_.tensors()[initializer.tensor];
    const bool is_sparse = tensor.role == TensorRecord::Role::kSparseInitializer;
    const auto found = options_.tensors.find(initializer.tensor);
    std::string content;
    if (found != options_.tensors.end()) {
      content = found->second;
    } else {
      MX_ASSIGN_OR_RETURN(content, index_.source().ReadString(initializer.range.content()));
    }
    AddToMain(
        is_sparse ? uint32_t{graph_proto::kSparseInitializer} : uint32_t{graph_proto::kInitializer},
        content);
    return absl::OkStatus();
  }

  // Initializers in the bodies of nodes that stay where they are.
  void ReplaceInBodies() {
    for (size_t g = 0; g < index_.graphs().size(); ++g) {
      const NodeId holder = index_.graphs()[g].parent;
      if (!holder.valid() || !reached_.nodes.contains(holder)) continue;
      for (const InitializerRecord& initializer : declared_.initializers(GraphId(g))) {
        ReplaceIfNew(GraphId(g), initializer);
      }
    }
  }

  void AddInfos() {
    for (const ValueInfo& input : options_.inputs) AddToMain(graph_proto::kInput, input.content);
    for (const ValueInfo& output : options_.outputs) {
      AddToMain(graph_proto::kOutput, output.content);
    }
  }

  const GraphView& graph_;
  const ModelIndex& index_;
  const Declarations& declared_;
  const Cut& cut_;
  const ExtractOptions& options_;
  const ReachedNodes reached_;
  const absl::flat_hash_set<NodeId> nodes_;
  absl::flat_hash_set<uint32_t> tensors_;
  absl::flat_hash_set<StringId> made_, defaults_, outputs_;  // Names.
  std::set<GraphId> moved_graphs_;
  ExtractList list_;
};

absl::StatusOr<ExtractList> ExtractList::Make(const GraphView& graph, const Declarations& declared,
                                              const Cut& cut, const ExtractOptions& options) {
  return Writer(graph, declared, cut, options).Run();
}

bool ExtractList::CanReplace(const GraphView& graph, const Cut& cut, uint32_t tensor) {
  const ModelIndex& index = graph.index();
  const TensorRecord& record = index.tensors()[tensor];
  if (record.role != TensorRecord::Role::kInitializer) return false;
  for (GraphId graph = cut.home; graph.valid(); graph = GraphAround(index, graph)) {
    if (record.graph == graph) return true;
  }
  return RootOf(index, record.graph) == kMainGraph && cut.home == kMainGraph;
}

}  // namespace modelexport
