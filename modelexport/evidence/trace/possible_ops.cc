#include "modelexport/evidence/trace/possible_ops.h"

#include <algorithm>
#include <vector>

#include "absl/algorithm/container.h"
#include "modelexport/base/cancellation.h"

namespace modelexport {
namespace {

// Known results around an image, on one side. Each can but leave out operators, so that those
// beyond need not be asked.
constexpr size_t kMaxResults = 4;

// Operands that are followed before an operator; one with more leaves nothing out.
constexpr size_t kMaxOperands = 16;

class Results {
 public:
  void Add(uint32_t op) {
    if (size_ < kMaxResults && !absl::c_linear_search(ops(), op)) ops_[size_++] = op;
  }

  absl::Span<const uint32_t> ops() const { return {ops_, size_}; }

 private:
  uint32_t ops_[kMaxResults];
  size_t size_ = 0;
};

// What lies between known results in the source run.
class Between {
 public:
  Between(const SourceRun& source, absl::Span<const uint32_t> made,
          const std::atomic<bool>* cancelled)
      : source_(source), is_known_(source.size()), is_behind_(source.size()) {
    for (uint32_t op : made) {
      if (op != kNoOp) is_known_[op] = is_behind_[op] = true;
    }
    for (uint32_t op = 0; op < source.size(); ++op) {
      for (uint32_t read : source.reads(op)) is_behind_[op] = is_behind_[op] || is_behind_[read];
    }
    for (uint32_t op = 0; op < source.size(); ++op) {
      if (EndsEarly(cancelled, op)) return;
      FollowOperands(op);
    }
  }

  // An operator and, of those whose results are not known, all on the way to it; empty if that is
  // too long.
  absl::Span<const uint32_t> WayTo(uint32_t op) const { return way_to_[op]; }

  // Whether an operator is on the way that begins with a result, as far as can be told.
  bool IsBehind(uint32_t op, uint32_t result) const {
    return way_to_[op].empty() || absl::c_linear_search(starts_[op], result);
  }

 private:
  // What no known result leads to is left out, such as what was computed from weights alone: it is
  // often long, and its images are not between known results either.
  void FollowOperands(uint32_t op) {
    std::vector<uint32_t> way{op}, starts;
    size_t followed = 0;
    for (size_t i = 0; i < way.size(); ++i) {
      for (uint32_t read : source_.reads(way[i])) {
        if (!is_behind_[read]) continue;
        if (++followed > kMaxOperands) break;
        std::vector<uint32_t>& list = is_known_[read] ? starts : way;
        if (!absl::c_linear_search(list, read)) list.push_back(read);
      }
    }
    if (followed <= kMaxOperands) {
      for (uint32_t one : way) way_to_.Append(one);
      for (uint32_t one : starts) starts_.Append(one);
    }
    way_to_.EndRow();
    starts_.EndRow();
  }

  const SourceRun& source_;
  std::vector<bool> is_known_, is_behind_;
  Rows<uint32_t> way_to_, starts_;  // By operator.
};

// The results nearest to an image, which reads `neighbours` or is read by them. Where a graph is
// not sorted, some are missing.
void Gather(absl::Span<const uint32_t> neighbours, absl::Span<const uint32_t> made, uint32_t image,
            std::vector<Results>* nearest) {
  Results& results = (*nearest)[image];
  for (uint32_t other : neighbours) {
    if (made[other] != kNoOp) {
      results.Add(made[other]);
    } else {
      for (uint32_t op : (*nearest)[other].ops()) results.Add(op);
    }
  }
}

template <typename T>
void KeepIf(T keep, std::vector<uint32_t>* ops) {
  ops->erase(std::remove_if(ops->begin(), ops->end(), [&](uint32_t op) { return !keep(op); }),
             ops->end());
}

// The operators on all the ways from `before` to `behind`.
std::vector<uint32_t> OnTheWay(const Between& between, absl::Span<const uint32_t> before,
                               absl::Span<const uint32_t> behind) {
  std::vector<uint32_t> ops;
  bool any = false;
  for (uint32_t end : behind) {
    const absl::Span<const uint32_t> way = between.WayTo(end);
    if (way.empty()) continue;
    if (!any) ops.assign(way.begin(), way.end());
    any = true;
    KeepIf([&](uint32_t op) { return absl::c_linear_search(way, op); }, &ops);
  }
  for (uint32_t start : before) {
    KeepIf([&](uint32_t op) { return between.IsBehind(op, start); }, &ops);
  }
  absl::c_sort(ops);
  return ops;
}

}  // namespace

Rows<uint32_t> PossibleOps(const SourceRun& source, const Image& image,
                           absl::Span<const uint32_t> made, const std::atomic<bool>* cancelled) {
  const uint32_t size = static_cast<uint32_t>(image.size());
  const Rows<uint32_t> nothing({}, std::vector<uint32_t>(size));
  if (absl::c_all_of(made, [](uint32_t op) { return op == kNoOp; })) return nothing;
  const Between between(source, made, cancelled);
  std::vector<Results> before(size), behind(size);
  for (uint32_t i = 0; i < size; ++i) Gather(image.producers(i), made, i, &before);
  for (uint32_t i = size; i-- > 0;) Gather(image.consumers(i), made, i, &behind);
  Rows<uint32_t> possible;
  for (uint32_t i = 0; i < size; ++i) {
    if (EndsEarly(cancelled, i)) return nothing;
    if (made[i] == kNoOp && !before[i].ops().empty()) {
      for (uint32_t op : OnTheWay(between, before[i].ops(), behind[i].ops())) possible.Append(op);
    }
    possible.EndRow();
  }
  return possible;
}

}  // namespace modelexport
