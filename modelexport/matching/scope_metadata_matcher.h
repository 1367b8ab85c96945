// Evidence scope_metadata: the module paths that PyTorch's dynamo exporter leaves on nodes.
#ifndef MODELEXPORT_MATCHING_SCOPE_METADATA_MATCHER_H_
#define MODELEXPORT_MATCHING_SCOPE_METADATA_MATCHER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/matching/matcher.h"

namespace modelexport {

// The metadata key that it reads; wire::IndexOptions must load it. Its value is a Python list of
// full module paths from the root inwards, then the operator
// (torch/onnx/_internal/exporter/_core.py).
inline constexpr absl::string_view kNameScopesKey = "pkg.torch.onnx.name_scopes";

// The modules that a value of that key names, outermost first. Empty for values that are no list of
// at least one module and an operator, or say that torch knows of no module. "@1", which torch may
// put behind the path of a repeated call, is cut.
std::vector<std::string> ParseNameScopes(absl::string_view value);

// Proposes the innermost module; where its path is unknown, the innermost known one around it,
// not exact. Paths may be aliases. One level of wrapper on either side is left out when that lets
// more paths resolve. Calls are not told apart: the exporter does not write them.
class ScopeMetadataMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kScopeMetadata; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

}  // namespace modelexport

#endif  // MODELEXPORT_MATCHING_SCOPE_METADATA_MATCHER_H_
