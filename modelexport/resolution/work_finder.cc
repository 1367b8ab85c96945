#include "modelexport/resolution/work_finder.h"

#include <algorithm>
#include <memory>

#include "absl/strings/string_view.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/graph/node_roles.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/onnx/operator_domain.h"
#include "modelexport/resolution/node_work.h"
#include "modelexport/resolution/operator_images.h"
#include "modelexport/resolution/operator_nodes.h"
#include "modelexport/resolution/run_facts.h"

namespace modelexport {
namespace {

// Modules that read one tensor.
constexpr size_t kMaxReaders = 16;

class WorkFinder {
 public:
  WorkFinder(const WorkEvidence& evidence, const AlsoOfOperators& also_of_operators,
             std::vector<Owner>* owners, FoundModules* found)
      : evidence_(evidence),
        context_(evidence.context),
        graph_(context_.graph),
        hierarchy_(context_.hierarchy),
        also_of_operators_(also_of_operators),
        owners_(*owners),
        found_(*found),
        facts_(hierarchy_) {}

  void Run() {
    if (!MayShare()) return;
    images_ = std::make_unique<const OperatorImages>(graph_, hierarchy_, context_.cancelled());
    if (IsCancelled(context_.cancelled())) return;
    roles_ = std::make_unique<const NodeRoles>(graph_, context_.cancelled());
    if (IsCancelled(context_.cancelled())) return;
    nodes_ = std::make_unique<const OperatorNodes>(context_, evidence_.placement, owners_, *images_,
                                                   *roles_);
    done_by_.resize(hierarchy_.ops().size());
    work_ = std::make_unique<const NodeWork>(graph_, hierarchy_, *nodes_, facts_, done_by_);
    for (size_t n = 0; n < owners_.size(); ++n) {
      if (EndsEarly(context_, n)) return;
      if (nodes_->op_of(NodeId(n)).valid() && roles_->role(NodeId(n)) == NodeRole::kImage) {
        TakeWorkBefore(NodeId(n));
      }
    }
    for (size_t i = 0; i < done_by_.size(); ++i) {
      if (EndsEarly(context_, i)) return;
      TakeEqual(OpId(i));
      TakeFolded(OpId(i));
    }
  }

 private:
  using Work = std::vector<OpId>;  // That whose result is made comes first.

  // Whether looking closer may find something: there are operators of runtimes, equal operators,
  // nodes without a name of their own that only help a node of another module, or a call with
  // operators that depend on inputs and no node.
  bool MayShare() const {
    if (facts_.any_equal()) return true;
    std::vector<bool> has_node(hierarchy_.calls().size());
    std::vector<bool> module_has_node(hierarchy_.modules().size());  // In an unknown call.
    for (size_t n = 0; n < owners_.size(); ++n) {
      const Owner& owner = owners_[n];
      if (IsOfRuntime(NodeId(n)) || HelpsAnother(NodeId(n))) return true;
      if (owner.call.valid()) {
        has_node[owner.call.index()] = true;
      } else {
        module_has_node[owner.module.index()] = true;
      }
    }
    for (size_t i = 0; i < hierarchy_.ops().size(); ++i) {
      const CallId call = hierarchy_.ops()[i].call;
      if (facts_.depends_on_input(OpId(i)) && !has_node[call.index()] &&
          !module_has_node[hierarchy_.call(call).module.index()]) {
        return true;
      }
    }
    return false;
  }

  bool HelpsAnother(NodeId node) const {
    const Owner& owner = owners_[node.index()];
    const EvidenceBasis basis = FactsOf(owner.evidence).basis;
    if (basis != EvidenceBasis::kReads && basis != EvidenceBasis::kAlignment) return false;
    const absl::Span<const ValueId> outputs = graph_.outputs(node);
    if (outputs.size() != 1 || !outputs[0].valid()) return false;
    const absl::Span<const NodeId> consumers = graph_.consumers(outputs[0]);
    return consumers.size() == 1 && owners_[consumers[0].index()].module != owner.module;
  }

  // Whether the node has an operator of none of ONNX's own domains, and of no function here.
  bool IsOfRuntime(NodeId node) const {
    const absl::string_view domain =
        NormalizedDomain(graph_.index().text(graph_.index().node(node).domain));
    return !domain.empty() && domain != "ai.onnx.ml" && !graph_.callee(node).valid();
  }

  ModuleId ModuleOf(OpId op) const { return hierarchy_.call(hierarchy_.op(op).call).module; }

  // Whether the operator's work, if there is any, is that of no node of its own.
  bool IsOpen(OpId op) const { return facts_.depends_on_input(op) && !nodes_->node_of(op).valid(); }

  void TakeWorkBefore(NodeId node) {
    const Work work = work_->Before(node, [this](OpId op) { TakeFolded(op); });
    if (work.empty() || (work.size() == 1 && !IsOfRuntime(node))) return;
    const OpId main = MainOf(node, work);
    if (!IsOfRuntime(node) && (main == work[0] || !nodes_->makes_result(node))) return;
    for (const OpId op : work) {
      if (!nodes_->node_of(op).valid()) done_by_[op.index()] = {node};
      if (!images_->DoesNothing(op)) Add(node, ModuleOf(op), AlsoReason::kOperator);
      AddAlsoOf(op, node);
    }
    AddTensors(node);
    if (main != work[0] && !ChangesFormAlone(graph_.op_type(node))) MoveTo(node, main);
  }

  // Of the operators whose work the node does, the one that it still is: the first, unless it is
  // seldom or never written so and another one is likelier.
  OpId MainOf(NodeId node, const Work& work) const {
    OpId main = work[0];
    if (images_->IsWritten(node, main)) return main;
    for (const OpId op : work) {
      if (images_->DoesNothing(op)) continue;
      if (images_->DoesNothing(main) || images_->Odds(node, op) > images_->Odds(node, main)) {
        main = op;
      }
    }
    return main;
  }

  void MoveTo(NodeId node, OpId main) {
    Owner& owner = owners_[node.index()];
    const CallId call = hierarchy_.op(main).call;
    if (!MayChange(node) || owner.module == hierarchy_.call(call).module) return;
    Add(node, owner.module, AlsoReason::kOperator);
    owner.module = hierarchy_.call(call).module;
    owner.call = call;
    owner.evidence = StrongestToName(node, owner);
  }

  // Where no kind names the owner, the operators of the run do.
  EvidenceKind StrongestToName(NodeId node, const Owner& owner) const {
    for (size_t m = 0; m < evidence_.results.size(); ++m) {
      const std::vector<Candidate>& candidates = evidence_.results[m].candidates;
      auto at = std::lower_bound(candidates.begin(), candidates.end(), node,
                                 [](const Candidate& a, NodeId b) { return a.node < b; });
      for (; at != candidates.end() && at->node == node; ++at) {
        if (at->exact && at->module == owner.module) return evidence_.strategy.matchers[m]->kind();
      }
    }
    return EvidenceKind::kTrace;
  }

  // What exporters and tools compute once for all that are equal.
  void TakeEqual(OpId op) {
    const OpId first = facts_.equal(op);
    if (!first.valid() || nodes_->node_of(op).valid() || done_by_[op.index()].node.valid()) return;
    const NodeId node = nodes_->node_of(first);
    if (!node.valid() || images_->DoesNothing(op)) return;
    done_by_[op.index()] = {node};
    Add(node, ModuleOf(op), AlsoReason::kEqual);
  }

  // What follows an operator and became a part of it.
  void TakeFolded(OpId op) {
    if (!IsOpen(op) || done_by_[op.index()].node.valid()) return;
    NodeId before;
    bool reads_tensors = false;
    for (const OpRead& read : hierarchy_.op(op).reads) {
      reads_tensors = reads_tensors || read.tensor.valid();
      if (!read.op.valid() || !facts_.depends_on_input(read.op)) continue;
      const NodeId node = NodeThatDoes(read.op);
      if (!node.valid()) return;
      const bool is_other = before.valid() && before != node;
      before = is_other ? work_->LaterOf(before, node) : node;
      if (!before.valid()) return;
    }
    if (!before.valid()) return;
    if (images_->DoesNothing(op)) {
      done_by_[op.index()] = {before, true};
      return;
    }
    if (reads_tensors ? !ReadsStored(before) : !IsOfRuntime(before)) return;
    done_by_[op.index()] = {before, true};
    Add(before, ModuleOf(op), AlsoReason::kOperator);
  }

  NodeId NodeThatDoes(OpId op) const {
    const NodeId own = nodes_->node_of(op);
    return own.valid() ? own : done_by_[op.index()].node;
  }

  bool ReadsStored(NodeId node) const {
    if (ChangesFormAlone(graph_.op_type(node))) return false;
    const absl::Span<const ValueId> inputs = graph_.inputs(node);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].valid() && roles_->origin(inputs[i]).valid() &&
          !IsFormOperand(graph_.op_type(node), i)) {
        return true;
      }
    }
    return false;
  }

  // Of a node that does the work of several operators.
  void AddTensors(NodeId node) {
    const TensorIdentity& tensors = TensorsOf(context_);
    if (readers_.empty()) FindReaders();
    for (const ValueId input : graph_.inputs(node)) {
      if (!input.valid()) continue;
      const TensorId tensor = tensors.of(input).only();
      if (!tensor.valid()) continue;
      for (const ModuleId module : readers_[tensor.index()]) Add(node, module, AlsoReason::kTensor);
    }
  }

  // Each module once in a row; not all of them where there are many.
  void FindReaders() {
    readers_.resize(hierarchy_.tensors().size());
    for (size_t i = 0; i < hierarchy_.ops().size(); ++i) {
      for (const OpRead& read : hierarchy_.ops()[i].reads) {
        if (!read.tensor.valid()) continue;
        std::vector<ModuleId>& modules = readers_[read.tensor.index()];
        if (modules.size() == kMaxReaders) continue;
        if (modules.empty() || modules.back() != ModuleOf(OpId(i))) {
          modules.push_back(ModuleOf(OpId(i)));
        }
      }
    }
  }

  bool MayChange(NodeId node) const {
    const Owner& owner = owners_[node.index()];
    return owner.tagged && !owner.base.valid();
  }

  void Add(NodeId node, ModuleId module, AlsoReason reason) {
    found_[node].push_back({module, reason});
  }

  void AddAlsoOf(OpId op, NodeId node) {
    const auto found = also_of_operators_.find(op);
    if (found == also_of_operators_.end()) return;
    for (const ModuleId module : found->second) Add(node, module, AlsoReason::kOperator);
  }

  const WorkEvidence& evidence_;
  const MatchContext& context_;
  const GraphView& graph_;
  const Hierarchy& hierarchy_;
  const AlsoOfOperators& also_of_operators_;
  std::vector<Owner>& owners_;
  FoundModules& found_;
  const RunFacts facts_;
  std::unique_ptr<const OperatorImages> images_;
  std::unique_ptr<const NodeRoles> roles_;
  std::unique_ptr<const OperatorNodes> nodes_;
  std::unique_ptr<const NodeWork> work_;
  std::vector<DoneBy> done_by_;                 // By operator.
  std::vector<std::vector<ModuleId>> readers_;  // By tensor.
};

}  // namespace

void FindWork(const WorkEvidence& evidence, const AlsoOfOperators& also_of_operators,
              std::vector<Owner>* owners, FoundModules* found) {
  WorkFinder(evidence, also_of_operators, owners, found).Run();
}

}  // namespace modelexport
