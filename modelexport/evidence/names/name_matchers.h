// The kinds of evidence that names give: of nodes, of values, and of modules in the metadata.
#ifndef MODELEXPORT_EVIDENCE_NAMES_NAME_MATCHERS_H_
#define MODELEXPORT_EVIDENCE_NAMES_NAME_MATCHERS_H_

#include <memory>
#include <string>
#include <vector>

#include "modelexport/evidence/matcher.h"
#include "modelexport/evidence/strategy.h"

namespace modelexport {

// carried: names that the model has in common with the tagged model that the hierarchy was read
// from (Hierarchy::nodes()), because a tool made one of the other.
//
// A node that makes a value of the tagged model, or that has the name and operator of a node of it,
// belongs to the module of that node. If it does the work of several, the module is that of the one
// whose operator it still has. Says nothing of conversions that a tool inserted, nor where the node
// does not read what its name promises: then the names are those of another export, numbered anew.
class CarriedMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kCarried; }
  absl::string_view MissingFrom(const Hierarchy& hierarchy) const override;
  // Names such as "add_1" are in every export of some exporters.
  bool judges_sidecar() const override { return false; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

// scope_metadata: the module paths that PyTorch's dynamo exporter leaves on nodes (name_scopes.h).
//
// Proposes the innermost module. If its path is unknown, proposes the innermost known module around
// it, not exact. Paths may be aliases. One level of wrapper on either side is left out when that
// lets more paths resolve (wrapper_prefix.h). Calls are not told apart: the exporter does not write
// them.
class ScopeMetadataMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kScopeMetadata; }
  std::vector<absl::string_view> keys_to_load() const override;
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

// node_name and value_name: the scopes in the names of nodes, or of the values that they make, as
// PyTorch's TorchScript exporter writes them (scope_name.h, scope_walk.h).
//
// Says nothing of a name without a scope ("Identity_4"). If the end of a scope names no module,
// proposes the deepest module that the beginning names, not exact. If a name can be read in several
// ways (the second call of `relu`, or the module `relu_1`), each is proposed.
//
// One level of wrapper on either side is left out when that lets more names resolve.
class ScopeNameMatcher final : public Matcher {
 public:
  // `kind`: kNodeName or kValueName.
  explicit ScopeNameMatcher(EvidenceKind kind) : kind_(kind) {}

  EvidenceKind kind() const override { return kind_; }
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;

 private:
  const EvidenceKind kind_;
};

// fx_name: values and nodes that are named after operators of the exported program.
//
// PyTorch's exporter of exported programs gives the results of an operator its name: "linear_3", or
// "split__0" for the first of several; the node that makes it is "node_linear_3" (source:
// torch/onnx/_internal/exporter/_core.py). The sidecar has the same names only with
// `ops_source: exported_program`; in another run they may mean other operators.
class FxNameMatcher final : public Matcher {
 public:
  EvidenceKind kind() const override { return EvidenceKind::kFxName; }
  absl::string_view MissingFrom(const Hierarchy& hierarchy) const override;
  MatchResult Match(const MatchContext& context) const override;
  std::string Reason(const MatchContext& context, const Candidate& candidate) const override;
};

// All of the above, the strongest first.
inline Matchers NameMatchers() {
  return {
      std::make_shared<CarriedMatcher>(),
      std::make_shared<ScopeMetadataMatcher>(),
      std::make_shared<ScopeNameMatcher>(EvidenceKind::kNodeName),
      std::make_shared<ScopeNameMatcher>(EvidenceKind::kValueName),
      std::make_shared<FxNameMatcher>(),
  };
}

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_NAME_MATCHERS_H_
