#include "modelexport/validation/shapes/small_proto.h"

#include <cmath>
#include <vector>

#include "absl/types/optional.h"
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

}  // namespace

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

}  // namespace modelexport
