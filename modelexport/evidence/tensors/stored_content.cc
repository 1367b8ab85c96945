#include "modelexport/evidence/tensors/stored_content.h"

#include <cmath>
#include <utility>

#include "absl/strings/match.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/element_type.h"

namespace modelexport {
namespace {

constexpr uint64_t kMaxScales = 1 << 22;

// Converters to float16 move what is smaller than 1e-7 to that, so that nothing becomes 0; this is
// what float16 makes of it.
constexpr double kSmallestOfConverters = 0x1p-23;

// How far elements of a type may be from the source's. Integers are exact.
class Rounding {
 public:
  explicit Rounding(const ElementType& type)
      : relative_(type.is_float ? std::ldexp(1.0, -type.mantissa_bits - 1) : 0),
        smallest_(type.is_float && type.bits == 16 ? kSmallestOfConverters : 0) {}

  double ErrorOf(double element) const { return std::abs(element) * relative_ + smallest_; }

  // About the sum of the errors' squares, for the elements' sum of squares.
  double SquaresOf(double squares, uint64_t count) const {
    return relative_ * relative_ * squares + smallest_ * smallest_ * static_cast<double>(count);
  }

 private:
  const double relative_;  // Half the distance to the next number.
  const double smallest_;
};

const ElementType* TypeOf(const StoredValue& value) { return ElementTypeOf(value.data_type); }

absl::StatusOr<std::vector<double>> ReadAll(const StoredValues& values, const StoredValue& value) {
  if (value.count > kMaxScales) return absl::OutOfRangeError("too many scales");
  std::vector<double> all;
  MX_RETURN_IF_ERROR(values.Read(value, [&all](absl::Span<const double> block) {
    all.insert(all.end(), block.begin(), block.end());
  }));
  return all;
}

// The dims of a scale, one for each of the tensor's: 1 where it does not differ along an axis.
// Absent if it does not fit the tensor.
absl::optional<std::vector<int64_t>> SpreadDims(const StoredValue& tensor, const StoredValue& scale,
                                                int axis) {
  const int64_t rank = static_cast<int64_t>(tensor.dims.size());
  std::vector<int64_t> dims(rank, 1);
  if (scale.count == 1) return dims;
  if (scale.dims.size() == tensor.dims.size() && rank > 1) {  // One for each block.
    for (int64_t i = 0; i < rank; ++i) {
      if (scale.dims[i] == 0 || tensor.dims[i] % scale.dims[i] != 0) return absl::nullopt;
    }
    return scale.dims;
  }
  const int64_t at = axis < 0 ? axis + rank : axis;
  if (scale.dims.size() != 1 || at < 0 || at >= rank) return absl::nullopt;
  if (tensor.dims[at] != scale.dims[0]) return absl::nullopt;
  dims[at] = scale.dims[0];
  return dims;
}

}  // namespace

// The scale and zero point of each element of a quantized tensor.
class StoredContent::Scales {
 public:
  static absl::StatusOr<Scales> Read(const StoredContent& content) {
    const Quantization& quantization = *content.quantization_;
    const auto scale = content.values_.Find(quantization.scale);
    if (!scale.has_value()) return absl::NotFoundError("a scale that is not stored");
    if (quantization.moved && scale->count != 1) {
      return absl::UnimplementedError("scales along an axis that was moved");
    }
    const auto dims = SpreadDims(content.value_, *scale, quantization.axis);
    if (!dims.has_value()) return absl::InvalidArgumentError("a scale of other dims");
    Scales scales;
    scales.tensor_dims_ = content.value_.dims;
    scales.dims_ = *dims;
    MX_ASSIGN_OR_RETURN(scales.scales_, ReadAll(content.values_, *scale));
    MX_RETURN_IF_ERROR(scales.ReadZeroPoints(content));
    for (size_t i = scales.dims_.size(); i-- > 0 && scales.dims_[i] == 1;) {
      scales.run_ *= scales.tensor_dims_[i];
    }
    return scales;
  }

  // How many consecutive elements share a scale, from each multiple of that on.
  uint64_t run() const { return run_; }

  double scale(uint64_t element) const { return scales_[IndexOf(element)]; }
  double zero_point(uint64_t element) const {
    return zero_points_.size() == 1 ? zero_points_[0] : zero_points_[IndexOf(element)];
  }

 private:
  absl::Status ReadZeroPoints(const StoredContent& content) {
    zero_points_ = {0};
    if (!content.quantization_->zero_point.valid()) return absl::OkStatus();
    const auto zero_point = content.values_.Find(content.quantization_->zero_point);
    if (!zero_point.has_value()) return absl::NotFoundError("a zero point that is not stored");
    if (zero_point->count != 1 && zero_point->count != scales_.size()) {
      return absl::InvalidArgumentError("a zero point of other dims");
    }
    MX_ASSIGN_OR_RETURN(zero_points_, ReadAll(content.values_, *zero_point));
    return absl::OkStatus();
  }

  size_t IndexOf(uint64_t element) const {
    if (scales_.size() == 1) return 0;
    size_t index = 0;
    size_t stride = 1;
    for (size_t i = dims_.size(); i-- > 0;) {
      const uint64_t at = element % tensor_dims_[i];
      element /= tensor_dims_[i];
      index += stride * (at / (tensor_dims_[i] / dims_[i]));
      stride *= dims_[i];
    }
    return index;
  }

  std::vector<int64_t> tensor_dims_;
  std::vector<int64_t> dims_;
  std::vector<double> scales_;
  std::vector<double> zero_points_;
  uint64_t run_ = 1;
};

StoredContent::StoredContent(const GraphView& graph, const StoredValues& values, ValueId id,
                             StoredValue value)
    : graph_(graph), values_(values), value_(std::move(value)) {
  const ElementType* const type = TypeOf(value_);
  if (type != nullptr && !type->is_float) quantization_ = QuantizationOf(graph_, id);
}

bool StoredContent::MayHold(absl::string_view dtype) const {
  const ElementType* const type = TypeOf(value_);
  if (type == nullptr) return false;
  if (dtype.empty()) return true;
  const bool is_float = absl::StrContains(dtype, "float");
  return is_float == (type->is_float || quantization_.has_value());
}

template <typename Visit>
absl::Status StoredContent::ReadReal(Visit visit) const {
  const ElementType& type = *TypeOf(value_);
  if (!quantization_.has_value()) {
    const Rounding rounding(type);
    return values_.Read(value_, [&](absl::Span<const double> block) {
      for (const double element : block) visit(element, rounding.ErrorOf(element));
    });
  }
  MX_ASSIGN_OR_RETURN(const Scales scales, Scales::Read(*this));
  uint64_t at = 0;
  double scale = 0;
  double zero_point = 0;
  return values_.Read(value_, [&](absl::Span<const double> block) {
    for (const double element : block) {
      if (at % scales.run() == 0) {
        scale = scales.scale(at);
        zero_point = scales.zero_point(at);
      }
      ++at;
      visit(scale * (element - zero_point), std::abs(scale) / 2);
    }
  });
}

absl::StatusOr<ContentSums> StoredContent::Sums() const {
  // Sums of sums: what is rounded off does not grow with the number of elements.
  constexpr uint64_t kPartElements = 4096;
  ContentSums whole;
  ContentSums part;
  const auto end_part = [&] {
    whole.Add(part);
    part = ContentSums();
  };
  if (!quantization_.has_value()) {
    const Rounding rounding(*TypeOf(value_));
    MX_RETURN_IF_ERROR(values_.Read(value_, [&](absl::Span<const double> block) {
      for (const double element : block) part.AddExact(element);
      part.AddError(rounding.ErrorOf(std::max(-part.min, part.max)),
                    rounding.SquaresOf(part.squares, part.count));
      end_part();
    }));
    return whole;
  }
  MX_RETURN_IF_ERROR(ReadReal([&](double element, double error) {
    part.Add(element, error);
    if (part.count == kPartElements) end_part();
  }));
  end_part();
  return whole;
}

absl::StatusOr<std::vector<std::vector<ContentSums>>> StoredContent::SumsAlongAxes(
    const std::vector<bool>& wanted) const {
  const std::vector<int64_t>& dims = value_.dims;
  std::vector<std::vector<ContentSums>> sums(dims.size());
  for (size_t i = 0; i < dims.size(); ++i) {
    if (wanted[i]) sums[i].resize(dims[i]);
  }
  uint64_t at = 0;
  MX_RETURN_IF_ERROR(ReadReal([&](double element, double error) {
    uint64_t rest = at++;
    for (size_t i = dims.size(); i-- > 0; rest /= dims[i]) {
      if (!sums[i].empty()) sums[i][rest % dims[i]].Add(element, error);
    }
  }));
  return sums;
}

}  // namespace modelexport
