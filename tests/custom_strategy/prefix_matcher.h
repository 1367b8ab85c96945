// A kind of evidence that the library does not have: names as "encoder:17", which a house's own
// exporter might write.
#ifndef MODELEXPORT_TESTS_CUSTOM_STRATEGY_PREFIX_MATCHER_H_
#define MODELEXPORT_TESTS_CUSTOM_STRATEGY_PREFIX_MATCHER_H_

#include <string>

#include "modelexport/evidence/matcher.h"

namespace house {

// What stands before the colon of a node's name is the path of its module.
class PrefixMatcher : public modelexport::Matcher {
 public:
  modelexport::EvidenceKind kind() const override { return modelexport::EvidenceKind::kNodeName; }
  modelexport::MatchResult Match(const modelexport::MatchContext& context) const override;
  std::string Reason(const modelexport::MatchContext& context,
                     const modelexport::Candidate& candidate) const override;
};

}  // namespace house

#endif  // MODELEXPORT_TESTS_CUSTOM_STRATEGY_PREFIX_MATCHER_H_
