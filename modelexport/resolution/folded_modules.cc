#include "modelexport/resolution/folded_modules.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/onnx/tensor_elements.h"

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
        largest_(has_node_.size()),
        only_call_(has_node_.size()),
        last_reader_(has_node_.size()),
        reads_(owners_.size()) {}

  void Run() {
    LookAtNodes();
    for (size_t n = 0; n < owners_.size(); ++n) {
      if (EndsEarly(context_, n)) return;
      TakeRead(NodeId(n));
    }
    for (size_t n = 0; n < owners_.size(); ++n) {
      if (EndsEarly(context_, n)) return;
      TakeCallsBefore(NodeId(n));
    }
    for (size_t c = 1; c < hierarchy_.calls().size(); ++c) {
      if (EndsEarly(context_, c)) return;
      TakeFolded(c);
    }
  }

 private:
  void LookAtNodes() {
    const TensorIdentity& tensors = TensorsOf(context_);
    for (const Tensor& tensor : hierarchy_.tensors()) {
      uint64_t& largest = largest_[tensor.owner.index()];
      largest = std::max(largest, CountElements(tensor.shape).value_or(0));
      has_tensors_[tensor.owner.index()] = true;
    }
    for (size_t c = 0; c < hierarchy_.calls().size(); ++c) {
      const size_t module = hierarchy_.calls()[c].module.index();
      only_call_[module] = hierarchy_.modules()[module].calls == 1 ? CallId(c) : CallId();
    }
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

  // Whether the call is of a module whose tensors are nowhere.
  bool IsGone(const Call& call) const {
    const size_t module = call.module.index();
    return hierarchy_.module(call.module).calls == 1 && has_tensors_[module] &&
           !has_node_[module] && !is_read_[module];
  }

  void TakeCallsBefore(NodeId node) {
    Owner& owner = owners_[node.index()];
    if (!owner.tagged || owner.base.valid() || has_tensors_[owner.module.index()]) return;
    const CallId call = owner.call.valid() ? owner.call : only_call_[owner.module.index()];
    if (!call.valid() || !reads_[node.index()].empty()) return;
    const uint64_t largest = LargestRead(node);
    size_t first = call.index();
    while (first > 0) {
      const Call& before = hierarchy_.calls()[first - 1];
      if (before.parent != hierarchy_.call(call).parent || !IsGone(before)) break;
      if (largest_[before.module.index()] > largest) break;
      --first;
    }
    if (first == call.index()) return;
    for (size_t c = first + 1; c <= call.index(); ++c) {
      found_[node].push_back({hierarchy_.calls()[c].module, AlsoReason::kFolded});
    }
    owner.module = hierarchy_.calls()[first].module;
    owner.call = CallId(first);
    owner.evidence = EvidenceKind::kParameter;
    for (size_t c = first; c < call.index(); ++c) {
      has_node_[hierarchy_.calls()[c].module.index()] = true;
    }
  }

  // The elements of the largest stored tensor that the node reads.
  uint64_t LargestRead(NodeId node) const {
    const ModelIndex& index = context_.graph.index();
    uint64_t largest = 0;
    for (const ValueId input : context_.graph.inputs(node)) {
      if (!input.valid()) continue;
      const Value& value = context_.graph.value(input);
      if (value.tensor == Value::kNoTensor) continue;
      largest = std::max(largest, NumElements(index, index.tensors()[value.tensor]).value_or(0));
    }
    return largest;
  }

  void TakeFolded(size_t call) {
    const Call& folded = hierarchy_.calls()[call];
    const Call& before = hierarchy_.calls()[call - 1];
    if (before.parent != folded.parent || !IsGone(folded)) return;
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
  std::vector<uint64_t> largest_;  // Elements of its largest tensor.
  std::vector<CallId> only_call_;  // Where it is called once.
  std::vector<NodeId> last_reader_;
  std::vector<std::vector<ModuleId>> reads_;  // By node: the modules whose tensors it reads.
};

}  // namespace

void FindFoldedModules(const MatchContext& context, std::vector<Owner>* owners,
                       FoundModules* found) {
  FoldedFinder(context, owners, found).Run();
}

}  // namespace modelexport
