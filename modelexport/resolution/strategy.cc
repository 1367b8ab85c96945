#include "modelexport/resolution/strategy.h"

#include "modelexport/matching/fingerprint_matcher.h"
#include "modelexport/matching/parameter_matcher.h"
#include "modelexport/matching/scope_metadata_matcher.h"
#include "modelexport/matching/scope_name_matcher.h"

namespace modelexport {

std::vector<Strategy> StandardStrategies() {
  const auto scope_metadata = std::make_shared<ScopeMetadataMatcher>();
  const auto node_name = std::make_shared<ScopeNameMatcher>(EvidenceKind::kNodeName);
  const auto value_name = std::make_shared<ScopeNameMatcher>(EvidenceKind::kValueName);
  const auto parameter = std::make_shared<ParameterMatcher>();
  const auto fingerprint = std::make_shared<FingerprintMatcher>();
  return {
      {"auto", {scope_metadata, node_name, value_name, parameter, fingerprint}},
      {"name_scope", {scope_metadata, node_name, value_name}},
      {"usage", {parameter, fingerprint}},
  };
}

}  // namespace modelexport
