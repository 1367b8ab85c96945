#include "modelexport/evidence/tensors/tensor_readers.h"

#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace modelexport {
TensorReaders::TensorReaders(const Hierarchy& hierarchy)
    : hierarchy_(hierarchy),
      by_ops_(hierarchy.tensors().size()),
      by_module_(hierarchy.modules().size()),
      readers_(hierarchy.tensors().size()),
      times_read_(readers_.size()),
      group_of_(readers_.size()) {
  ReadOps();
  AssumeOwners();
  GroupEquals();
}

void TensorReaders::ReadOps() {
  absl::flat_hash_set<std::pair<TensorId, CallId>> seen;
  for (const Op& op : hierarchy_.ops()) {
    for (const OpRead& read : op.reads) {
      if (!read.tensor.valid()) continue;
      ++times_read_[read.tensor.index()];
      if (!seen.emplace(read.tensor, op.call).second) continue;
      by_ops_[read.tensor.index()].push_back({hierarchy_.call(op.call).module, op.call});
    }
  }
}

void TensorReaders::AssumeOwners() {
  std::vector<std::vector<CallId>> calls_of(hierarchy_.modules().size());
  for (size_t i = 0; i < hierarchy_.calls().size(); ++i) {
    calls_of[hierarchy_.calls()[i].module.index()].push_back(CallId(i));
  }
  for (size_t i = 0; i < readers_.size(); ++i) {
    readers_[i] = by_ops_[i];
    if (!readers_[i].empty()) continue;
    const ModuleId module = hierarchy_.NearestCalled(hierarchy_.tensors()[i].owner);
    std::vector<TensorReader>& readers = by_module_[module.index()];
    if (readers.empty()) {
      for (CallId call : calls_of[module.index()]) readers.push_back({module, call});
    }
    if (readers.empty()) readers.push_back({module, CallId()});
    readers_[i] = readers;
    times_read_[i] = readers_[i].size();
  }
}

void TensorReaders::GroupEquals() {
  using Key = std::tuple<absl::Span<const int64_t>, double, double, double, double>;
  absl::flat_hash_map<Key, size_t> group_of;
  for (size_t i = 0; i < readers_.size(); ++i) {
    const Tensor& tensor = hierarchy_.tensors()[i];
    group_of_[i] = groups_.size();
    if (tensor.stats.has_value()) {
      const TensorStats& stats = *tensor.stats;
      const Key key(tensor.shape, stats.min, stats.max, stats.mean, stats.l2);
      group_of_[i] = group_of.emplace(key, groups_.size()).first->second;
    }
    if (group_of_[i] == groups_.size()) groups_.emplace_back();
    groups_[group_of_[i]].push_back(TensorId(i));
  }
}

absl::Span<const TensorId> TensorReaders::equals(TensorId tensor) const {
  return groups_[group_of_[tensor.index()]];
}

}  // namespace modelexport
