#include "modelexport/ownership/gather.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "modelexport/base/threads.h"
#include "modelexport/resolution/resolver.h"

namespace modelexport {
namespace {

void Ask(const MatchContext& context, const Strategy& strategy, bool second_round, bool two_threads,
         std::vector<MatchResult>* results) {
  std::atomic<size_t> next{0};
  const auto match = [&] {
    for (size_t i = next++; i < results->size(); i = next++) {
      const Matcher& matcher = *strategy.matchers[i];
      if (matcher.second_round() == second_round) (*results)[i] = matcher.Match(context);
    }
  };
  two_threads ? RunBoth(match, match) : match();
}

std::vector<Candidate> SettledIn(const MatchContext& context, const Strategy& strategy,
                                 const std::vector<MatchResult>& results) {
  // Nobody asks where the hierarchy is modules alone.
  if (context.hierarchy.ops().empty() && context.hierarchy.tensors().empty()) return {};
  const auto asks = [](const auto& matcher) { return matcher->second_round(); };
  if (std::none_of(strategy.matchers.begin(), strategy.matchers.end(), asks)) return {};
  return StrongEvidence(context, strategy, results);
}

}  // namespace

Evidence GatherEvidence(const MatchContext& context, const Strategy& strategy, bool two_threads) {
  std::vector<MatchResult> results(strategy.matchers.size());
  Ask(context, strategy, false, two_threads, &results);
  auto settled =
      std::make_shared<const std::vector<Candidate>>(SettledIn(context, strategy, results));
  const MatchContext told = context.WithSettled(*settled);
  Ask(told, strategy, true, two_threads, &results);
  return {std::move(results), std::move(settled), told};
}

}  // namespace modelexport
