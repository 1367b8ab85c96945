#include "modelexport/hierarchy/readers/assumed_calls.h"

#include <cstddef>
#include <utility>

namespace modelexport {
namespace {

constexpr uint32_t kOutside = 0xFFFFFFFF;

// The calls by number: those of a module follow each other.
class Tree {
 public:
  Tree(const Hierarchy& modules, absl::Span<const int64_t> counts) : counts_(counts) {
    for (size_t m = 0; m < counts.size(); ++m) {
      first_.push_back(static_cast<uint32_t>(module_of_.size()));
      module_of_.resize(module_of_.size() + counts[m], ModuleId(m));
    }
    made_by_.resize(module_of_.size());
    for (size_t m = 0; m < counts.size(); ++m) AddCallsOf(modules, ModuleId(m));
  }

  // Each call, and then what it makes.
  std::vector<AssumedCall> InOrder() const {
    std::vector<AssumedCall> calls;
    std::vector<std::pair<uint32_t, int64_t>> open;  // Calls to come, with their parents.
    const auto add_all = [&](const std::vector<uint32_t>& made, int64_t parent) {
      for (size_t i = made.size(); i-- > 0;) open.emplace_back(made[i], parent);
    };
    add_all(from_outside_, -1);
    while (!open.empty()) {
      const auto [call, parent] = open.back();
      open.pop_back();
      add_all(made_by_[call], static_cast<int64_t>(calls.size()));
      calls.push_back({module_of_[call], parent});
    }
    return calls;
  }

 private:
  void AddCallsOf(const Hierarchy& modules, ModuleId module) {
    const int64_t count = counts_[module.index()];
    ModuleId above = modules.module(module).parent;
    while (above.valid() && counts_[above.index()] == 0) above = modules.module(above).parent;
    const int64_t callers = above.valid() ? counts_[above.index()] : 0;
    for (int64_t k = 0; k < count; ++k) {
      const bool known = callers == 1 || callers == count;
      const uint32_t caller = known ? first_[above.index()] + (callers == 1 ? 0 : k) : kOutside;
      (known ? made_by_[caller] : from_outside_).push_back(first_[module.index()] + k);
    }
  }

  const absl::Span<const int64_t> counts_;
  std::vector<uint32_t> first_;      // By module.
  std::vector<ModuleId> module_of_;  // By call.
  std::vector<std::vector<uint32_t>> made_by_;
  std::vector<uint32_t> from_outside_;
};

}  // namespace

std::vector<AssumedCall> AssumeCalls(const Hierarchy& modules, absl::Span<const int64_t> counts) {
  int64_t left = kMaxAssumedCalls;
  for (const int64_t count : counts) {
    if (count > left) return {};
    left -= count;
  }
  return Tree(modules, counts).InOrder();
}

}  // namespace modelexport
