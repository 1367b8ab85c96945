// The interface of one kind of evidence.
//
// A matcher looks at the graph and the hierarchy and says which modules a node may belong to. It
// chooses nothing and changes nothing: resolution does the choosing.
#ifndef MODELEXPORT_EVIDENCE_MATCHER_H_
#define MODELEXPORT_EVIDENCE_MATCHER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "modelexport/evidence/candidate.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {

// What the model offers to one kind of evidence, to tell a wrong sidecar from a poor one.
struct Offer {
  size_t offered = 0;   // Nodes or names on which the evidence could speak.
  size_t resolved = 0;  // Those of them that named something in the hierarchy.
};

struct MatchResult {
  std::vector<Candidate> candidates;  // Sorted by node.
  Offer offer;
  std::vector<std::string> notes;  // For the report: what was aligned, assumed, left out.
};

// Const and stateless beyond its configuration: one matcher may serve several threads.
class Matcher {
 public:
  virtual ~Matcher() = default;

  virtual EvidenceKind kind() const = 0;

  // Whether it wants to know what others have settled: then it is asked after them.
  virtual bool second_round() const { return false; }

  virtual MatchResult Match(const MatchContext& context) const = 0;

  // Why `candidate`, which came from Match() on the same context, was proposed; one line, as
  // `node name "/layer.0/Add", scope "/layer.0"`.
  virtual std::string Reason(const MatchContext& context, const Candidate& candidate) const = 0;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_MATCHER_H_
