#include "modelexport/resolution/find_also.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/tensors/tensor_identity.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/onnx/operator_domain.h"
#include "modelexport/resolution/folded_modules.h"
#include "modelexport/resolution/operator_images.h"
#include "modelexport/resolution/operator_nodes.h"

namespace modelexport {
namespace {

// Operators that one node may do, and results that are followed to find these. Beyond, nothing is
// concluded.
constexpr size_t kMaxWork = 64;
constexpr size_t kMaxFollowed = 256;

// Of one node and what it makes.
bool AreItsNames(const Conflict& conflict) {
  return conflict.stronger == EvidenceKind::kNodeName &&
         conflict.weaker == EvidenceKind::kValueName;
}

class AlsoFinder {
 public:
  AlsoFinder(const WorkEvidence& evidence, Resolution* resolution)
      : evidence_(evidence),
        context_(evidence.context),
        graph_(context_.graph),
        hierarchy_(context_.hierarchy),
        resolution_(*resolution),
        found_(graph_.num_nodes()) {}

  AlsoModules Run() {
    for (const Conflict& conflict : resolution_.conflicts) {
      if (!AreItsNames(conflict) || SpeaksOfNoWork(conflict.node)) continue;
      Add(conflict.node, conflict.weaker_module, AlsoReason::kName);
      Add(conflict.node, conflict.stronger_module, AlsoReason::kName);
    }
    TakeAlsoOfTagged();
    if (!hierarchy_.ops().empty()) {
      FollowOperators();
    } else if (!hierarchy_.tensors().empty() && !hierarchy_.calls().empty()) {
      FindFoldedModules(context_, &resolution_.owners, &found_);
    }
    AlsoModules also;
    for (size_t n = 0; n < found_.size(); ++n) {
      if (EndsEarly(context_, n)) break;
      RemoveOwner(NodeId(n));
      also.Add(NodeId(n), std::move(found_[n]));
    }
    return also;
  }

 private:
  // Whether the name of what the node makes is that of an operator that has no effect where it left
  // no node: "/norm/Cast_output_0".
  bool SpeaksOfNoWork(NodeId node) const {
    for (const ValueId output : graph_.outputs(node)) {
      if (!output.valid()) continue;
      absl::string_view name = graph_.name(output);
      name.remove_prefix(name.rfind('/') + 1);
      for (const absl::string_view op_type : {"Cast_", "Identity_", "Dropout_"}) {
        if (absl::StartsWith(name, op_type)) return true;
      }
    }
    return false;
  }

  using Work = std::vector<OpId>;  // That whose result is made comes first.

  // A node that makes the same as a node of a tagged model does all that this one does.
  void TakeAlsoOfTagged() {
    for (const SourceNode& node : hierarchy_.nodes()) {
      if (!node.also.empty() && node.op.valid()) also_of_op_.emplace(node.op, node.also);
    }
    if (also_of_op_.empty()) return;
    for (const Candidate& settled : context_.settled()) {
      if (settled.op.valid()) AddAlsoOf(settled.op, settled.node);
    }
  }

  void AddAlsoOf(OpId op, NodeId node) {
    const auto found = also_of_op_.find(op);
    if (found == also_of_op_.end()) return;
    for (const ModuleId module : found->second) Add(node, module, AlsoReason::kOperator);
  }

  // The stages for which the run is needed.
  void FollowOperators() {
    FindDependent();
    FindEqual();
    if (!MayShare()) return;
    images_ = std::make_unique<const OperatorImages>(graph_, hierarchy_, context_.cancelled());
    if (IsCancelled(context_.cancelled())) return;
    roles_ = std::make_unique<const NodeRoles>(graph_, context_.cancelled());
    if (IsCancelled(context_.cancelled())) return;
    nodes_ = std::make_unique<const OperatorNodes>(context_, evidence_.placement,
                                                   resolution_.owners, *images_, *roles_);
    done_by_.resize(hierarchy_.ops().size());
    for (size_t n = 0; n < found_.size(); ++n) {
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

  // Which operators depend on what the model is given.
  void FindDependent() {
    for (const Op& op : hierarchy_.ops()) {
      bool depends = false;
      for (const OpRead& read : op.reads) {
        depends = depends || (read.op.valid() ? dependent_[read.op.index()] : !read.tensor.valid());
      }
      dependent_.push_back(depends);
    }
  }

  // Of each operator that reads one result alone, the first of another module that has the same
  // name and reads the same: they differ in attributes at most.
  void FindEqual() {
    absl::flat_hash_map<std::pair<absl::string_view, OpId>, OpId> first;
    equal_.resize(hierarchy_.ops().size());
    std::vector<OpId> reader(equal_.size());  // That read it last.
    for (size_t i = 0; i < equal_.size(); ++i) {
      const Op& op = hierarchy_.ops()[i];
      if (op.reads.size() != 1 || !op.reads[0].op.valid()) continue;
      OpId& before = reader[op.reads[0].op.index()];
      const OpId last = std::exchange(before, OpId(i));
      if (!last.valid()) continue;
      first.try_emplace({hierarchy_.op(last).name, op.reads[0].op}, last);
      const auto added = first.try_emplace({op.name, op.reads[0].op}, OpId(i));
      if (added.second || ModuleOf(added.first->second) == ModuleOf(OpId(i))) continue;
      equal_[i] = added.first->second;
      any_equal_ = true;
    }
  }

  // Whether looking closer may find something: there are operators of runtimes, equal operators,
  // nodes without a name of their own that only help a node of another module, or a call with
  // operators that depend on inputs and no node.
  bool MayShare() const {
    if (any_equal_) return true;
    std::vector<bool> has_node(hierarchy_.calls().size());
    std::vector<bool> module_has_node(hierarchy_.modules().size());  // In an unknown call.
    for (size_t n = 0; n < found_.size(); ++n) {
      const Owner& owner = resolution_.owners[n];
      if (IsOfRuntime(NodeId(n)) || HelpsAnother(NodeId(n))) return true;
      if (owner.call.valid()) {
        has_node[owner.call.index()] = true;
      } else {
        module_has_node[owner.module.index()] = true;
      }
    }
    for (size_t i = 0; i < dependent_.size(); ++i) {
      const CallId call = hierarchy_.ops()[i].call;
      if (dependent_[i] && !has_node[call.index()] &&
          !module_has_node[hierarchy_.call(call).module.index()]) {
        return true;
      }
    }
    return false;
  }

  bool HelpsAnother(NodeId node) const {
    const Owner& owner = resolution_.owners[node.index()];
    const EvidenceBasis basis = FactsOf(owner.evidence).basis;
    if (basis != EvidenceBasis::kReads && basis != EvidenceBasis::kAlignment) return false;
    const absl::Span<const ValueId> outputs = graph_.outputs(node);
    if (outputs.size() != 1 || !outputs[0].valid()) return false;
    const absl::Span<const NodeId> consumers = graph_.consumers(outputs[0]);
    return consumers.size() == 1 && resolution_.owners[consumers[0].index()].module != owner.module;
  }

  // Whether the node has an operator of none of ONNX's own domains, and of no function here.
  bool IsOfRuntime(NodeId node) const {
    const absl::string_view domain =
        NormalizedDomain(graph_.index().text(graph_.index().node(node).domain));
    return !domain.empty() && domain != "ai.onnx.ml" && !graph_.callee(node).valid();
  }

  ModuleId ModuleOf(OpId op) const { return hierarchy_.call(hierarchy_.op(op).call).module; }

  // Whether the operator's work, if there is any, is that of no node of its own.
  bool IsOpen(OpId op) const { return dependent_[op.index()] && !nodes_->node_of(op).valid(); }

  // Whether the operator has no node, or none that does not only help this one.
  bool MayBeDoneBy(NodeId node, OpId op) const {
    if (!dependent_[op.index()]) return false;
    const NodeId own = nodes_->node_of(op);
    return !own.valid() || (own != node && nodes_->part_of(own) == node);
  }

  // The operator whose result the node makes and those before it that have no node; empty if there
  // are too many.
  Work WorkBefore(NodeId node) const {
    Work work{nodes_->op_of(node)};
    size_t num_followed = 0;
    for (size_t i = 0; i < work.size(); ++i) {
      for (const OpRead& read : hierarchy_.op(work[i]).reads) {
        if (!read.op.valid() || !MayBeDoneBy(node, read.op)) continue;
        if (work.size() == kMaxWork || ++num_followed > kMaxFollowed) return {};
        if (std::find(work.begin(), work.end(), read.op) == work.end()) work.push_back(read.op);
      }
    }
    return work;
  }

  void TakeWorkBefore(NodeId node) {
    const Work work = WorkBefore(node);
    if (work.empty() || (work.size() == 1 && !IsOfRuntime(node))) return;
    const OpId main = MainOf(node, work);
    if (!IsOfRuntime(node) && (main == work[0] || !nodes_->makes_result(node))) return;
    for (const OpId op : work) {
      if (!nodes_->node_of(op).valid()) done_by_[op.index()] = node;
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
    Owner& owner = resolution_.owners[node.index()];
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
    const OpId first = equal_[op.index()];
    if (!first.valid() || nodes_->node_of(op).valid() || done_by_[op.index()].valid()) return;
    const NodeId node = nodes_->node_of(first);
    if (!node.valid() || images_->DoesNothing(op)) return;
    done_by_[op.index()] = node;
    Add(node, ModuleOf(op), AlsoReason::kEqual);
  }

  // What follows an operator and became a part of it.
  void TakeFolded(OpId op) {
    if (!IsOpen(op) || done_by_[op.index()].valid()) return;
    NodeId before;
    bool reads_tensors = false;
    for (const OpRead& read : hierarchy_.op(op).reads) {
      reads_tensors = reads_tensors || read.tensor.valid();
      if (!read.op.valid() || !dependent_[read.op.index()]) continue;
      const NodeId named = nodes_->node_of(read.op);
      const NodeId node = named.valid() ? named : done_by_[read.op.index()];
      if (!node.valid() || (before.valid() && before != node)) return;
      before = node;
    }
    if (!before.valid()) return;
    if (images_->DoesNothing(op)) {
      done_by_[op.index()] = before;
      return;
    }
    if (reads_tensors ? !ReadsStored(before) : !IsOfRuntime(before)) return;
    done_by_[op.index()] = before;
    Add(before, ModuleOf(op), AlsoReason::kOperator);
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

  // Each module once in a row.
  void FindReaders() {
    readers_.resize(hierarchy_.tensors().size());
    for (size_t i = 0; i < hierarchy_.ops().size(); ++i) {
      for (const OpRead& read : hierarchy_.ops()[i].reads) {
        if (!read.tensor.valid()) continue;
        std::vector<ModuleId>& modules = readers_[read.tensor.index()];
        if (modules.empty() || modules.back() != ModuleOf(OpId(i))) {
          modules.push_back(ModuleOf(OpId(i)));
        }
      }
    }
  }

  bool MayChange(NodeId node) const {
    const Owner& owner = resolution_.owners[node.index()];
    return owner.tagged && !owner.base.valid();
  }

  void Add(NodeId node, ModuleId module, AlsoReason reason) {
    if (MayChange(node)) found_[node.index()].push_back({module, reason});
  }

  void RemoveOwner(NodeId node) {
    std::vector<AlsoModule>& found = found_[node.index()];
    if (!MayChange(node)) found.clear();
    const ModuleId owner = resolution_.owners[node.index()].module;
    found.erase(std::remove_if(found.begin(), found.end(),
                               [owner](const AlsoModule& other) { return other.module == owner; }),
                found.end());
  }

  const WorkEvidence& evidence_;
  const MatchContext& context_;
  const GraphView& graph_;
  const Hierarchy& hierarchy_;
  Resolution& resolution_;
  std::vector<std::vector<AlsoModule>> found_;  // By node.

  // Of nodes of a tagged model that are operators.
  absl::flat_hash_map<OpId, absl::Span<const ModuleId>> also_of_op_;

  std::vector<bool> dependent_;  // By operator.
  std::vector<OpId> equal_;      // Likewise; mostly invalid.
  bool any_equal_ = false;
  std::unique_ptr<const OperatorImages> images_;
  std::unique_ptr<const NodeRoles> roles_;
  std::unique_ptr<const OperatorNodes> nodes_;
  std::vector<NodeId> done_by_;                 // By operator without a node.
  std::vector<std::vector<ModuleId>> readers_;  // By tensor.
};

}  // namespace

AlsoModules FindAlso(const WorkEvidence& evidence, Resolution* resolution) {
  return AlsoFinder(evidence, resolution).Run();
}

}  // namespace modelexport
