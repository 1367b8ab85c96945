// The interface of one kind of evidence.
//
// A matcher looks at the graph and the hierarchy and says which modules a node may belong to. It
// chooses nothing and changes nothing: resolution does the choosing. It also declares what it needs
// and how it wants to be asked, so that those who run matchers need no list of kinds.
#ifndef MODELEXPORT_EVIDENCE_MATCHER_H_
#define MODELEXPORT_EVIDENCE_MATCHER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/evidence/candidate.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

// How much evidence of one kind the model has, and how much of it fits the hierarchy. This tells a
// wrong sidecar from a poor one.
struct Offer {
  size_t offered = 0;   // Nodes or names that have such evidence.
  size_t resolved = 0;  // Those of them that name something in the hierarchy.
};

// Whether what names the root of a file names that of the hierarchy: not where most other names are
// unknown, as the file may then be of another model, or of a part of this one.
inline bool KnowsRoot(const Offer& offer) { return 2 * offer.resolved >= offer.offered; }

struct MatchResult {
  std::vector<Candidate> candidates;  // Sorted by node.
  Offer offer;
  std::vector<std::string> notes;  // For the report: what was assumed or could not be read.
};

// Const and stateless beyond its configuration: one matcher may serve several threads.
class Matcher {
 public:
  virtual ~Matcher() = default;

  // What is written as modelexport.evidence. Its basis (FactsOf(kind()).basis) decides how
  // resolution treats the candidates.
  virtual EvidenceKind kind() const = 0;

  // The metadata keys of nodes whose values Match() reads: a run must load them into its index
  // (IndexOptions::load). By default none.
  virtual std::vector<absl::string_view> keys_to_load() const { return {}; }

  // What this evidence needs and `hierarchy` lacks, as "the sidecar has no ops"; "" if it lacks
  // nothing. Without it, Match() proposes nothing. By default nothing is needed.
  virtual absl::string_view MissingFrom(const Hierarchy& hierarchy) const;

  // Whether Match() uses context.settled(). Such matchers are asked after all others.
  virtual bool second_round() const { return false; }

  // Whether the offer counts when a sidecar is judged (ownership/sidecar_fit.h).
  virtual bool judges_sidecar() const { return true; }

  virtual MatchResult Match(const MatchContext& context) const = 0;

  // Why `candidate`, which came from Match() on the same context, was proposed; one line, as
  // `node name "/layer.0/Add", scope "/layer.0"`.
  virtual std::string Reason(const MatchContext& context, const Candidate& candidate) const = 0;
};

inline absl::string_view Matcher::MissingFrom(const Hierarchy&) const { return ""; }

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_MATCHER_H_
