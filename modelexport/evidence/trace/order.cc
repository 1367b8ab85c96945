#include "modelexport/evidence/trace/order.h"

#include <numeric>
#include <utility>

#include "modelexport/evidence/trace/data_order.h"

namespace modelexport {
namespace {

std::vector<uint32_t> Inverse(const std::vector<uint32_t>& order) {
  std::vector<uint32_t> inverse(order.size());
  for (size_t i = 0; i < order.size(); ++i) inverse[order[i]] = static_cast<uint32_t>(i);
  return inverse;
}

Order MakeOrder(std::vector<uint32_t> images, std::vector<uint32_t> ops) {
  std::vector<uint32_t> position_of = Inverse(ops);
  return {std::move(images), std::move(ops), std::move(position_of)};
}

}  // namespace

Order OrderAsGiven(const SourceRun& source, const Image& image) {
  std::vector<uint32_t> images(image.size()), ops(source.size());
  std::iota(images.begin(), images.end(), 0);
  std::iota(ops.begin(), ops.end(), 0);
  return MakeOrder(std::move(images), std::move(ops));
}

Order OrderByData(const SourceRun& source, const Image& image) {
  return MakeOrder(DataOrder(image.size(), [&](uint32_t i) { return image.producers(i); }),
                   DataOrder(source.size(), [&](uint32_t op) { return source.reads(op); }));
}

}  // namespace modelexport
