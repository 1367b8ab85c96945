#include "modelexport/resolution/folded_modules.h"

#include <algorithm>
#include <cstddef>

#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

class FoldedFinder {
 public:
  FoldedFinder(const MatchContext& context, std::vector<Owner>* owners, FoundModules* found)
      : context_(context),
        hierarchy_(context.hierarchy),
        owners_(*owners),
        found_(*found),
        has_node_(hierarchy_.modules().size()),
        has_tensors_(has_node_.size()),
        is_read_(has_node_.size()),
        last_reader_(has_node_.size()),
        reads_(owners_.size()) {}

  void Run() {
    LookAtNodes();
    for (size_t n = 0; n < owners_.size(); ++n) {
      if (EndsEarly(context_, n)) return;
      TakeRead(NodeId(n));
    }
    for (size_t c = 1; c < hierarchy_.calls().size(); ++c) {
      if (EndsEarly(context_, c)) return;
      TakeCallBefore(c);
    }
  }

 private:
  void LookAtNodes() {
    const TensorIdentity& tensors = TensorsOf(context_);
    for (const Tensor& tensor : hierarchy_.tensors()) has_tensors_[tensor.owner.index()] = true;
    for (size_t n = 0; n < owners_.size(); ++n) {
      if (EndsEarly(context_, n)) return;
      has_node_[owners_[n].module.index()] = true;
      if (ChangesFormAlone(context_.graph.op_type(NodeId(n)))) continue;
      for (const ValueId input : context_.graph.inputs(NodeId(n))) {
        if (!input.valid()) continue;
        const TensorIdentity::Held held = tensors.of(input);
        for (const std::vector<TensorId>& part : held.parts) {
          for (const TensorId tensor : part) {
            is_read_[hierarchy_.tensor(tensor).owner.index()] = true;
          }
        }
        if (held.only().valid()) reads_[n].push_back(hierarchy_.tensor(held.only()).owner);
      }
    }
  }

  bool WasCalled(ModuleId module) const { return hierarchy_.module(module).calls.value_or(0) > 0; }

  // The first module whose tensors a node reads and that has no node is the one that it still is.
  void TakeRead(NodeId node) {
    Owner& owner = owners_[node.index()];
    if (!owner.tagged || owner.base.valid()) return;
    const std::vector<ModuleId>& reads = reads_[node.index()];
    const ModuleId before = owner.module;
    bool reads_own = std::find(reads.begin(), reads.end(), before) != reads.end();
    for (const ModuleId module : reads) {
      if (module == before || has_node_[module.index()] || !WasCalled(module)) continue;
      found_[node].push_back({module, AlsoReason::kTensor});
      if (reads_own || !has_tensors_[before.index()]) continue;
      owner.module = module;
      owner.call = CallId();
      owner.evidence = EvidenceKind::kParameter;
      found_[node].push_back({before, AlsoReason::kFolded});
      reads_own = true;
    }
    if (!reads.empty()) last_reader_[owner.module.index()] = node;
  }

  void TakeCallBefore(size_t call) {
    const Call& folded = hierarchy_.calls()[call];
    const Call& before = hierarchy_.calls()[call - 1];
    const size_t module = folded.module.index();
    if (hierarchy_.module(folded.module).calls != 1 || before.parent != folded.parent) return;
    if (has_node_[module] || is_read_[module] || !has_tensors_[module]) return;
    const NodeId node = last_reader_[before.module.index()];
    if (node.valid()) found_[node].push_back({folded.module, AlsoReason::kFolded});
  }

  const MatchContext& context_;
  const Hierarchy& hierarchy_;
  std::vector<Owner>& owners_;
  FoundModules& found_;
  // By module: whether it owns any node, has tensors, and any node may read one of them; and its
  // last node that reads tensors.
  std::vector<bool> has_node_, has_tensors_, is_read_;
  std::vector<NodeId> last_reader_;
  std::vector<std::vector<ModuleId>> reads_;  // By node: the modules whose tensors it reads.
};

}  // namespace

void FindFoldedModules(const MatchContext& context, std::vector<Owner>* owners,
                       FoundModules* found) {
  FoldedFinder(context, owners, found).Run();
}

}  // namespace modelexport
