#include "modelexport/ownership/weights_fit.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/tensors/part_sizes.h"
#include "modelexport/evidence/tensors/stored_values.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/onnx/element_type.h"
#include "modelexport/ownership/shapes_left.h"

namespace modelexport {
namespace {

using Shape = ShapesLeft::Shape;

// Weights that are compared by content only to judge the hierarchy, and the elements of each.
constexpr size_t kMaxCompared = 8;
constexpr uint64_t kMaxComparedSize = 1 << 22;

// Below this share the weights that are known do not tell.
constexpr double kEnoughKnown = 0.5;

bool IsFloat(const StoredValue& value) {
  const ElementType* type = ElementTypeOf(value.data_type);
  return type != nullptr && type->is_float;
}

// Operators that read scales: QuantizeLinear, DynamicQuantizeLSTM, QLinearConv,
// MatMulIntegerToFloat.
bool IsQuantized(absl::string_view op_type) {
  return absl::StrContains(op_type, "Quantize") || absl::StrContains(op_type, "Integer") ||
         absl::StartsWith(op_type, "QLinear") || absl::StartsWith(op_type, "QGemm");
}

bool IsQuantized(const StoredValue& value) {
  const ElementType* type = ElementTypeOf(value.data_type);
  return type != nullptr && type->bits <= 8 && value.data_type != data_type::kBool;
}

// Operators that also apply what is no parameter: masks, tables of positions, numbers.
bool AppliesAnything(absl::string_view op_type) {
  static constexpr absl::string_view kTypes[] = {"Add", "Sub", "Mul", "Div", "Pow", "Where"};
  return std::find(std::begin(kTypes), std::end(kTypes), op_type) != std::end(kTypes);
}

// Calls `visit` with the nodes that read `value` itself or in another form. Forms have one origin:
// all walks together take time in proportion to the graph.
template <typename Visit>
void ForReaders(const GraphView& graph, ValueId value, Visit visit) {
  std::vector<ValueId> pending = {value};
  while (!pending.empty()) {
    const ValueId next = pending.back();
    pending.pop_back();
    for (const NodeId reader : graph.consumers(next)) {
      const auto outputs = graph.outputs(reader);
      const bool carries = ChangesFormAlone(graph.op_type(reader)) &&
                           graph.inputs(reader)[0] == next && !outputs.empty();
      if (carries && outputs[0].valid()) pending.push_back(outputs[0]);
      visit(reader, carries);
    }
  }
}

bool MayBeWeight(const Tensor& tensor) {
  return tensor.dtype.empty() || absl::StrContains(tensor.dtype, "float");
}

class Fitter {
 public:
  explicit Fitter(const MatchContext& context)
      : context_(context),
        stored_(context.graph, context.folder(), context.cancelled()),
        is_found_(context.hierarchy.tensors().size()) {
    struct InModule {
      size_t matrices = 0;
      std::vector<int64_t> vectors;
    };
    std::vector<InModule> modules(context.hierarchy.modules().size());
    for (const Tensor& tensor : context.hierarchy.tensors()) {
      Shape shape = Essence(tensor.shape);
      if (!MayBeWeight(tensor)) continue;
      has_stats_ = has_stats_ || tensor.stats.has_value();
      InModule& in = modules[tensor.owner.index()];
      if (shape.size() == 1) {
        in.vectors.push_back(shape[0]);
        ++tensors_of_length_[shape[0]];
      }
      if (shape.size() < 2) continue;
      ++in.matrices;
      ++fit_.tensors;
      left_.Add(std::move(shape));
    }
    for (const InModule& in : modules) {
      if (in.matrices == 1 && in.vectors.size() == 1) biases_.push_back(in.vectors[0]);
    }
  }

  WeightsFit Run() {
    const TensorIdentity& tensors = TensorsOf(context_);
    for (size_t v = 0; v < context_.graph.values().size(); ++v) {
      if (EndsEarly(context_, v)) return fit_;
      const ValueId id(v);
      if (context_.graph.consumers(id).empty()) continue;
      const absl::optional<StoredValue> value = stored_.Find(id);
      if (value.has_value()) Judge(id, *value, tensors.of(id));
    }
    TakeAlike();
    if (has_stats_ && fit_.known() < kEnoughKnown * fit_.weights) CompareSome();
    CountBiases();
    fit_.shapes = shapes_.size();
    for (const auto& shape : shapes_) fit_.shapes_known += shape.second;
    return fit_;
  }

 private:
  struct Unknown {
    ValueId id;
    Shape shape;
    uint64_t count;
    bool is_parameter;  // For sure.
  };

  void Judge(ValueId id, const StoredValue& value, const TensorIdentity::Held& held) {
    Shape shape = Essence(value.dims);
    if (shape.size() == 1) CountVector(id, shape[0], IsFloat(value));
    if (shape.size() < 2 || (!IsFloat(value) && !IsQuantized(value))) return;
    if (held.source == TensorIdentity::Source::kNothing) {
      unknown_.push_back({id, std::move(shape), value.count, IsFloat(value) && IsParameter(id)});
      return;
    }
    const bool by_name = held.source == TensorIdentity::Source::kName;
    const bool fits = !by_name || HasShape(held.parts[0][0], shape);
    fit_.named += by_name && fits;
    fit_.resized += by_name && !fits;
    fit_.equal += !by_name;
    Count(std::move(shape), fits);
    if (!fits) return;
    for (const auto& alternatives : held.parts) TakeOneOf(alternatives);
  }

  void CountVector(ValueId id, int64_t length, bool is_float) {
    ++vectors_[length];
    bool serves_quantization = true;
    ForReaders(context_.graph, id, [&](NodeId reader, bool) {
      serves_quantization = serves_quantization && IsQuantized(context_.graph.op_type(reader));
    });
    if (!is_float || serves_quantization) return;
    ++fit_.vectors;
    size_t& left = tensors_of_length_[length];
    fit_.vectors_alike += left > 0;
    left -= left > 0;
  }

  bool IsParameter(ValueId id) const {
    bool is_parameter = false;
    ForReaders(context_.graph, id, [&](NodeId reader, bool carries) {
      is_parameter = is_parameter || (!carries && !AppliesAnything(context_.graph.op_type(reader)));
    });
    return is_parameter;
  }

  void Count(Shape shape, bool known) {
    ++fit_.weights;
    bool& is_known = shapes_[std::move(shape)];
    is_known = is_known || known;
  }

  // A sidecar need not say shapes.
  bool HasShape(TensorId id, const Shape& shape) const {
    const Tensor& tensor = context_.hierarchy.tensor(id);
    return tensor.shape.empty() || Essence(tensor.shape) == shape;
  }

  // Equal weights hold equal tensors one by one.
  void TakeOneOf(const std::vector<TensorId>& alternatives) {
    for (const TensorId id : alternatives) {
      if (is_found_[id.index()]) continue;
      is_found_[id.index()] = true;
      const bool taken = left_.Take(Essence(context_.hierarchy.tensor(id).shape));
      fit_.found += taken;
      fit_.taken += taken;
      return;
    }
  }

  void TakeAlike() {
    for (const Unknown& unknown : unknown_) {
      const size_t taken = left_.TakeFor(unknown.shape);
      const bool alike = taken > 0;
      if (!alike && !unknown.is_parameter) continue;
      fit_.alike += alike;
      fit_.taken += taken;
      Count(unknown.shape, alike);
      if (alike && unknown.count <= kMaxComparedSize) alike_.push_back(&unknown);
    }
  }

  // Compares again, as if nothing were settled but what reads none of a few weights.
  void CompareSome() {
    std::vector<bool> settled(context_.graph.num_nodes(), true);
    const size_t step = alike_.size() / kMaxCompared + 1;
    for (size_t i = 0; i < alike_.size(); i += step) {
      ForReaders(context_.graph, alike_[i]->id,
                 [&](NodeId reader, bool) { settled[reader.index()] = false; });
    }
    const TensorIdentity compared(context_.graph, context_.hierarchy, context_.folder(), settled,
                                  context_.cancelled());
    for (size_t i = 0; i < alike_.size(); i += step) {
      ++fit_.compared;
      const auto held = compared.of(alike_[i]->id);
      fit_.compared_equal += held.source == TensorIdentity::Source::kContent;
    }
  }

  void CountBiases() {
    for (const int64_t length : biases_) {
      ++fit_.biases;
      const auto vectors = vectors_.find(length);
      if (vectors == vectors_.end() || vectors->second == 0) continue;
      --vectors->second;
      ++fit_.biases_alike;
    }
  }

  const MatchContext& context_;
  const StoredValues stored_;
  bool has_stats_ = false;
  std::vector<bool> is_found_;                              // By tensor.
  ShapesLeft left_;                                         // Tensors.
  absl::flat_hash_map<Shape, bool> shapes_;                 // Of weights; whether one is known.
  std::vector<int64_t> biases_;                             // Lengths.
  absl::flat_hash_map<int64_t, size_t> vectors_;            // Of the model, by length.
  absl::flat_hash_map<int64_t, size_t> tensors_of_length_;  // Vectors of the hierarchy.
  std::vector<Unknown> unknown_;
  std::vector<const Unknown*> alike_;
  WeightsFit fit_;
};

}  // namespace

WeightsFit FitWeights(const MatchContext& context) { return Fitter(context).Run(); }

}  // namespace modelexport
