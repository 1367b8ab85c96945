#include "modelexport/alignment/source_run.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "modelexport/alignment/group_by_row.h"

namespace modelexport {
namespace {

// Operators that one is linked to; the nearest are kept.
constexpr size_t kMaxNear = 48;

}  // namespace

SourceRun::SourceRun(const Hierarchy& hierarchy) : hierarchy_(hierarchy) {
  NameKinds();
  LinkReads();
  LinkNear();
  LinkTensors();
}

void SourceRun::NameKinds() {
  absl::flat_hash_map<absl::string_view, uint32_t> numbers;
  for (const Op& op : hierarchy_.ops()) {
    const auto added = numbers.emplace(op.name, static_cast<uint32_t>(kinds_.size()));
    if (added.second) kinds_.push_back(op.name);
    kind_.push_back(added.first->second);
  }
}

void SourceRun::LinkReads() {
  std::vector<uint32_t> direct;
  for (const Op& op : hierarchy_.ops()) {
    direct.clear();
    for (const OpRead& read : op.reads) {
      if (!read.op.valid()) continue;
      const uint32_t made_by = static_cast<uint32_t>(read.op.index());
      if (std::find(direct.begin(), direct.end(), made_by) != direct.end()) continue;
      direct.push_back(made_by);
      reads_.Append(made_by);
    }
    reads_.EndRow();
  }
}

void SourceRun::LinkNear() {
  std::vector<std::pair<uint32_t, NearOp>> behind;
  std::vector<NearOp> near;
  for (uint32_t op = 0; op < size(); ++op) {
    near.clear();
    const auto add_reads = [&](uint32_t of, int distance) {
      for (uint32_t read : reads_[of]) {
        if (near.size() == kMaxNear) return;
        const auto same = [read](const NearOp& other) { return other.op == read; };
        if (std::any_of(near.begin(), near.end(), same)) continue;
        near.push_back({read, static_cast<uint8_t>(distance)});
      }
    };
    add_reads(op, 0);
    for (size_t i = 0; i < near.size() && near[i].distance + 1 < kMaxDistance; ++i) {
      add_reads(near[i].op, near[i].distance + 1);
    }
    for (const NearOp& one : near) {
      before_.Append(one);
      behind.push_back({one.op, {op, one.distance}});
    }
    before_.EndRow();
  }
  behind_ = GroupByRow(behind, size());
}

void SourceRun::LinkTensors() {
  std::vector<std::pair<uint32_t, uint32_t>> readers;
  reads_tensors_.resize(size());
  for (uint32_t op = 0; op < size(); ++op) {
    for (const OpRead& read : hierarchy_.ops()[op].reads) {
      if (!read.tensor.valid()) continue;
      reads_tensors_[op] = true;
      readers.emplace_back(read.tensor.index(), op);
    }
  }
  std::stable_sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  readers_ = GroupByRow(readers, hierarchy_.tensors().size());
}

}  // namespace modelexport
