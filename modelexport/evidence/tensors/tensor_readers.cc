#include "modelexport/evidence/tensors/tensor_readers.h"

#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_map.h"

namespace modelexport {
TensorReaders::TensorReaders(const Hierarchy& hierarchy)
    : hierarchy_(hierarchy),
      readers_(hierarchy.tensors().size()),
      times_read_(readers_.size()),
      group_of_(readers_.size()) {
  ReadOps();
  AssumeOwners();
  GroupEquals();
}

void TensorReaders::ReadOps() {
  for (const Op& op : hierarchy_.ops()) {
    for (const OpRead& read : op.reads) {
      if (!read.tensor.valid()) continue;
      ++times_read_[read.tensor.index()];
      std::vector<TensorReader>& readers = readers_[read.tensor.index()];
      const auto same = [&op](const TensorReader& reader) { return reader.call == op.call; };
      if (std::any_of(readers.begin(), readers.end(), same)) continue;
      readers.push_back({hierarchy_.call(op.call).module, op.call});
    }
  }
}

void TensorReaders::AssumeOwners() {
  std::vector<std::vector<CallId>> calls_of(hierarchy_.modules().size());
  for (size_t i = 0; i < hierarchy_.calls().size(); ++i) {
    calls_of[hierarchy_.calls()[i].module.index()].push_back(CallId(i));
  }
  for (size_t i = 0; i < readers_.size(); ++i) {
    if (!readers_[i].empty()) continue;
    const ModuleId module = hierarchy_.NearestCalled(hierarchy_.tensors()[i].owner);
    for (CallId call : calls_of[module.index()]) readers_[i].push_back({module, call});
    if (readers_[i].empty()) readers_[i].push_back({module, CallId()});
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
