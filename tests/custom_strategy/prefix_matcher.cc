#include "tests/custom_strategy/prefix_matcher.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace house {

using modelexport::CallId;
using modelexport::Candidate;
using modelexport::MatchContext;
using modelexport::MatchResult;
using modelexport::ModuleId;
using modelexport::NodeId;

MatchResult PrefixMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  for (size_t n = 0; n < context.graph.num_nodes(); ++n) {
    const absl::string_view name = context.graph.name(NodeId(n));
    const size_t colon = name.find(':');
    if (colon == name.npos) continue;
    ++result.offer.offered;
    const ModuleId module = context.hierarchy.FindModule(name.substr(0, colon));
    if (!module.valid()) continue;
    ++result.offer.resolved;
    result.candidates.push_back({NodeId(n), module, CallId()});
  }
  return result;
}

std::string PrefixMatcher::Reason(const MatchContext& context, const Candidate& candidate) const {
  return absl::StrCat("prefix of \"", context.graph.name(candidate.node), "\"");
}

}  // namespace house
