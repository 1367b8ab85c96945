// The interface of one kind of evidence.
//
// A matcher looks at the graph and the hierarchy and says which modules a node may belong to. It
// chooses nothing and changes nothing: resolution does the choosing.
#ifndef MODELEXPORT_MATCHING_MATCHER_H_
#define MODELEXPORT_MATCHING_MATCHER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/tags/evidence_kind.h"
#include "modelexport/wire/tensor_elements.h"

namespace modelexport {

class ScopeTree;
class TensorIdentity;
class TracePlacement;

// One matcher's proposal of an owner for one node. A matcher may make several for a node.
struct Candidate {
  NodeId node;
  ModuleId module;
  CallId call;  // Invalid where the matcher cannot tell calls apart.
  // True: the evidence names this very module. False: it only restricts the owner to the tree
  // below it, as a scope does whose rest names no module.
  bool exact = true;
  // Of the source run: the operator whose result the node makes, so that what reads it comes after
  // that operator. Invalid where that is not known.
  OpId op{};
};

// What matchers look at. Copies share what was found out.
class MatchContext {
 public:
  // Both must outlive the context. External data of the model lies in `folder`. What takes time
  // ends early, with less found, once `*cancelled` is true; null: never.
  MatchContext(const GraphView& graph, const Hierarchy& hierarchy,
               wire::DataFolder folder = absl::nullopt,
               const std::atomic<bool>* cancelled = nullptr);

  const GraphView& graph;
  const Hierarchy& hierarchy;

  // What stronger evidence has settled: at most one candidate for a node, sorted by node. Empty for
  // matchers of the first round.
  absl::Span<const Candidate> settled() const { return settled_; }
  MatchContext WithSettled(absl::Span<const Candidate> settled) const;

  // Which tensors the values hold (tensor_identity.h). Found out when first asked for, since that
  // may read weights: of those, only what nodes read for which settled() does not name one module,
  // and one call if that was called more than once. Copies share the first answer; any thread may
  // ask.
  const TensorIdentity& tensors() const;

  // The scopes of the hierarchy (scope_tree.h), likewise.
  const ScopeTree& scopes() const;

  // Where an alignment with the source run puts the nodes (trace_placement.h), around settled().
  // Found out when first asked for. Copies share the first answer; any thread may ask.
  const TracePlacement& placement() const;

 private:
  struct Lazy;
  std::shared_ptr<Lazy> lazy_;
  absl::Span<const Candidate> settled_;
};

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

#endif  // MODELEXPORT_MATCHING_MATCHER_H_
