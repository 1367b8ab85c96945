#include "modelexport/matching/trace_matcher.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/alignment/aligner.h"
#include "modelexport/alignment/clues.h"
#include "modelexport/alignment/image.h"
#include "modelexport/alignment/source_run.h"
#include "modelexport/matching/tensor_identity.h"

namespace modelexport {
namespace {

constexpr uint32_t kNoOp = 0xFFFFFFFF;

class TraceMatch {
 public:
  explicit TraceMatch(const MatchContext& context)
      : context_(context), hierarchy_(context.hierarchy), image_(context.graph) {}

  MatchResult Run() {
    MatchResult result;
    TakeAnchors();
    if (open_images_ == 0) return result;
    Place();
    for (size_t n = 0; n < op_of_.size(); ++n) {
      if (op_of_[n] == kNoOp || anchors_[n].module.valid()) continue;
      result.candidates.push_back(CandidateOf(NodeId(n)));
    }
    return result;
  }

  // The operator that a node is placed at; kNoOp if none is.
  uint32_t OpOf(NodeId node) {
    TakeAnchors();
    Place();
    return op_of_[node.index()];
  }

 private:
  void TakeAnchors() {
    anchors_.resize(context_.graph.num_nodes());
    for (const Candidate& settled : context_.settled()) {
      anchors_[settled.node.index()] = {settled.module, settled.call, settled.exact, settled.op};
    }
    for (size_t i = 0; i < image_.size(); ++i) {
      open_images_ += !anchors_[image_.node(i).index()].module.valid();
    }
  }

  std::vector<TensorId> HeldBy(ValueId value) const {
    std::vector<TensorId> tensors;
    for (const std::vector<TensorId>& part : context_.tensors().of(value).parts) {
      tensors.insert(tensors.end(), part.begin(), part.end());
    }
    return tensors;
  }

  void Place() {
    const SourceRun source(hierarchy_);
    const auto held = [this](ValueId value) { return HeldBy(value); };
    const Clues clues(source, image_, held, anchors_);
    const Alignment alignment = Align(source, image_, clues);
    op_of_.assign(context_.graph.num_nodes(), kNoOp);
    around_.resize(op_of_.size());
    for (size_t i = 0; i < alignment.op.size(); ++i) {
      op_of_[image_.node(i).index()] = alignment.op[i];
      around_[image_.node(i).index()] = alignment.around[i];
    }
    const std::vector<NodeId>& sequence = image_.sequence();
    for (size_t i = sequence.size(); i-- > 0;) {
      if (image_.role(sequence[i]) != NodeRole::kImage) PlaceWithConsumers(sequence[i]);
    }
  }

  // With the first to use it.
  void PlaceWithConsumers(NodeId node) {
    const size_t n = node.index();
    for (ValueId output : context_.graph.outputs(node)) {
      if (!output.valid()) continue;
      for (NodeId consumer : context_.graph.consumers(output)) {
        const uint32_t op = op_of_[consumer.index()];
        if (op >= op_of_[n]) continue;
        op_of_[n] = op;
        around_[n] = around_[consumer.index()];
      }
    }
  }

  Candidate CandidateOf(NodeId node) const {
    CallId call = hierarchy_.ops()[op_of_[node.index()]].call;
    const ModuleId around = around_[node.index()];
    while (call.valid() && hierarchy_.call(call).module != around) {
      call = hierarchy_.call(call).parent;
    }
    return {node, around, call};
  }

  const MatchContext& context_;
  const Hierarchy& hierarchy_;
  const Image image_;
  std::vector<Anchor> anchors_;  // By node.
  size_t open_images_ = 0;
  std::vector<uint32_t> op_of_;   // By node.
  std::vector<ModuleId> around_;  // By node.
};

}  // namespace

MatchResult TraceMatcher::Match(const MatchContext& context) const {
  if (context.hierarchy.ops().empty()) return MatchResult();
  return TraceMatch(context).Run();
}

std::string TraceMatcher::Reason(const MatchContext& context, const Candidate& candidate) const {
  const uint32_t op = TraceMatch(context).OpOf(candidate.node);
  return absl::StrCat("aligned with operator ", op, " (", context.hierarchy.ops()[op].name, ")");
}

}  // namespace modelexport
