#include "modelexport/validation/onnx_evaluator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "modelexport/validation/small_tensor.h"
#include "onnx/defs/tensor_proto_util.h"
#include "onnx/onnx_pb.h"

namespace modelexport {
namespace {

using onnx::TensorProto;

template <typename T>
std::vector<SmallNumber> Numbers(const TensorProto& tensor) {
  const std::vector<T> values = onnx::ParseData<T>(&tensor);
  return {values.begin(), values.end()};
}

std::vector<SmallNumber> Bools(const TensorProto& tensor) {
  if (!tensor.has_raw_data()) return {tensor.int32_data().begin(), tensor.int32_data().end()};
  return {tensor.raw_data().begin(), tensor.raw_data().end()};
}

SmallResult FromProto(const TensorProto& tensor) {
  if (tensor.dims_size() > kMaxSmallRank) return absl::nullopt;
  SmallTensor small{{tensor.dims().begin(), tensor.dims().end()}, {}};
  int64_t count = 1;
  for (int64_t dim : small.dims) {
    if (dim < 0 || dim > kMaxSmallTensor) return absl::nullopt;
    count *= dim;
    if (count > kMaxSmallTensor) return absl::nullopt;
  }
  switch (tensor.data_type()) {
    case TensorProto::INT64:
      small.numbers = Numbers<int64_t>(tensor);
      break;
    case TensorProto::INT32:
      small.numbers = Numbers<int32_t>(tensor);
      break;
    case TensorProto::FLOAT:
      small.numbers = Numbers<float>(tensor);
      break;
    case TensorProto::DOUBLE:
      small.numbers = Numbers<double>(tensor);
      break;
    case TensorProto::BOOL:
      small.numbers = Bools(tensor);
      break;
    default:
      return absl::nullopt;
  }
  if (static_cast<int64_t>(small.numbers.size()) != count) return absl::nullopt;
  return small;
}

// Whether the number is of the type, rounded as it rounds.
bool Round(int32_t type, SmallNumber* number) {
  switch (type) {
    case TensorProto::FLOAT:
      *number = static_cast<float>(*number);
      return true;
    case TensorProto::DOUBLE:
      *number = static_cast<double>(*number);
      return true;
    case TensorProto::BOOL:
      *number = *number != 0 ? 1 : 0;
      return true;
    case TensorProto::INT32:
    case TensorProto::INT64: {
      *number = std::trunc(*number);
      const SmallNumber limit = std::ldexp(SmallNumber{1}, type == TensorProto::INT32 ? 31 : 63);
      return *number >= -limit && *number < limit;  // Not so of what is not a number.
    }
    default:
      return false;
  }
}

bool ToProto(const SmallTensor& small, int32_t type, TensorProto* tensor) {
  for (int64_t dim : small.dims) tensor->add_dims(dim);
  tensor->set_data_type(type);
  for (SmallNumber number : small.numbers) {
    if (!Round(type, &number)) return false;
    switch (type) {
      case TensorProto::INT64:
        tensor->add_int64_data(static_cast<int64_t>(number));
        break;
      case TensorProto::FLOAT:
        tensor->add_float_data(static_cast<float>(number));
        break;
      case TensorProto::DOUBLE:
        tensor->add_double_data(static_cast<double>(number));
        break;
      default:
        tensor->add_int32_data(static_cast<int32_t>(number));
    }
  }
  return true;
}

bool IsInteger(int32_t type) { return type == TensorProto::INT32 || type == TensorProto::INT64; }

bool IsFloat(int32_t type) { return type == TensorProto::FLOAT || type == TensorProto::DOUBLE; }

// A node with the inputs that are known.
class KnownNode {
 public:
  KnownNode(const onnx::NodeProto& node, const std::vector<const TensorProto*>& inputs,
            const std::vector<const onnx::TypeProto*>& types)
      : node_(node), protos_(inputs), types_(types) {
    for (const TensorProto* input : inputs) {
      inputs_.push_back(input != nullptr ? FromProto(*input) : absl::nullopt);
    }
  }

  // Whether all inputs that are not left out are known.
  bool IsKnown() const {
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (Has(i) && !inputs_[i].has_value()) return false;
    }
    return !inputs_.empty();
  }

  size_t num_inputs() const { return inputs_.size(); }
  bool Has(size_t i) const {
    return i < inputs_.size() && !node_.input(static_cast<int>(i)).empty();
  }
  const SmallTensor& in(size_t i) const { return *inputs_[i]; }
  int32_t type(size_t i) const { return protos_[i]->data_type(); }
  const onnx::TypeProto* value_type(size_t i) const {
    return i < types_.size() ? types_[i] : nullptr;
  }

  const onnx::AttributeProto* Attribute(absl::string_view name) const {
    const auto found = std::find_if(node_.attribute().begin(), node_.attribute().end(),
                                    [&](const auto& each) { return each.name() == name; });
    return found == node_.attribute().end() ? nullptr : &*found;
  }
  int64_t Int(absl::string_view name, int64_t otherwise) const {
    const onnx::AttributeProto* attribute = Attribute(name);
    return attribute != nullptr ? attribute->i() : otherwise;
  }

  // The numbers of the attribute, as old versions of operators have it, or of an input.
  absl::optional<std::vector<int64_t>> Ints(absl::string_view name, size_t input) const {
    if (const onnx::AttributeProto* attribute = Attribute(name)) {
      return std::vector<int64_t>(attribute->ints().begin(), attribute->ints().end());
    }
    if (!Has(input) || !IsInteger(type(input))) return absl::nullopt;
    return std::vector<int64_t>(in(input).numbers.begin(), in(input).numbers.end());
  }

 private:
  const onnx::NodeProto& node_;
  const std::vector<const TensorProto*>& protos_;
  const std::vector<const onnx::TypeProto*>& types_;
  std::vector<SmallResult> inputs_;
};

// The position that a negative one means; absent if it is not below `size`.
absl::optional<int64_t> Within(int64_t position, int64_t size) {
  if (position < 0) position += size;
  if (position < 0 || position >= size) return absl::nullopt;
  return position;
}

int64_t Rank(const SmallTensor& tensor) { return static_cast<int64_t>(tensor.dims.size()); }

// Elementwise operators.

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

// Operators that move elements.

SmallResult Reshaped(const KnownNode& node, std::vector<int64_t> dims) {
  SmallTensor result = node.in(0);
  result.dims = std::move(dims);
  return result;
}

SmallResult ReshapeTo(const KnownNode& node) {
  auto dims = node.Ints("shape", 1);
  if (!dims.has_value()) return absl::nullopt;
  const SmallTensor& data = node.in(0);
  int64_t known = 1;
  int64_t* open = nullptr;
  for (size_t i = 0; i < dims->size(); ++i) {
    int64_t& dim = (*dims)[i];
    if (dim == 0 && node.Int("allowzero", 0) == 0 && i < data.dims.size()) dim = data.dims[i];
    if (dim == -1 && open == nullptr) {
      open = &dim;
    } else if (dim < 0 || dim > kMaxSmallTensor || (known *= dim) > kMaxSmallTensor) {
      return absl::nullopt;
    }
  }
  const int64_t count = static_cast<int64_t>(data.numbers.size());
  if (open != nullptr && known > 0) known *= (*open = count / known);
  return known == count ? Reshaped(node, *std::move(dims)) : absl::nullopt;
}

SmallResult SqueezeDims(const KnownNode& node) {
  const auto axes = node.Ints("axes", 1);
  std::vector<bool> gone(node.in(0).dims.size());
  for (size_t i = 0; i < gone.size(); ++i) gone[i] = !axes.has_value() && node.in(0).dims[i] == 1;
  for (int64_t axis : axes.value_or(std::vector<int64_t>())) {
    const auto at = Within(axis, Rank(node.in(0)));
    if (!at.has_value() || node.in(0).dims[*at] != 1) return absl::nullopt;
    gone[*at] = true;
  }
  std::vector<int64_t> dims;
  for (size_t i = 0; i < gone.size(); ++i) {
    if (!gone[i]) dims.push_back(node.in(0).dims[i]);
  }
  return Reshaped(node, std::move(dims));
}

SmallResult UnsqueezeDims(const KnownNode& node) {
  const auto axes = node.Ints("axes", 1);
  if (!axes.has_value()) return absl::nullopt;
  std::vector<bool> added(node.in(0).dims.size() + axes->size());
  for (int64_t axis : *axes) {
    const auto at = Within(axis, static_cast<int64_t>(added.size()));
    if (!at.has_value() || added[*at]) return absl::nullopt;
    added[*at] = true;
  }
  std::vector<int64_t> dims;
  size_t next = 0;
  for (bool is_added : added) dims.push_back(is_added ? 1 : node.in(0).dims[next++]);
  return Reshaped(node, std::move(dims));
}

SmallResult FlattenDims(const KnownNode& node) {
  const int64_t axis = node.Int("axis", 1), rank = Rank(node.in(0));
  if (axis < -rank || axis > rank) return absl::nullopt;
  std::vector<int64_t> dims{1, 1};
  for (int64_t i = 0; i < rank; ++i)
    dims[i < (axis < 0 ? axis + rank : axis) ? 0 : 1] *= node.in(0).dims[i];
  return Reshaped(node, std::move(dims));
}

SmallResult TransposeDims(const KnownNode& node) {
  const SmallTensor& data = node.in(0);
  std::vector<int64_t> permutation;
  if (const onnx::AttributeProto* perm = node.Attribute("perm")) {
    permutation.assign(perm->ints().begin(), perm->ints().end());
  } else {
    for (int64_t i = Rank(data); i-- > 0;) permutation.push_back(i);
  }
  std::vector<int64_t> sorted = permutation, dims;
  std::sort(sorted.begin(), sorted.end());
  for (int64_t i = 0; i < Rank(data); ++i) {
    if (static_cast<int64_t>(sorted.size()) != Rank(data) || sorted[i] != i) return absl::nullopt;
    dims.push_back(data.dims[permutation[i]]);
  }
  return MakeSmall(dims, [&](SmallPosition at) {
    std::vector<int64_t> from(at.size());
    for (size_t i = 0; i < at.size(); ++i) from[permutation[i]] = at[i];
    return ElementAt(data, from);
  });
}

SmallResult GatherAlong(const KnownNode& node) {
  if (node.num_inputs() != 2 || !IsInteger(node.type(1))) return absl::nullopt;
  const SmallTensor &data = node.in(0), &indices = node.in(1);
  const auto axis = Within(node.Int("axis", 0), Rank(data));
  if (!axis.has_value()) return absl::nullopt;
  const int64_t size = data.dims[*axis];
  for (SmallNumber index : indices.numbers) {
    if (!Within(static_cast<int64_t>(index), size).has_value()) return absl::nullopt;
  }
  std::vector<int64_t> dims(data.dims.begin(), data.dims.begin() + *axis);
  dims.insert(dims.end(), indices.dims.begin(), indices.dims.end());
  dims.insert(dims.end(), data.dims.begin() + *axis + 1, data.dims.end());
  return MakeSmall(dims, [&](SmallPosition at) {
    const auto index =
        static_cast<int64_t>(ElementAt(indices, at.subspan(*axis, indices.dims.size())));
    std::vector<int64_t> from(at.begin(), at.begin() + *axis);
    from.push_back(*Within(index, size));
    from.insert(from.end(), at.begin() + *axis + indices.dims.size(), at.end());
    return ElementAt(data, from);
  });
}

// Which elements of one axis Slice takes.
struct AxisSlice {
  int64_t first = 0, step = 1, count = 0;
};

absl::optional<AxisSlice> SliceOf(int64_t size, int64_t start, int64_t end, int64_t step) {
  if (step == 0 || step == INT64_MIN) return absl::nullopt;
  const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
  if (start < 0) start += size;
  if (end < 0) end = end < -size ? -1 : end + size;  // Without overflow at INT64_MIN.
  start = std::clamp<int64_t>(start, std::max<int64_t>(low, 0), high);
  end = std::clamp(end, low, size);
  AxisSlice slice{start, step, 0};
  if (step > 0 && end > start) slice.count = (end - start - 1) / step + 1;
  if (step < 0 && end < start) slice.count = (start - end - 1) / -step + 1;
  return slice;
}

SmallResult SliceAxes(const KnownNode& node) {
  const SmallTensor& data = node.in(0);
  const auto starts = node.Ints("starts", 1), ends = node.Ints("ends", 2);
  auto axes = node.Ints("axes", 3);
  const auto steps = node.Ints("steps", 4);
  if (!starts.has_value() || !ends.has_value() || starts->size() != ends->size()) {
    return absl::nullopt;
  }
  std::vector<AxisSlice> slices;
  for (int64_t dim : data.dims) slices.push_back({0, 1, dim});
  for (size_t i = 0; i < starts->size(); ++i) {
    if ((axes.has_value() && i >= axes->size()) || (steps.has_value() && i >= steps->size())) {
      return absl::nullopt;
    }
    const auto axis = Within(axes.has_value() ? (*axes)[i] : static_cast<int64_t>(i), Rank(data));
    if (!axis.has_value()) return absl::nullopt;
    const auto slice =
        SliceOf(data.dims[*axis], (*starts)[i], (*ends)[i], steps.has_value() ? (*steps)[i] : 1);
    if (!slice.has_value()) return absl::nullopt;
    slices[*axis] = *slice;
  }
  std::vector<int64_t> dims;
  for (const AxisSlice& slice : slices) dims.push_back(slice.count);
  return MakeSmall(dims, [&](SmallPosition at) {
    std::vector<int64_t> from;
    for (size_t i = 0; i < at.size(); ++i) from.push_back(slices[i].first + at[i] * slices[i].step);
    return ElementAt(data, from);
  });
}

SmallResult ConcatAlong(const KnownNode& node) {
  SmallTensor result = node.in(0);
  if (Rank(result) != 1) return absl::nullopt;
  for (size_t i = 1; i < node.num_inputs(); ++i) {
    if (Rank(node.in(i)) != 1) return absl::nullopt;
    const std::vector<SmallNumber>& more = node.in(i).numbers;
    result.numbers.insert(result.numbers.end(), more.begin(), more.end());
  }
  result.dims[0] = static_cast<int64_t>(result.numbers.size());
  return result.dims[0] <= kMaxSmallTensor ? SmallResult(std::move(result)) : absl::nullopt;
}

SmallResult ExpandTo(const KnownNode& node) {
  const auto shape = node.Ints("shape", 1);
  auto dims = BroadcastDims(node.in(0).dims, shape.value_or(std::vector<int64_t>()));
  if (!shape.has_value() || !dims.has_value()) return absl::nullopt;
  return MakeSmall(*std::move(dims), [&](SmallPosition at) { return BroadcastAt(node.in(0), at); });
}

// Operators that make numbers.

SmallResult RangeOf(const KnownNode& node) {
  if (node.num_inputs() != 3) return absl::nullopt;
  for (size_t i = 0; i < 3; ++i) {
    if (node.in(i).numbers.size() != 1) return absl::nullopt;
  }
  const SmallNumber start = node.in(0).numbers[0], limit = node.in(1).numbers[0];
  const SmallNumber step = node.in(2).numbers[0];
  const SmallNumber count = std::max<SmallNumber>(std::ceil((limit - start) / step), 0);
  if (!(count <= kMaxSmallTensor)) return absl::nullopt;  // So it is, too, if it is no number.
  return MakeSmall({static_cast<int64_t>(count)},
                   [&](SmallPosition at) { return start + at[0] * step; });
}

SmallResult Filled(const KnownNode& node) {
  if (!IsInteger(node.type(0))) return absl::nullopt;
  SmallNumber number = 0;
  if (const onnx::AttributeProto* value = node.Attribute("value")) {
    const SmallResult given = FromProto(value->t());
    if (!given.has_value() || given->numbers.size() != 1) return absl::nullopt;
    number = given->numbers[0];
  }
  return MakeSmall({node.in(0).numbers.begin(), node.in(0).numbers.end()},
                   [&](SmallPosition) { return number; });
}

// Of all elements, as exporters do it for the number of elements.
template <typename Function>
SmallResult ReduceAll(const KnownNode& node, SmallNumber first, Function function) {
  if (node.Int("noop_with_empty_axes", 0) != 0) return absl::nullopt;
  const auto axes = node.Ints("axes", 1);
  if (Rank(node.in(0)) > 1 && axes.has_value() && axes->size() != node.in(0).dims.size()) {
    return absl::nullopt;
  }
  for (SmallNumber number : node.in(0).numbers) first = function(first, number);
  std::vector<int64_t> dims;
  if (node.Int("keepdims", 1) != 0) dims.assign(node.in(0).dims.size(), 1);
  return SmallTensor{std::move(dims), {first}};
}

// The dims of a value of which the type is enough.
absl::optional<std::vector<int64_t>> KnownDims(const onnx::TypeProto* type) {
  if (type == nullptr || !type->has_tensor_type() || !type->tensor_type().has_shape()) {
    return absl::nullopt;
  }
  std::vector<int64_t> dims;
  for (const auto& dim : type->tensor_type().shape().dim()) {
    dims.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  }
  return dims;
}

SmallResult ShapeOf(const KnownNode& node) {
  const auto dims = KnownDims(node.value_type(0));
  if (!dims.has_value()) return absl::nullopt;
  const int64_t rank = static_cast<int64_t>(dims->size());
  const auto slice = SliceOf(rank, node.Int("start", 0), node.Int("end", rank), 1);
  SmallTensor shape{{slice->count}, {}};
  for (int64_t i = 0; i < slice->count; ++i) {
    if ((*dims)[slice->first + i] < 0) return absl::nullopt;
    shape.numbers.push_back((*dims)[slice->first + i]);
  }
  return shape;
}

SmallResult SizeOf(const KnownNode& node) {
  const auto dims = KnownDims(node.value_type(0));
  if (!dims.has_value()) return absl::nullopt;
  SmallNumber size = 1;
  for (int64_t dim : *dims) {
    if (dim < 0) return absl::nullopt;
    size *= dim;
  }
  return SmallTensor{{}, {size}};
}

// The table of operators.

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
