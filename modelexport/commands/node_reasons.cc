#include "modelexport/commands/node_reasons.h"

namespace modelexport {
namespace {

// In bytes.
constexpr size_t kLongest = 300;

bool IsCancelled(const std::atomic<bool>* cancelled) { return cancelled != nullptr && *cancelled; }

}  // namespace

bool Won(const Owner& owner, EvidenceKind kind, const Candidate& candidate) {
  return owner.tagged && kind == owner.evidence && candidate.module == owner.module &&
         (!candidate.call.valid() || candidate.call == owner.call);
}

std::vector<std::string> NodeReasons(const OwnedModel& owned, const Strategy& strategy,
                                     const Evidence& evidence, const std::atomic<bool>* cancelled) {
  std::vector<std::string> reasons(owned.owners.size());
  for (size_t i = 0; i < evidence.results.size(); ++i) {
    const Matcher& matcher = *strategy.matchers[i];
    for (const Candidate& candidate : evidence.results[i].candidates) {
      if (IsCancelled(cancelled)) return reasons;
      std::string& reason = reasons[candidate.node.index()];
      const Owner& owner = owned.owners[candidate.node.index()];
      if (!reason.empty() || !Won(owner, matcher.kind(), candidate)) continue;
      reason = matcher.Reason(evidence.context, candidate);
      if (reason.size() > kLongest) reason = reason.substr(0, kLongest) + "...";
    }
  }
  return reasons;
}

}  // namespace modelexport
