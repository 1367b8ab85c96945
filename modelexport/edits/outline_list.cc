#include "modelexport/edits/outline_list.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/edits/function_bytes.h"
#include "modelexport/edits/nodes_in_place.h"
#include "modelexport/edits/outline_tags.h"
#include "modelexport/graph/constant_nodes.h"
#include "modelexport/modules/call_nodes.h"
#include "modelexport/modules/node_set.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/proto/encode.h"

namespace modelexport {
namespace {}  // namespace

class OutlineList::Writer {
 public:
  Writer(const OwnedGraph& owned, const Declarations& declared, const OutlinePlan& plan)
      : owned_(owned),
        graph_(owned.graph),
        index_(graph_.index()),
        declared_(declared),
        plan_(plan),
        tags_(owned, plan) {}

  absl::StatusOr<OutlineList> Run(const std::atomic<bool>* cancelled) {
    FindNeeded();
    MX_RETURN_IF_ERROR(CheckCancelled(cancelled));
    NameCalls();
    MX_RETURN_IF_ERROR(PlaceItems());
    EraseNodes();
    EraseInitializers();
    EraseInfos();
    MX_RETURN_IF_ERROR(EraseAnnotations());
    MX_RETURN_IF_ERROR(AddFunctions());
    ImportDomain();
    RaiseIrVersion();
    return std::move(list_);
  }

 private:
  void Erase(MessageRef message, Range range) { list_.edits_.push_back({message, {range, ""}}); }

  void Insert(MessageRef message, uint64_t offset, std::string bytes) {
    list_.bytes_.push_back(std::move(bytes));
    list_.edits_.push_back({message, {{offset, offset}, list_.bytes_.back()}});
  }

  ValueId Argument(const OutlineCall& call, const OutlineParameter& parameter) const {
    return plan_.block(call).input(*plan_.candidates.reads, parameter.read);
  }

  // What is left of the main graph.

  // From the last item to the first: those that stay, and what these read.
  void FindNeeded() {
    const std::vector<bool> constant = FindConstantNodes(graph_);
    for (size_t i = plan_.items.size(); i-- > 0;) {
      const GraphItem& item = plan_.items[i];
      if (item.set != GraphItem::kNone) {
        const OutlineCall& call = plan_.calls[item.set];
        for (const auto& parameter : plan_.functions[call.function].parameters) {
          needed_.insert(Argument(call, parameter));
        }
      } else if (constant[item.node.index()] && IsGone(item.node)) {
        continue;
      } else {
        for (NodeId reader : WithBodies(graph_, item.node)) {
          const absl::Span<const ValueId> inputs = graph_.inputs(reader);
          needed_.insert(inputs.begin(), inputs.end());
        }
      }
      items_.push_back(item);
    }
    std::reverse(items_.begin(), items_.end());
  }

  // Whether it was read, and nothing that stays reads it. What was never read stays.
  bool IsGone(NodeId node) const {
    bool was_read = false;
    for (ValueId output : graph_.outputs(node)) {
      if (!output.valid()) continue;
      if (graph_.value(output).is_graph_output || needed_.contains(output)) return false;
      was_read = was_read || !graph_.consumers(output).empty();
    }
    return was_read;
  }

  // Names and places.

  void NameCalls() {
    absl::flat_hash_set<std::string> taken;
    for (const GraphItem& item : items_) {
      if (item.set == GraphItem::kNone) taken.emplace(graph_.name(item.node));
    }
    absl::flat_hash_map<std::string, int> numbers;
    for (const GraphItem& item : items_) {
      if (item.set == GraphItem::kNone) continue;
      const uint32_t instance = plan_.calls[item.set].instance;
      const std::string path =
          WrittenPath(owned_.hierarchy, plan_.candidates.instances[instance].module);
      std::string name = path;
      int& number = numbers.try_emplace(path, 1).first->second;
      while (!taken.insert(name).second) name = absl::StrCat(path, "_", ++number);
      names_[item.set] = std::move(name);
    }
  }

  // Each call and each node that moves is inserted before the next node that stays where it is.
  absl::Status PlaceItems() {
    const std::vector<bool> in_place = ChooseItemsInPlace();
    uint64_t offset = index_.graph(kMainGraph).range.content().end;
    std::vector<std::pair<uint64_t, size_t>> inserted;
    for (size_t i = items_.size(); i-- > 0;) {
      if (in_place[i]) {
        offset = index_.node(items_[i].node).range.begin;
        in_place_.insert(items_[i].node);
      } else {
        inserted.emplace_back(offset, i);
      }
    }
    std::reverse(inserted.begin(), inserted.end());
    for (const auto& each : inserted) {
      MX_ASSIGN_OR_RETURN(std::string bytes, Encoded(items_[each.second]));
      Insert(MessageRef::Of(kMainGraph), each.first, std::move(bytes));
    }
    list_.counts_.nodes_before = index_.graph(kMainGraph).num_nodes;
    list_.counts_.nodes_after = items_.size();
    return absl::OkStatus();
  }

  std::vector<bool> ChooseItemsInPlace() const {
    std::vector<PlacedPart> parts;
    std::vector<size_t> items;
    for (size_t i = 0; i < items_.size(); ++i) {
      if (items_[i].set != GraphItem::kNone) continue;
      const Framed& range = index_.node(items_[i].node).range;
      parts.push_back({range.begin, range.size});
      items.push_back(i);
    }
    const std::vector<bool> stays = ChooseInPlace(parts);
    std::vector<bool> in_place(items_.size());
    for (size_t p = 0; p < parts.size(); ++p) in_place[items[p]] = stays[p];
    return in_place;
  }

  absl::StatusOr<std::string> Encoded(const GraphItem& item) {
    if (item.set == GraphItem::kNone) {
      ++list_.counts_.nodes_moved;
      const Framed& range = index_.node(item.node).range;
      return index_.source().ReadString(range.whole());
    }
    std::string bytes;
    AppendBytesField(graph_proto::kNode, EncodedCall(item.set), &bytes);
    return bytes;
  }

  std::string EncodedCall(uint32_t id) const {
    const OutlineCall& call = plan_.calls[id];
    const OutlineFunction& function = plan_.functions[call.function];
    NewNode node;
    node.name = names_.at(id);
    node.op_type = function.name;
    node.domain = std::string(kOutlineDomain);
    for (const OutlineParameter& parameter : function.parameters) {
      node.inputs.emplace_back(graph_.name(Argument(call, parameter)));
    }
    for (const BlockOperand& output : plan_.block(call).outputs) {
      node.outputs.emplace_back(graph_.name(plan_.block(call).output(graph_, output)));
    }
    node.metadata = tags_.OfCall(call);
    return EncodeNode(node);
  }

  // What goes.

  void EraseNodes() {
    for (const GraphItem& item : items_) {
      if (item.set == GraphItem::kNone) KeepOutputs(item.node);
      if (item.set != GraphItem::kNone) KeepOutputs(plan_.calls[item.set]);
    }
    const GraphRecord& main = index_.graph(kMainGraph);
    for (size_t n = main.first_node; n < main.first_node + main.num_nodes; ++n) {
      const NodeId node(n);
      if (!in_place_.contains(node)) {
        Erase(MessageRef::Of(kMainGraph), index_.node(node).range.whole());
      }
      for (StringId output : index_.outputs(node)) {
        if (!made_.contains(output)) gone_.insert(output);
      }
    }
  }

  void KeepOutputs(NodeId node) {
    const absl::Span<const StringId> outputs = index_.outputs(node);
    made_.insert(outputs.begin(), outputs.end());
  }

  void KeepOutputs(const OutlineCall& call) {
    const Block& block = plan_.block(call);
    for (const BlockOperand& output : block.outputs) {
      made_.insert(graph_.value(block.output(graph_, output)).name);
    }
  }

  void EraseInitializers() {
    if (index_.num_training_info() > 0) return;  // Which may read them.
    absl::flat_hash_set<uint32_t> tensors;
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      const Value& value = graph_.values()[v];
      if (value.graph != kMainGraph || value.tensor == Value::kNoTensor) continue;
      if (value.is_graph_input || value.is_graph_output || needed_.contains(ValueId(v))) continue;
      if (graph_.consumers(ValueId(v)).empty()) continue;
      tensors.insert(value.tensor);
      gone_.insert(value.name);
    }
    for (const InitializerRecord& initializer : declared_.initializers(kMainGraph)) {
      if (!tensors.contains(initializer.tensor)) continue;
      Erase(MessageRef::Of(kMainGraph), initializer.range.whole());
    }
  }

  void EraseInfos() {
    for (const ValueRecord& value : declared_.values(kMainGraph)) {
      if (value.role != ValueRecord::Role::kValueInfo || !value.name.valid()) continue;
      if (!gone_.contains(value.name)) continue;
      Erase(MessageRef::Of(kMainGraph), value.range.whole());
    }
  }

  absl::Status EraseAnnotations() {
    constexpr uint32_t kTensorName = 1;
    Cursor cursor(index_.source(), index_.graph(kMainGraph).range.content());
    Field field;
    while (cursor.Next(&field)) {
      if (field.number != graph_proto::kQuantizationAnnotation) continue;
      if (!cursor.Expect(field, WireType::kBytes, "GraphProto.quantization_annotation")) break;
      const Cursor::Message message(cursor, field);
      bool goes = false;
      Field part;
      while (cursor.Next(&part)) {
        if (part.number != kTensorName || part.type != WireType::kBytes) continue;
        const StringId name = index_.strings().Find(cursor.Bytes(part));
        goes = name.valid() && gone_.contains(name);
      }
      if (goes) Erase(MessageRef::Of(kMainGraph), {field.key, field.end});
    }
    return cursor.status();
  }

  // What is new in the model.

  void AddToModel(uint32_t field, absl::string_view content) {
    std::string bytes;
    AppendBytesField(field, content, &bytes);
    Insert(MessageRef::Model(), index_.source().size(), std::move(bytes));
  }

  absl::Status AddFunctions() {
    const FunctionEncoder encoder(owned_, declared_, plan_, tags_);
    MX_ASSIGN_OR_RETURN(const std::vector<std::string> functions, encoder.Run());
    for (const std::string& function : functions) AddToModel(model_proto::kFunctions, function);
    for (const OutlineFunction& function : plan_.functions) {
      list_.counts_.nodes_in_functions += function.constants.size() + function.items.size();
    }
    return absl::OkStatus();
  }

  void ImportDomain() {
    if (declared_.opset_version(kMainGraph, kOutlineDomain).has_value()) return;
    std::string opset;
    AppendBytesField(operator_set_id_proto::kDomain, kOutlineDomain, &opset);
    AppendVarintField(operator_set_id_proto::kVersion, 1, &opset);
    AddToModel(model_proto::kOpsetImport, opset);
  }

  void RaiseIrVersion() {
    const auto& version = index_.ir_version();
    if (version.has_value() && version->value >= kFirstIrVersionWithFunctions) return;
    std::string field;
    AppendVarintField(model_proto::kIrVersion, kFirstIrVersionWithFunctions, &field);
    const uint64_t end = index_.source().size();
    list_.bytes_.push_back(std::move(field));
    list_.edits_.push_back(
        {MessageRef::Model(),
         {version.has_value() ? version->range : Range{end, end}, list_.bytes_.back()}});
    list_.counts_.ir_version_raised = true;
  }

  const OwnedGraph& owned_;
  const GraphView& graph_;
  const ModelIndex& index_;
  const Declarations& declared_;
  const OutlinePlan& plan_;
  const OutlineTags tags_;
  std::vector<GraphItem> items_;                      // Those of the plan that stay.
  absl::flat_hash_set<ValueId> needed_;               // What they read.
  absl::flat_hash_map<uint32_t, std::string> names_;  // Of calls.
  absl::flat_hash_set<NodeId> in_place_;
  absl::flat_hash_set<StringId> made_, gone_;  // Names of values.
  OutlineList list_;
};

absl::StatusOr<OutlineList> OutlineList::Make(const OwnedGraph& owned, const Declarations& declared,
                                              const OutlinePlan& plan,
                                              const std::atomic<bool>* cancelled) {
  return Writer(owned, declared, plan).Run(cancelled);
}

}  // namespace modelexport
