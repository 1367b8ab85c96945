#include "modelexport/commands/explain.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/read_hierarchy.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/graph/find_nodes.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/tensor_elements.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/resolution/flow.h"
#include "modelexport/resolution/resolver.h"

namespace modelexport {
namespace {

// Nodes that one name means, listed in an error.
constexpr size_t kMaxListed = 20;

std::string Describe(const GraphView& graph, NodeId node) {
  const absl::string_view name = graph.name(node);
  return absl::StrCat(graph.Place(node), " ", graph.op_type(node),
                      name.empty() ? "" : absl::StrCat(" \"", name, "\""));
}

absl::StatusOr<NodeId> FindNode(const ExplainRequest& request, const GraphView& graph) {
  const std::vector<NodeId> nodes = FindNodes(graph, request.node);
  if (nodes.size() == 1) return nodes[0];
  std::string message = absl::StrCat(request.model, ": \"", request.node, "\" means ",
                                     nodes.empty() ? "no node" : "several nodes:");
  for (size_t i = 0; i < nodes.size() && i < kMaxListed; ++i) {
    absl::StrAppend(&message, "\n  ", Describe(graph, nodes[i]));
  }
  if (nodes.size() > kMaxListed) {
    absl::StrAppend(&message, "\n  and ", nodes.size() - kMaxListed, " more");
  }
  return WithFault(absl::NotFoundError(message), Fault::kUsage);
}

class Explainer {
 public:
  Explainer(const MatchContext& context, const Strategy& strategy, NodeId node)
      : context_(context), strategy_(strategy), node_(node) {}

  Explanation Run() {
    results_ = GatherEvidence(context_, strategy_, false);
    settled_ = SettledIn(context_, strategy_, results_);
    told_.emplace(context_.WithSettled(settled_));
    resolution_ = Resolve(context_, strategy_, results_);
    DescribeNode();
    DescribeOwner();
    for (size_t i = 0; i < results_.size(); ++i) AddCandidates(*strategy_.matchers[i], results_[i]);
    AddConflicts();
    AddNeighbours();
    return std::move(explanation_);
  }

 private:
  void DescribeNode() {
    const GraphView& graph = context_.graph;
    explanation_.strategy = strategy_.name;
    explanation_.place = graph.Place(node_);
    explanation_.name = std::string(graph.name(node_));
    explanation_.op_type = std::string(graph.op_type(node_));
    for (ValueId output : graph.outputs(node_)) {
      if (output.valid()) explanation_.outputs.emplace_back(graph.name(output));
    }
  }

  void DescribeOwner() {
    const Owner& owner = resolution_.owners[node_.index()];
    explanation_.tagged = owner.tagged;
    explanation_.evidence = owner.evidence;
    explanation_.owner = PathOf(owner.module);
    explanation_.call = OrdinalOf(owner.call);
    if (!owner.base.valid()) return;
    explanation_.caller = PathOf(owner.base);
    explanation_.call.reset();
    if (owner.module == owner.base) {
      explanation_.owner.clear();
    } else if (!explanation_.caller->empty()) {
      explanation_.owner.erase(0, explanation_.caller->size() + 1);
    }
  }

  void AddCandidates(const Matcher& matcher, const MatchResult& result) {
    const Owner& owner = resolution_.owners[node_.index()];
    for (const Candidate& candidate : result.candidates) {
      if (candidate.node != node_) continue;
      Explanation::Candidate& added = explanation_.candidates.emplace_back();
      added.kind = matcher.kind();
      added.module = PathOf(candidate.module);
      added.call = OrdinalOf(candidate.call);
      added.exact = candidate.exact;
      added.won = owner.tagged && added.kind == owner.evidence &&
                  candidate.module == owner.module &&
                  (!candidate.call.valid() || candidate.call == owner.call);
      added.reason = matcher.Reason(*told_, candidate);
    }
    explanation_.notes.insert(explanation_.notes.end(), result.notes.begin(), result.notes.end());
  }

  void AddConflicts() {
    for (const Conflict& conflict : resolution_.conflicts) {
      if (conflict.node != node_) continue;
      explanation_.conflicts.push_back(absl::StrCat(
          NameOf(conflict.stronger), " says \"", PathOf(conflict.stronger_module), "\", ",
          NameOf(conflict.weaker), " says \"", PathOf(conflict.weaker_module), "\""));
    }
  }

  void AddNeighbours() {
    const EvidenceKind evidence = resolution_.owners[node_.index()].evidence;
    if (!IsFromOtherOwners(evidence)) return;
    const FlowNeighbours neighbours = FindFlowNeighbours(context_.graph, resolution_.owners, node_);
    const auto add = [this](const char* word, NodeId node) {
      const absl::string_view path =
          context_.hierarchy.module(resolution_.owners[node.index()].module).path;
      explanation_.neighbours.push_back(absl::StrCat(word, " ", Describe(context_.graph, node),
                                                     " of ", path.empty() ? "(root)" : path));
    };
    for (NodeId node : neighbours.before) add("behind", node);
    for (NodeId node : neighbours.behind) add("before", node);
    if (neighbours.holder.valid()) add("held by", neighbours.holder);
  }

  std::string PathOf(ModuleId module) const {
    return std::string(context_.hierarchy.module(module).path);
  }

  absl::optional<uint32_t> OrdinalOf(CallId call) const {
    if (!call.valid()) return absl::nullopt;
    return context_.hierarchy.call(call).ordinal;
  }

  MatchContext context_;
  const Strategy& strategy_;
  const NodeId node_;
  std::vector<MatchResult> results_;
  std::vector<Candidate> settled_;
  absl::optional<MatchContext> told_;  // As the matchers of the second round saw it.
  Resolution resolution_;
  Explanation explanation_;
};

}  // namespace

absl::StatusOr<Explanation> Explain(const ExplainRequest& request) {
  MX_ASSIGN_OR_RETURN(const auto source, OpenFile(request.model));
  IndexOptions options;
  options.load = request.strategy.KeysToLoad();
  MX_ASSIGN_OR_RETURN(const auto index, ModelIndex::Build(*source, options));
  const bool embedded = request.hierarchy == kEmbeddedHierarchy;
  MX_ASSIGN_OR_RETURN(const Hierarchy hierarchy,
                      embedded ? ReadHierarchyOf(index) : ReadHierarchyFile(request.hierarchy));
  const GraphView graph(index);
  MX_ASSIGN_OR_RETURN(const NodeId node, FindNode(request, graph));
  return Explainer({graph, hierarchy, FolderOf(request.model)}, request.strategy, node).Run();
}

}  // namespace modelexport
