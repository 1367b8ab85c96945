#include "modelexport/evidence/trace/source_run.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/group_by_row.h"

namespace modelexport {
namespace {

// Operators that one is linked to; the nearest are kept.
constexpr size_t kMaxNear = 48;

// Models have a few hundred at most. More would make tables of all pairs of kinds too large.
constexpr uint32_t kMaxKinds = 1024;

// Of what an operator read that returned it: a chain of them would list all before it, each again.
constexpr size_t kMaxHandedOn = 4;

}  // namespace

SourceRun::SourceRun(const Hierarchy& hierarchy, const std::atomic<bool>* cancelled)
    : hierarchy_(hierarchy), module_ranges_(hierarchy) {
  NameKinds();
  LinkReads();
  LinkNear(cancelled);
  LinkTensors();
}

void SourceRun::NameKinds() {
  absl::flat_hash_map<absl::string_view, uint32_t> numbers;
  for (const Op& op : hierarchy_.ops()) {
    const uint32_t next = std::min(static_cast<uint32_t>(kinds_.size()), kMaxKinds - 1);
    const auto added = numbers.emplace(op.name, next);
    if (added.second && next == kinds_.size()) kinds_.push_back(op.name);
    kind_.push_back(added.first->second);
  }
}

void SourceRun::LinkReads() {
  constexpr uint32_t kNobody = 0xFFFFFFFF;
  std::vector<uint32_t> last_reader(size(), kNobody);
  for (uint32_t op = 0; op < size(); ++op) {
    const auto add = [&](uint32_t read) {
      if (std::exchange(last_reader[read], op) != op) reads_.Append(read);
    };
    for (const OpRead& read : hierarchy_.ops()[op].reads) {
      if (!read.op.valid()) continue;
      const uint32_t direct = static_cast<uint32_t>(read.op.index());
      add(direct);
      if (!returns_read(direct)) continue;
      const size_t handed_on = std::min(reads_[direct].size(), kMaxHandedOn);
      for (size_t i = 0; i < handed_on; ++i) add(reads_[direct][i]);
    }
    reads_.EndRow();
  }
}

void SourceRun::LinkNear(const std::atomic<bool>* cancelled) {
  std::vector<std::pair<uint32_t, NearOp>> behind;
  std::vector<NearOp> near;
  for (uint32_t op = 0; op < size(); ++op) {
    if (EndsEarly(cancelled, op)) return;
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
    for (const NearOp& one : near) behind.push_back({one.op, {op, one.distance}});
  }
  behind_ = GroupByRow(behind, size());
}

void SourceRun::LinkTensors() {
  has_unlisted_bodies_ = std::any_of(kinds_.begin(), kinds_.end(), [](absl::string_view kind) {
    return absl::StrContains(kind, "higher_order.");
  });
  std::vector<std::pair<uint32_t, uint32_t>> readers;
  reads_tensors_.resize(size());
  for (uint32_t op = 0; op < size(); ++op) {
    for (const OpRead& read : hierarchy_.ops()[op].reads) {
      knows_reads_ = knows_reads_ || read.op.valid() || read.tensor.valid();
      if (!read.tensor.valid()) continue;
      reads_tensors_[op] = true;
      readers.emplace_back(read.tensor.index(), op);
    }
  }
  std::sort(readers.begin(), readers.end());
  readers.erase(std::unique(readers.begin(), readers.end()), readers.end());
  readers_ = GroupByRow(readers, hierarchy_.tensors().size());
}

}  // namespace modelexport
