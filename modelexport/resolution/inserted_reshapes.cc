#include "modelexport/resolution/inserted_reshapes.h"

#include <cstddef>

#include "modelexport/evidence/cancellation.h"
#include "modelexport/tags/evidence_kind.h"

namespace modelexport {
namespace {

bool IsNamed(const Owner& owner) {
  return owner.evidence == EvidenceKind::kNodeName || owner.evidence == EvidenceKind::kValueName;
}

bool NamesTell(const std::vector<Owner>& owners) {
  size_t named = 0, others = 0;
  for (const Owner& owner : owners) {
    named += IsNamed(owner);
    others += !IsNamed(owner) && owner.evidence != EvidenceKind::kNone;
  }
  return named > others;
}

bool MayBeInserted(const GraphView& graph, const std::vector<Owner>& owners, NodeId node) {
  const EvidenceBasis basis = FactsOf(owners[node.index()].evidence).basis;
  return graph.op_type(node) == "Reshape" &&
         (basis == EvidenceBasis::kNothing || basis == EvidenceBasis::kAlignment);
}

// That of all who read the result of `node`; null if they are not Gemm with one owner.
const Owner* OwnerOfGemms(const GraphView& graph, const std::vector<Owner>& owners, NodeId node) {
  const Owner* all = nullptr;
  for (ValueId output : graph.outputs(node)) {
    if (!output.valid()) continue;
    if (graph.value(output).is_graph_output) return nullptr;
    for (NodeId consumer : graph.consumers(output)) {
      const Owner& owner = owners[consumer.index()];
      if (graph.op_type(consumer) != "Gemm" || owner.evidence == EvidenceKind::kNone) {
        return nullptr;
      }
      if (all != nullptr && (all->module != owner.module || all->call != owner.call)) {
        return nullptr;
      }
      all = &owner;
    }
  }
  return all;
}

}  // namespace

void OwnInsertedReshapes(const MatchContext& context, std::vector<Owner>* owners) {
  if (!NamesTell(*owners)) return;
  for (size_t n = 0; n < owners->size(); ++n) {
    if (EndsEarly(context, n)) return;
    if (!MayBeInserted(context.graph, *owners, NodeId(n))) continue;
    const Owner* const gemm = OwnerOfGemms(context.graph, *owners, NodeId(n));
    if (gemm == nullptr || gemm->module == Hierarchy::root()) continue;
    Owner& owner = (*owners)[n];
    owner.module = gemm->module;
    owner.call = gemm->call;
    owner.evidence = EvidenceKind::kInherited;
  }
}

}  // namespace modelexport
