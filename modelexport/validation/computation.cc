#include "modelexport/validation/computation.h"

#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/onnx/operator_domain.h"
#include "modelexport/proto/message_view.h"

namespace modelexport {
namespace {

constexpr int kMaxDepth = 100;
constexpr uint64_t kMaxReadNode = uint64_t{1} << 20;

// What kind of thing a number is of.
enum Kind : uint64_t { kGiven = 1, kStored, kConstant, kResult, kLocal };

using Numbers = absl::flat_hash_map<ValueId, uint64_t>;

// Calls `visit` with each field of a message, as far as it can be read.
template <typename Visit>
void ForEachField(absl::string_view message, Visit visit) {
  while (!message.empty()) {
    FieldView field;  // TakeField() sets what its type has alone.
    if (!TakeField(&message, &field)) return;
    visit(field);
  }
}

uint64_t NumberOf(const FieldView& field) {
  return absl::HashOf(field.number, field.value, field.payload);
}

// Of a TensorProto, without its name and its doc_string.
uint64_t NumberOfTensor(absl::string_view tensor) {
  constexpr uint32_t kDoc = 12;
  uint64_t number = 0;
  ForEachField(tensor, [&](const FieldView& field) {
    const bool counts = field.number != tensor_proto::kName && field.number != kDoc;
    if (counts) number = absl::HashOf(number, NumberOf(field));
  });
  return number;
}

// Of an AttributeProto, without its doc_string, the names of tensors, and graphs.
uint64_t NumberOfAttribute(absl::string_view attribute) {
  using namespace attribute_proto;
  constexpr uint32_t kDoc = 13;
  uint64_t number = 0;
  ForEachField(attribute, [&](const FieldView& field) {
    if (field.number == kDoc || field.number == kGraph || field.number == kGraphs) return;
    const bool is_tensor = field.number == kTensor || field.number == kTensors;
    number =
        absl::HashOf(number, is_tensor ? absl::HashOf(field.number, NumberOfTensor(field.payload))
                                       : NumberOf(field));
  });
  return number;
}

// Of the attributes of a NodeProto, in any order.
uint64_t NumberOfAttributes(absl::string_view node) {
  uint64_t number = 0;
  ForEachField(node, [&](const FieldView& field) {
    if (field.number == node_proto::kAttribute) number += NumberOfAttribute(field.payload);
  });
  return number;
}

// Of the attribute `value` of a Constant that is this TensorProto.
uint64_t NumberOfConstant(absl::string_view tensor) {
  using namespace attribute_proto;
  constexpr uint64_t kTypeOfTensors = 4;  // AttributeProto.TENSOR
  uint64_t number = absl::HashOf(uint64_t{0}, NumberOf({kName, WireType::kBytes, 0, "value"}));
  number = absl::HashOf(number, absl::HashOf(uint32_t{kTensor}, NumberOfTensor(tensor)));
  return absl::HashOf(number, NumberOf({kType, WireType::kVarint, kTypeOfTensors, ""}));
}

class Computer {
 public:
  Computer(const GraphView& graph, const absl::flat_hash_set<GraphId>& expanded,
           const std::atomic<bool>* cancelled)
      : graph_(graph), index_(graph.index()), expanded_(expanded), cancelled_(cancelled) {}

  absl::StatusOr<Computation> Run() {
    Numbers numbers;
    MX_RETURN_IF_ERROR(ReadStored(&numbers));
    MX_ASSIGN_OR_RETURN(computation_.outputs, Run(kMainGraph, std::move(numbers), 0));
    return std::move(computation_);
  }

 private:
  // Of the inputs and initializers of the main graph.
  absl::Status ReadStored(Numbers* numbers) {
    for (size_t v = 0; v < graph_.values().size(); ++v) {
      const Value& value = graph_.values()[v];
      if (value.graph != kMainGraph || value.producer.valid()) continue;
      MX_ASSIGN_OR_RETURN((*numbers)[ValueId(v)], NumberOf(value));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> NumberOf(const Value& value) const {
    const absl::string_view name = index_.text(value.name);
    if (value.tensor == Value::kNoTensor || value.is_graph_input) {
      return absl::HashOf(kGiven, name);
    }
    const TensorRecord& tensor = index_.tensors()[value.tensor];
    const bool by_content = tensor.role == TensorRecord::Role::kInitializer &&
                            !tensor.external_location.valid() &&
                            tensor.range.size() <= kMaxConstantByContent;
    if (!by_content) return absl::HashOf(kStored, name);
    MX_ASSIGN_OR_RETURN(const std::string bytes, index_.source().ReadString(tensor.range));
    return absl::HashOf(kConstant, NumberOfConstant(bytes));
  }

  // The numbers of the graph's outputs. As deep as functions call each other.
  absl::StatusOr<std::vector<uint64_t>> Run(GraphId id, Numbers numbers, int depth) {
    if (depth > kMaxDepth) return absl::InvalidArgumentError("functions are nested too deep");
    for (NodeId node : InOrder(id)) {
      if (EndsEarly(cancelled_, ++steps_)) return CheckCancelled(cancelled_);
      const GraphId callee = graph_.callee(node);
      if (callee.valid() && expanded_.contains(callee)) {
        MX_RETURN_IF_ERROR(Call(node, callee, depth, &numbers));
      } else {
        MX_RETURN_IF_ERROR(Compute(node, &numbers));
      }
    }
    std::vector<uint64_t> outputs;
    for (StringId name : index_.graph(id).outputs) outputs.push_back(Find(id, name, numbers));
    return outputs;
  }

  uint64_t Find(GraphId graph, StringId name, const Numbers& numbers) {
    const auto value = ValuesOf(graph).find(name);
    return value == ValuesOf(graph).end() ? 0 : NumberOf(value->second, numbers);
  }

  static uint64_t NumberOf(ValueId value, const Numbers& numbers) {
    if (!value.valid()) return 0;
    const auto number = numbers.find(value);
    return number == numbers.end() ? 0 : number->second;
  }

  const absl::flat_hash_map<StringId, ValueId>& ValuesOf(GraphId graph) {
    if (values_.empty()) {
      values_.resize(index_.graphs().size());
      for (size_t v = 0; v < graph_.values().size(); ++v) {
        const Value& value = graph_.values()[v];
        values_[value.graph.index()].try_emplace(value.name, v);
      }
    }
    return values_[graph.index()];
  }

  absl::Status Call(NodeId node, GraphId callee, int depth, Numbers* numbers) {
    Numbers given;
    const absl::Span<const ValueId> inputs = graph_.inputs(node);
    const std::vector<StringId>& parameters = index_.graph(callee).inputs;
    for (size_t i = 0; i < inputs.size() && i < parameters.size(); ++i) {
      const auto value = ValuesOf(callee).find(parameters[i]);
      if (value != ValuesOf(callee).end()) given[value->second] = NumberOf(inputs[i], *numbers);
    }
    MX_ASSIGN_OR_RETURN(const std::vector<uint64_t> made, Run(callee, std::move(given), depth + 1));
    const absl::Span<const ValueId> outputs = graph_.outputs(node);
    for (size_t i = 0; i < outputs.size() && i < made.size(); ++i) {
      if (outputs[i].valid()) (*numbers)[outputs[i]] = made[i];
    }
    return absl::OkStatus();
  }

  absl::Status Compute(NodeId node, Numbers* numbers) {
    const absl::Span<const ValueId> outputs = graph_.outputs(node);
    if (IsSmallConstant(node)) {
      MX_ASSIGN_OR_RETURN(const std::string bytes,
                          index_.source().ReadString(index_.node(node).range.content()));
      (*numbers)[outputs[0]] = absl::HashOf(kConstant, NumberOfAttributes(bytes));
      return absl::OkStatus();
    }
    MX_ASSIGN_OR_RETURN(const uint64_t number, NumberOfNode(node, numbers));
    for (size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i].valid()) (*numbers)[outputs[i]] = absl::HashOf(kResult, number, i);
    }
    if (graph_.op_type(node) == "Constant") return absl::OkStatus();
    computation_.nodes += number;
    ++computation_.num_nodes;
    return absl::OkStatus();
  }

  bool IsSmallConstant(NodeId node) const {
    return graph_.op_type(node) == "Constant" && graph_.outputs(node).size() == 1 &&
           graph_.outputs(node)[0].valid() &&
           index_.node(node).range.content().size() <= kMaxConstantByContent;
  }

  absl::StatusOr<uint64_t> NumberOfNode(NodeId node, Numbers* numbers) {
    MX_ASSIGN_OR_RETURN(uint64_t number, NumberOfOperator(node));
    for (ValueId input : graph_.inputs(node)) {
      number = absl::HashOf(number, NumberOf(input, *numbers));
    }
    for (const GraphRecord& body : index_.bodies(node)) {
      MX_ASSIGN_OR_RETURN(const uint64_t of_body, NumberOfBody(index_.id_of(body), numbers));
      number = absl::HashOf(number, index_.text(body.attribute_name), body.position, of_body);
    }
    return number;
  }

  // By node once: a function may run many times.
  absl::StatusOr<uint64_t> NumberOfOperator(NodeId node) {
    const auto known = operators_.find(node);
    if (known != operators_.end()) return known->second;
    const NodeRecord& record = index_.node(node);
    MX_ASSIGN_OR_RETURN(const uint64_t attributes, ReadAttributes(node));
    const uint64_t number = absl::HashOf(
        graph_.op_type(node), NormalizedDomain(index_.text(record.domain)),
        index_.text(record.overload), attributes, record.num_inputs, record.num_outputs);
    operators_[node] = number;
    return number;
  }

  absl::StatusOr<uint64_t> ReadAttributes(NodeId node) const {
    const Range content = index_.node(node).range.content();
    if (content.size() > kMaxReadNode) {
      // It is in no function: outline leaves such nodes where they are.
      uint64_t names = content.size();
      for (StringId output : index_.outputs(node)) names = absl::HashOf(names, index_.text(output));
      return names;
    }
    MX_ASSIGN_OR_RETURN(const std::string bytes, index_.source().ReadString(content));
    return NumberOfAttributes(bytes);
  }

  // Bodies run where their node does. Their own inputs and initializers are told apart by position.
  // As deep as bodies nest: kMaxGraphDepth.
  absl::StatusOr<uint64_t> NumberOfBody(GraphId body, Numbers* numbers) {
    const GraphRecord& graph = index_.graph(body);
    uint64_t given = 0, number = 0;
    for (StringId input : graph.inputs) {
      const auto value = ValuesOf(body).find(input);
      if (value != ValuesOf(body).end()) (*numbers)[value->second] = absl::HashOf(kLocal, ++given);
    }
    for (const auto& value : ValuesOf(body)) {
      const uint32_t tensor = graph_.value(value.second).tensor;
      if (tensor == Value::kNoTensor) continue;
      MX_ASSIGN_OR_RETURN((*numbers)[value.second], NumberInBody(index_.tensors()[tensor]));
    }
    for (NodeId node : InOrder(body)) {
      MX_ASSIGN_OR_RETURN(const uint64_t inner, NumberOfNode(node, numbers));
      const absl::Span<const ValueId> outputs = graph_.outputs(node);
      for (size_t i = 0; i < outputs.size(); ++i) {
        if (outputs[i].valid()) (*numbers)[outputs[i]] = absl::HashOf(kResult, inner, i);
      }
      number += inner;
    }
    for (StringId name : graph.outputs) number = absl::HashOf(number, Find(body, name, *numbers));
    return number;
  }

  // By content where it may be in a function, and so have another name.
  absl::StatusOr<uint64_t> NumberInBody(const TensorRecord& tensor) const {
    if (tensor.range.size() > kMaxReadNode) return absl::HashOf(kStored, index_.text(tensor.name));
    MX_ASSIGN_OR_RETURN(const std::string bytes, index_.source().ReadString(tensor.range));
    return absl::HashOf(kConstant, NumberOfTensor(bytes));
  }

  // Nodes after those that they read, whatever their order in the file. Each once for each graph.
  const std::vector<NodeId>& InOrder(GraphId id) {
    const auto added = orders_.try_emplace(id);
    std::vector<NodeId>& order = added.first->second;
    if (!added.second) return order;
    const GraphRecord& graph = index_.graph(id);
    absl::flat_hash_set<NodeId> opened, done;
    std::vector<NodeId> open;
    for (size_t n = graph.first_node + graph.num_nodes; n-- > graph.first_node;) {
      open.emplace_back(n);
    }
    while (!open.empty()) {
      const NodeId node = open.back();
      if (opened.insert(node).second) {
        OpenMakers(id, node, opened, &open);
        continue;
      }
      open.pop_back();
      if (done.insert(node).second) order.push_back(node);
    }
    return order;
  }

  void OpenMakers(GraphId graph, NodeId node, const absl::flat_hash_set<NodeId>& opened,
                  std::vector<NodeId>* open) const {
    for (ValueId input : graph_.inputs(node)) OpenMaker(graph, input, opened, open);
    for (const GraphRecord& body : index_.bodies(node)) {
      for (size_t n = 0; n < body.num_nodes; ++n) {
        OpenMakers(graph, NodeId(body.first_node + n), opened, open);
      }
    }
  }

  void OpenMaker(GraphId graph, ValueId input, const absl::flat_hash_set<NodeId>& opened,
                 std::vector<NodeId>* open) const {
    if (!input.valid() || graph_.value(input).graph != graph) return;
    const NodeId maker = graph_.value(input).producer;
    if (maker.valid() && !opened.contains(maker)) open->push_back(maker);
  }

  const GraphView& graph_;
  const ModelIndex& index_;
  const absl::flat_hash_set<GraphId>& expanded_;
  const std::atomic<bool>* const cancelled_;
  size_t steps_ = 0;
  std::vector<absl::flat_hash_map<StringId, ValueId>> values_;  // By graph.
  absl::flat_hash_map<NodeId, uint64_t> operators_;
  std::map<GraphId, std::vector<NodeId>> orders_;
  Computation computation_;
};

}  // namespace

absl::StatusOr<Computation> ComputationOf(const GraphView& graph,
                                          const absl::flat_hash_set<GraphId>& expanded,
                                          const std::atomic<bool>* cancelled) {
  return Computer(graph, expanded, cancelled).Run();
}

}  // namespace modelexport
