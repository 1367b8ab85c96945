#include "modelexport/ownership/standard_strategies.h"

#include "modelexport/evidence/names/fx_name_matcher.h"
#include "modelexport/evidence/names/scope_metadata_matcher.h"
#include "modelexport/evidence/names/scope_name_matcher.h"
#include "modelexport/evidence/tensors/fingerprint_matcher.h"
#include "modelexport/evidence/tensors/parameter_matcher.h"
#include "modelexport/evidence/trace/trace_matcher.h"

namespace modelexport {

std::vector<Strategy> StandardStrategies() {
  const auto scope_metadata = std::make_shared<ScopeMetadataMatcher>();
  const auto node_name = std::make_shared<ScopeNameMatcher>(EvidenceKind::kNodeName);
  const auto value_name = std::make_shared<ScopeNameMatcher>(EvidenceKind::kValueName);
  const auto parameter = std::make_shared<ParameterMatcher>();
  const auto fingerprint = std::make_shared<FingerprintMatcher>();
  const auto fx_name = std::make_shared<FxNameMatcher>();
  const auto trace = std::make_shared<TraceMatcher>();
  return {
      {"auto", {scope_metadata, node_name, value_name, fx_name, parameter, fingerprint, trace}},
      {"name_scope", {scope_metadata, node_name, value_name}},
      {"usage", {parameter, fingerprint}},
      {"trace", {parameter, fingerprint, trace}},
      {"fx", {fx_name}},
  };
}

}  // namespace modelexport
