#include "modelexport/evidence/match_context.h"

#include <map>
#include <mutex>
#include <utility>

namespace modelexport {

struct MatchContext::Inputs {
  DataFolder folder;
  const std::atomic<bool>* cancelled = nullptr;
};

// With locks of the standard library, which ThreadSanitizer sees into; Abseil's is linked as it is.
struct MatchContext::Facts {
  struct Fact {
    std::once_flag once;
    std::shared_ptr<const void> value;
  };

  // Other facts may be asked for while one is made.
  Fact& of(const void* type) {
    const std::lock_guard<std::mutex> lock(mutex);
    return by_type[type];
  }

  std::mutex mutex;
  std::map<const void*, Fact> by_type;
};

MatchContext::MatchContext(const GraphView& graph, const Hierarchy& hierarchy, DataFolder folder,
                           const std::atomic<bool>* cancelled)
    : graph(graph),
      hierarchy(hierarchy),
      inputs_(std::make_shared<Inputs>(Inputs{std::move(folder), cancelled})),
      facts_(std::make_shared<Facts>()) {}

const DataFolder& MatchContext::folder() const { return inputs_->folder; }

const std::atomic<bool>* MatchContext::cancelled() const { return inputs_->cancelled; }

MatchContext MatchContext::WithSettled(absl::Span<const Candidate> settled) const {
  MatchContext context = *this;
  context.settled_ = settled;
  context.facts_ = std::make_shared<Facts>();
  return context;
}

const void* MatchContext::ShareOfType(const void* type,
                                      absl::FunctionRef<std::shared_ptr<const void>()> make) const {
  Facts::Fact& fact = facts_->of(type);
  std::call_once(fact.once, [&] { fact.value = make(); });
  return fact.value.get();
}

}  // namespace modelexport
