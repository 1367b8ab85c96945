#include "modelexport/modules/precision.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/onnx/attributes.h"
#include "modelexport/onnx/data_type.h"
#include "modelexport/onnx/element_type.h"

namespace modelexport {
namespace {

// Integers of more bits say where or whether, not with which precision.
constexpr uint32_t kMostQuantizedBits = 16;

// What is known of the numbers in a value.
struct Precision {
  enum class Kind : uint8_t { kUnknown, kPlain, kQdq, kPacked };

  Kind kind = Kind::kUnknown;
  int32_t data_type = 0;  // Of kQdq: before the DequantizeLinear; 0: unknown.
  uint32_t bits = 0;

  static Precision Of(Kind kind, int32_t data_type) {
    return {kind, data_type, BitsPerElement(data_type)};
  }
};

bool IsFloat(int32_t data_type) {
  const ElementType* type = ElementTypeOf(data_type);
  return type != nullptr && type->is_float;
}

bool Counts(const Precision& precision) {
  if (precision.kind == Precision::Kind::kUnknown) return false;
  if (precision.kind != Precision::Kind::kPlain || IsFloat(precision.data_type)) return true;
  return precision.data_type != data_type::kBool && precision.bits > 0 &&
         precision.bits <= kMostQuantizedBits;
}

// Of equal bits, what went through a DequantizeLinear.
bool IsNarrower(const Precision& a, const Precision& b) {
  if (!Counts(a) || !Counts(b)) return Counts(a);
  const auto bits = [](const Precision& p) { return p.bits == 0 ? kMostQuantizedBits : p.bits; };
  return bits(a) != bits(b) ? bits(a) < bits(b) : a.kind > b.kind;
}

std::string LabelOf(const Precision& precision) {
  switch (precision.kind) {
    case Precision::Kind::kPacked:
      return absl::StrCat(precision.bits, "-bit");
    case Precision::Kind::kQdq:
      return precision.data_type == 0 ? "QDQ"
                                      : absl::StrCat(DataTypeName(precision.data_type), " QDQ");
    default:
      return DataTypeName(precision.data_type);
  }
}

class PrecisionFinder {
 public:
  explicit PrecisionFinder(const GraphView& graph)
      : graph_(graph), of_value_(graph.values().size()), labels_(graph.num_nodes()) {
    const std::vector<TensorRecord>& tensors = graph.index().tensors();
    for (size_t v = 0; v < of_value_.size(); ++v) {
      const Value& value = graph.values()[v];
      if (value.tensor != Value::kNoTensor) of_value_[v] = Stored(tensors[value.tensor]);
    }
    for (const TensorRecord& tensor : tensors) {
      if (tensor.role == TensorRecord::Role::kAttribute) AddConstant(tensor);
    }
  }

  absl::StatusOr<NodeLabels> Run() {
    for (size_t n = 0; n < graph_.num_nodes(); ++n) MX_RETURN_IF_ERROR(Visit(NodeId(n)));
    return std::move(labels_);
  }

 private:
  static Precision Stored(const TensorRecord& tensor) {
    return Precision::Of(Precision::Kind::kPlain, tensor.data_type);
  }

  void AddConstant(const TensorRecord& tensor) {
    if (graph_.op_type(tensor.node) != "Constant") return;
    for (ValueId output : graph_.outputs(tensor.node)) Set(output, Stored(tensor));
  }

  const Precision& Get(ValueId value) const {
    static const Precision kUnknown;
    return value.valid() ? of_value_[value.index()] : kUnknown;
  }

  void Set(ValueId value, Precision precision) {
    if (value.valid()) of_value_[value.index()] = precision;
  }

  ValueId Input(NodeId node, size_t i) const {
    const absl::Span<const ValueId> inputs = graph_.inputs(node);
    return i < inputs.size() ? inputs[i] : ValueId();
  }

  ValueId Output(NodeId node) const {
    const absl::Span<const ValueId> outputs = graph_.outputs(node);
    return outputs.empty() ? ValueId() : outputs[0];
  }

  absl::Status Visit(NodeId node) {
    const absl::string_view op = graph_.op_type(node);
    if (op == "DequantizeLinear") {
      const Precision& stored = Get(Input(node, 0));
      const bool known = stored.kind == Precision::Kind::kPlain;
      Set(Output(node), Precision::Of(Precision::Kind::kQdq, known ? stored.data_type : 0));
      return absl::OkStatus();
    }
    if (IsQuantization(op)) {
      MX_ASSIGN_OR_RETURN(const int32_t type, QuantizedType(node));
      Set(Output(node), Precision::Of(Precision::Kind::kPlain, type));
      return absl::OkStatus();
    }
    if (op == "Cast") {
      MX_ASSIGN_OR_RETURN(const Attributes attributes, Attributes::Read(graph_.index(), node));
      const int32_t type = static_cast<int32_t>(attributes.Int("to", 0));
      if (type != 0) Set(Output(node), Precision::Of(Precision::Kind::kPlain, type));
    } else if (ChangesFormAlone(op)) {
      Set(Output(node), Get(Input(node, 0)));
    }
    return Label(node);
  }

  // Of what a QuantizeLinear makes: the type of its zero point, else that of its attribute, else
  // uint8 (onnx/docs/Operators.md).
  absl::StatusOr<int32_t> QuantizedType(NodeId node) const {
    const Precision& zero_point = Get(Input(node, 2));
    if (zero_point.kind == Precision::Kind::kPlain) return zero_point.data_type;
    MX_ASSIGN_OR_RETURN(const Attributes attributes, Attributes::Read(graph_.index(), node));
    const int32_t type = static_cast<int32_t>(attributes.Int("output_dtype", 0));
    return type == 0 ? data_type::kUint8 : type;
  }

  absl::Status Label(NodeId node) {
    Precision narrowest;
    const absl::Span<const ValueId> inputs = graph_.inputs(node);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (!IsNarrower(Get(inputs[i]), narrowest)) continue;
      if (!IsFormOperand(graph_.op_type(node), i)) narrowest = Get(inputs[i]);
    }
    if (!Counts(narrowest)) return absl::OkStatus();
    if (narrowest.kind == Precision::Kind::kPlain && !IsFloat(narrowest.data_type)) {
      MX_ASSIGN_OR_RETURN(const Attributes attributes, Attributes::Read(graph_.index(), node));
      const int64_t bits = attributes.Int("bits", 0);
      if (bits > 0 && bits <= narrowest.bits) {
        narrowest.kind = Precision::Kind::kPacked;
        narrowest.bits = static_cast<uint32_t>(bits);
      }
    }
    labels_.Set(node, LabelOf(narrowest));
    return absl::OkStatus();
  }

  const GraphView& graph_;
  std::vector<Precision> of_value_;
  NodeLabels labels_;
};

}  // namespace

absl::StatusOr<NodeLabels> FindPrecision(const GraphView& graph) {
  return PrecisionFinder(graph).Run();
}

}  // namespace modelexport
