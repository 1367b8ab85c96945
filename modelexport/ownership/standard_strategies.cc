#include "modelexport/ownership/standard_strategies.h"

#include <algorithm>
#include <initializer_list>

#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/evidence/tensors/tensor_matchers.h"
#include "modelexport/evidence/trace/trace_matcher.h"

namespace modelexport {
namespace {

Matchers Joined(std::initializer_list<Matchers> lists) {
  Matchers all;
  for (const Matchers& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

Matchers OfKinds(const Matchers& matchers, std::initializer_list<EvidenceKind> kinds) {
  Matchers chosen;
  for (const auto& matcher : matchers) {
    const bool wanted = std::find(kinds.begin(), kinds.end(), matcher->kind()) != kinds.end();
    if (wanted) chosen.push_back(matcher);
  }
  return chosen;
}

}  // namespace

std::vector<Strategy> StandardStrategies() {
  const Matchers names = NameMatchers();
  const Matchers tensors = TensorMatchers();
  const Matchers trace = TraceMatchers();
  return {
      {"auto", Joined({names, tensors, trace})},
      {"name_scope", OfKinds(names, {EvidenceKind::kScopeMetadata, EvidenceKind::kNodeName,
                                     EvidenceKind::kValueName})},
      {"usage", tensors},
      {"trace", Joined({tensors, trace})},
      {"fx", OfKinds(names, {EvidenceKind::kFxName})},
  };
}

}  // namespace modelexport
