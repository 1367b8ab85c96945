#include "modelexport/validation/shapes/onnx_evaluator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <utility>

#include "modelexport/validation/shapes/known_node.h"
#include "modelexport/validation/shapes/making_operators.h"
#include "modelexport/validation/shapes/moving_operators.h"
#include "modelexport/validation/shapes/small_proto.h"
#include "modelexport/validation/shapes/small_tensor.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

using onnx::TensorProto;

template <typename Function>
SmallResult Unary(const KnownNode& node, Function function) {
  SmallTensor result = node.in(0);
  for (SmallNumber& number : result.numbers) number = function(number);
  return result;
}

template <typename Function>
SmallResult Binary(const KnownNode& node, Function function) {
  if (node.num_inputs() != 2) return absl::nullopt;
  auto dims = BroadcastDims(node.in(0).dims, node.in(1).dims);
  if (!dims.has_value()) return absl::nullopt;
  return MakeSmall(*std::move(dims), [&](SmallPosition at) {
    return function(BroadcastAt(node.in(0), at), BroadcastAt(node.in(1), at));
  });
}

SmallResult Divide(const KnownNode& node) {
  if (IsFloat(node.type(0))) {
    return Binary(node, [](SmallNumber a, SmallNumber b) { return a / b; });
  }
  const auto& divisors = node.in(1).numbers;
  if (std::find(divisors.begin(), divisors.end(), 0) != divisors.end()) return absl::nullopt;
  return Binary(node, [](SmallNumber a, SmallNumber b) { return std::trunc(a / b); });
}

// Of integers the result has the sign of the divisor.
SmallResult Modulo(const KnownNode& node) {
  const auto& divisors = node.in(1).numbers;
  if (node.Int("fmod", 0) != 0 || IsFloat(node.type(0))) return absl::nullopt;
  if (std::find(divisors.begin(), divisors.end(), 0) != divisors.end()) return absl::nullopt;
  return Binary(node, [](SmallNumber a, SmallNumber b) { return a - b * std::floor(a / b); });
}

SmallResult Select(const KnownNode& node) {
  if (node.num_inputs() != 3) return absl::nullopt;
  auto dims = BroadcastDims(node.in(0).dims, node.in(1).dims);
  if (dims.has_value()) dims = BroadcastDims(*dims, node.in(2).dims);
  if (!dims.has_value()) return absl::nullopt;
  return MakeSmall(*std::move(dims), [&](SmallPosition at) {
    return BroadcastAt(node.in(BroadcastAt(node.in(0), at) != 0 ? 1 : 2), at);
  });
}

using Evaluate = SmallResult (*)(const KnownNode&);

enum class ResultType { kFirst, kSecond, kBool, kTo, kValue };

struct EvaluatedOperator {
  const char* op_type;
  Evaluate evaluate;
  ResultType type = ResultType::kFirst;
};

using N = SmallNumber;

constexpr EvaluatedOperator kOperators[] = {
    {"Abs", [](const KnownNode& n) { return Unary(n, [](N a) { return std::fabs(a); }); }},
    {"Add", [](const KnownNode& n) { return Binary(n, [](N a, N b) { return a + b; }); }},
    {"And",
     [](const KnownNode& n) { return Binary(n, [](N a, N b) -> N { return a != 0 && b != 0; }); }},
    {"Cast", [](const KnownNode& n) { return SmallResult(n.in(0)); }, ResultType::kTo},
    {"Ceil", [](const KnownNode& n) { return Unary(n, [](N a) { return std::ceil(a); }); }},
    {"Concat", ConcatAlong},
    {"ConstantOfShape", Filled, ResultType::kValue},
    {"Div", Divide},
    {"Equal", [](const KnownNode& n) { return Binary(n, [](N a, N b) -> N { return a == b; }); },
     ResultType::kBool},
    {"Expand", ExpandTo},
    {"Flatten", FlattenDims},
    {"Floor", [](const KnownNode& n) { return Unary(n, [](N a) { return std::floor(a); }); }},
    {"Gather", GatherAlong},
    {"Greater", [](const KnownNode& n) { return Binary(n, [](N a, N b) -> N { return a > b; }); },
     ResultType::kBool},
    {"GreaterOrEqual",
     [](const KnownNode& n) { return Binary(n, [](N a, N b) -> N { return a >= b; }); },
     ResultType::kBool},
    {"Identity", [](const KnownNode& n) { return SmallResult(n.in(0)); }},
    {"Less", [](const KnownNode& n) { return Binary(n, [](N a, N b) -> N { return a < b; }); },
     ResultType::kBool},
    {"LessOrEqual",
     [](const KnownNode& n) { return Binary(n, [](N a, N b) -> N { return a <= b; }); },
     ResultType::kBool},
    {"Max", [](const KnownNode& n) { return Binary(n, [](N a, N b) { return std::max(a, b); }); }},
    {"Min", [](const KnownNode& n) { return Binary(n, [](N a, N b) { return std::min(a, b); }); }},
    {"Mod", Modulo},
    {"Mul", [](const KnownNode& n) { return Binary(n, [](N a, N b) { return a * b; }); }},
    {"Neg", [](const KnownNode& n) { return Unary(n, [](N a) { return -a; }); }},
    {"Not", [](const KnownNode& n) { return Unary(n, [](N a) -> N { return a == 0; }); }},
    {"Or",
     [](const KnownNode& n) { return Binary(n, [](N a, N b) -> N { return a != 0 || b != 0; }); }},
    {"Range", RangeOf},
    {"ReduceMax",
     [](const KnownNode& n) {
       return ReduceAll(n, -HUGE_VALL, [](N a, N b) { return std::max(a, b); });
     }},
    {"ReduceMin",
     [](const KnownNode& n) {
       return ReduceAll(n, HUGE_VALL, [](N a, N b) { return std::min(a, b); });
     }},
    {"ReduceProd",
     [](const KnownNode& n) { return ReduceAll(n, 1, [](N a, N b) { return a * b; }); }},
    {"ReduceSum",
     [](const KnownNode& n) { return ReduceAll(n, 0, [](N a, N b) { return a + b; }); }},
    {"Reshape", ReshapeTo},
    {"Round", [](const KnownNode& n) { return Unary(n, [](N a) { return std::nearbyint(a); }); }},
    {"Slice", SliceAxes},
    {"Sqrt", [](const KnownNode& n) { return Unary(n, [](N a) { return std::sqrt(a); }); }},
    {"Squeeze", SqueezeDims},
    {"Sub", [](const KnownNode& n) { return Binary(n, [](N a, N b) { return a - b; }); }},
    {"Transpose", TransposeDims},
    {"Unsqueeze", UnsqueezeDims},
    {"Where", Select, ResultType::kSecond},
};

int32_t TypeOfResult(const KnownNode& node, ResultType type) {
  switch (type) {
    case ResultType::kFirst:
      return node.type(0);
    case ResultType::kSecond:
      return node.type(1);
    case ResultType::kBool:
      return TensorProto::BOOL;
    case ResultType::kTo:
      return static_cast<int32_t>(node.Int("to", 0));
    case ResultType::kValue:
      break;
  }
  const onnx::AttributeProto* value = node.Attribute("value");
  return value != nullptr ? value->t().data_type() : static_cast<int32_t>(TensorProto::FLOAT);
}

}  // namespace

bool EvaluateNode(const onnx::NodeProto& node, const std::vector<const TensorProto*>& inputs,
                  const std::vector<const onnx::TypeProto*>& types, TensorProto* result) {
  if (node.op_type() == "Shape" || node.op_type() == "Size") {
    const KnownNode known(node, {}, types);
    const SmallResult value = node.op_type() == "Shape" ? ShapeOf(known) : SizeOf(known);
    return value.has_value() && ToProto(*value, TensorProto::INT64, result);
  }
  const auto row = std::find_if(std::begin(kOperators), std::end(kOperators),
                                [&](const auto& each) { return each.op_type == node.op_type(); });
  if (row == std::end(kOperators) || node.output_size() != 1) return false;
  const KnownNode known(node, inputs, types);
  if (!known.IsKnown()) return false;
  const SmallResult value = row->evaluate(known);
  return value.has_value() && ToProto(*value, TypeOfResult(known, row->type), result);
}

}  // namespace modelexport
