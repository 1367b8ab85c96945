#include "modelexport/ownership/confidence.h"

#include <algorithm>
#include <cstddef>

#include "modelexport/evidence/cancellation.h"

namespace modelexport {
namespace {

// Shares of exact owners on the corpus, over files and over nodes (tests/accuracy/score.py
// confidence prints them). The rows are those of docs/matching.md.
constexpr float kNamed = 0.999f;       // Evidence that says where a node ran names the owner.
constexpr float kNamedAround = 0.02f;  // It names a module that the hierarchy lacks, below.
constexpr float kFingerprint = 0.99f;
constexpr float kParameter = 0.975f;
constexpr float kTie = 0.01f;            // The module around operators that fit equally well.
constexpr float kOnlyOperator = 0.985f;  // No operator of another module was considered.
constexpr float kFlowInLeaf = 0.93f;     // Between nodes of a module that has none below it.
constexpr float kFlowAround = 0.45f;     // Of one that has, all of which have nodes;
constexpr float kFlowSilent = 0.24f;     // some of which have none.
constexpr float kNothing = 0.1f;
constexpr float kInBody = 0.6f;  // As the node that holds its graph. Not measured.

// By how much an alignment prefers the operator: up to `margin`.
struct Preference {
  float margin, share;
};
constexpr Preference kPreferences[] = {{1, 0.45f}, {2, 0.82f}, {4, 0.92f}, {7, 0.98f}, {12, 0.99f}};
constexpr float kPreferred = 0.999f;  // By more.

class Judge {
 public:
  Judge(const WorkEvidence& evidence, absl::Span<const Owner> owners)
      : evidence_(evidence),
        hierarchy_(evidence.context.hierarchy),
        owners_(owners),
        named_(owners.size()),
        below_(hierarchy_.modules().size()) {
    FindNamed();
    LookBelow();
  }

  std::vector<float> Run() {
    std::vector<float> sure(owners_.size());
    for (size_t n = 0; n < owners_.size() && !EndsEarly(evidence_.context, n); ++n) {
      sure[n] = OfEvidence(NodeId(n));
    }
    for (size_t n = 0; n < owners_.size() && !EndsEarly(evidence_.context, n); ++n) {
      if (IsFromOtherOwners(owners_[n].evidence)) sure[n] = OfNeighbours(NodeId(n), sure);
    }
    return sure;
  }

 private:
  // What the modules below another one are, as far as they may have been called.
  enum class Below : uint8_t { kNone, kWithNodes, kSomeWithoutNodes };

  // Whether evidence names the very owner of a node, not only a module around it.
  void FindNamed() {
    for (const MatchResult& result : evidence_.results) {
      for (const Candidate& candidate : result.candidates) {
        const size_t n = candidate.node.index();
        named_[n] = named_[n] || (candidate.exact && candidate.module == owners_[n].module);
      }
    }
  }

  void LookBelow() {
    const auto& modules = hierarchy_.modules();
    std::vector<bool> has_nodes(modules.size());  // It, or a module below it.
    for (const Owner& owner : owners_) {
      const bool by_itself =
          owner.evidence != EvidenceKind::kNone && !IsFromOtherOwners(owner.evidence);
      if (by_itself) has_nodes[owner.module.index()] = true;
    }
    for (size_t m = modules.size(); m-- > 1;) {
      const size_t parent = modules[m].parent.index();
      if (has_nodes[m]) has_nodes[parent] = true;
      const Below here = !modules[m].MayHaveBeenCalled() ? below_[m]
                         : has_nodes[m]                  ? Below::kWithNodes
                                                         : Below::kSomeWithoutNodes;
      below_[parent] = std::max(below_[parent], here);
    }
  }

  float OfEvidence(NodeId node) const {
    const Owner& owner = owners_[node.index()];
    const Below below = below_[owner.module.index()];
    switch (FactsOf(owner.evidence).basis) {
      case EvidenceBasis::kRan:
        return named_[node.index()] || below == Below::kNone ? kNamed : kNamedAround;
      case EvidenceBasis::kReads:
        return owner.evidence == EvidenceKind::kFingerprint ? kFingerprint : kParameter;
      case EvidenceBasis::kAlignment:
        return OfAlignment(node);
      case EvidenceBasis::kOwners:
        if (below == Below::kNone) return kFlowInLeaf;
        return below == Below::kWithNodes ? kFlowAround : kFlowSilent;
      case EvidenceBasis::kNothing:
        break;
    }
    return kNothing;
  }

  float OfAlignment(NodeId node) const {
    if (evidence_.placement == nullptr) return kTie;
    const TracePlacement::At& at = evidence_.placement->of(node);
    if (!at.op.valid() || at.around != hierarchy_.call(hierarchy_.op(at.op).call).module) {
      return kTie;
    }
    if (!at.next.valid()) return kOnlyOperator;
    for (const Preference& preference : kPreferences) {
      if (at.behind < preference.margin) return preference.share;
    }
    return kPreferred;
  }

  // Constants and inserted quantization are as sure as the nodes that they were given to.
  float OfNeighbours(NodeId node, const std::vector<float>& sure) const {
    const GraphView& graph = evidence_.context.graph;
    const bool inherited = owners_[node.index()].evidence == EvidenceKind::kInherited;
    bool reads = false;
    float best = 0;
    const auto look = [&](NodeId other) {
      if (IsFromOtherOwners(owners_[other.index()].evidence)) return;
      if (owners_[other.index()].module == owners_[node.index()].module) {
        best = std::max(best, sure[other.index()]);
      }
    };
    for (ValueId input : graph.inputs(node)) {
      if (!input.valid() || graph.value(input).tensor != Value::kNoTensor) continue;
      reads = true;
      if (graph.value(input).producer.valid()) look(graph.value(input).producer);
    }
    if (reads && !inherited) return sure[node.index()];
    for (ValueId output : graph.outputs(node)) {
      if (!output.valid()) continue;
      for (NodeId consumer : graph.consumers(output)) look(consumer);
    }
    return best > 0 ? best : inherited ? kInBody : sure[node.index()];
  }

  const WorkEvidence& evidence_;
  const Hierarchy& hierarchy_;
  absl::Span<const Owner> owners_;
  std::vector<bool> named_;   // By node.
  std::vector<Below> below_;  // By module.
};

}  // namespace

std::vector<float> JudgeOwners(const WorkEvidence& evidence, absl::Span<const Owner> owners) {
  return Judge(evidence, owners).Run();
}

}  // namespace modelexport
