#include "modelexport/commands/explain.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/node_reasons.h"
#include "modelexport/graph/find_nodes.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/modules/source_lines.h"
#include "modelexport/ownership/gather.h"
#include "modelexport/ownership/owned_model.h"
#include "modelexport/render/reports.h"
#include "modelexport/resolution/flow.h"

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
  // A shell takes #3 for a comment, so that users leave the sign out.
  const std::string place = absl::StrCat("#", request.node);
  if (nodes.empty() && !FindNodes(graph, place).empty()) {
    absl::StrAppend(&message, "; did you mean '", place, "'?");
  }
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
  Explainer(const OwnedModel& owned, const Evidence& evidence, const Strategy& strategy,
            NodeId node)
      : owned_(owned),
        evidence_(evidence),
        strategy_(strategy),
        node_(node),
        owner_(owned.owners[node.index()]) {}

  absl::StatusOr<Explanation> Run() {
    DescribeNode();
    MX_RETURN_IF_ERROR(AddSourceLines());
    DescribeOwner();
    if (!owned_.also.of(node_).empty()) {
      explanation_.without_candidate =
          "of the operators of the run that it does, its own is one of the owner's";
    }
    for (const AlsoModule& other : owned_.also.of(node_)) {
      explanation_.also.push_back({PathOf(other.module), std::string(TextOf(other.reason))});
    }
    for (size_t i = 0; i < evidence_.results.size(); ++i) {
      AddCandidates(*strategy_.matchers[i], evidence_.results[i]);
    }
    explanation_.notes = owned_.notes;
    AddConflicts();
    AddNeighbours();
    return std::move(explanation_);
  }

 private:
  void DescribeNode() {
    const GraphView& graph = owned_.graph();
    explanation_.strategy = strategy_.name;
    explanation_.place = graph.Place(node_);
    explanation_.name = std::string(graph.name(node_));
    explanation_.op_type = std::string(graph.op_type(node_));
    for (ValueId output : graph.outputs(node_)) {
      if (output.valid()) explanation_.outputs.emplace_back(graph.name(output));
    }
  }

  absl::Status AddSourceLines() {
    MX_ASSIGN_OR_RETURN(const std::vector<SourceLine> trace,
                        StackTraceOf(owned_.graph().index(), node_));
    for (auto line = trace.rbegin(); line != trace.rend(); ++line) {
      explanation_.source_lines.push_back(
          absl::StrCat(line->Place(), line->function.empty() ? "" : " in ", line->function,
                       line->code.empty() ? "" : ": ", line->code));
    }
    return absl::OkStatus();
  }

  void DescribeOwner() {
    explanation_.tagged = owner_.tagged;
    explanation_.evidence = owner_.evidence;
    explanation_.owner = PathOf(owner_.module);
    if (!owned_.confidence.empty()) explanation_.confidence = owned_.confidence[node_.index()];
    explanation_.call = OrdinalOf(owner_.call);
    if (!owner_.base.valid()) return;
    explanation_.caller = PathOf(owner_.base);
    explanation_.call.reset();
    if (owner_.module == owner_.base) {
      explanation_.owner.clear();
    } else if (!explanation_.caller->empty()) {
      explanation_.owner.erase(0, explanation_.caller->size() + 1);
    }
  }

  void AddCandidates(const Matcher& matcher, const MatchResult& result) {
    for (const Candidate& candidate : result.candidates) {
      if (candidate.node != node_) continue;
      Explanation::Candidate& added = explanation_.candidates.emplace_back();
      added.kind = matcher.kind();
      added.module = PathOf(candidate.module);
      added.call = OrdinalOf(candidate.call);
      added.exact = candidate.exact;
      added.won = Won(owner_, added.kind, candidate);
      added.reason = matcher.Reason(evidence_.context, candidate);
    }
  }

  void AddConflicts() {
    for (const Conflict& conflict : owned_.conflicts) {
      if (conflict.node != node_) continue;
      explanation_.conflicts.push_back(absl::StrCat(
          NameOf(conflict.stronger), " says \"", PathOf(conflict.stronger_module), "\", ",
          NameOf(conflict.weaker), " says \"", PathOf(conflict.weaker_module), "\""));
    }
  }

  void AddNeighbours() {
    if (!IsFromOtherOwners(owner_.evidence)) return;
    const FlowNeighbours neighbours = FindFlowNeighbours(owned_.graph(), owned_.owners, node_);
    const auto add = [this](const char* word, NodeId node) {
      const absl::string_view path =
          owned_.hierarchy->module(owned_.owners[node.index()].module).path;
      explanation_.neighbours.push_back(absl::StrCat(word, " ", Describe(owned_.graph(), node),
                                                     " of ", path.empty() ? "(root)" : path));
    };
    for (NodeId node : neighbours.before) add("after", node);
    for (NodeId node : neighbours.behind) add("before", node);
    if (neighbours.holder.valid()) add("held by", neighbours.holder);
  }

  std::string PathOf(ModuleId module) const {
    return std::string(owned_.hierarchy->module(module).path);
  }

  absl::optional<uint32_t> OrdinalOf(CallId call) const {
    if (!call.valid()) return absl::nullopt;
    return owned_.hierarchy->call(call).ordinal;
  }

  const OwnedModel& owned_;
  const Evidence& evidence_;
  const Strategy& strategy_;
  const NodeId node_;
  const Owner& owner_;
  Explanation explanation_;
};

}  // namespace

absl::StatusOr<Explanation> Explain(const ExplainRequest& request) {
  std::unique_ptr<const Evidence> evidence;
  MX_ASSIGN_OR_RETURN(const OwnedModel owned,
                      OwnModel({request.model, request.hierarchy, {}}, request.strategy, Stages(),
                               nullptr, &evidence));
  MX_ASSIGN_OR_RETURN(const NodeId node, FindNode(request, owned.graph()));
  return Explainer(owned, *evidence, request.strategy, node).Run();
}

// The command line.

namespace {

CommandHelp Help() {
  return {
      "IN.onnx HIERARCHY.json NODE [flags]",
      R"(Shows every module that was proposed for one node of IN, why, and what `tag` takes.

NODE is a place (#3 in the main graph, /7:then_branch#0 in a body, function:domain:name:overload#2),
else a value that the node makes, else the node's name.
)",
      R"(Exit code: 0 done; 2 wrong usage, or NODE means no node or several, which are listed; 3 an input is
missing or malformed.
)",
      "testdata/bert_tiny/torchscript/model.onnx testdata/bert_tiny/hierarchy.json '#62'"};
}

absl::Status RunExplain(const Console& console, const Arguments& arguments,
                        const std::string& strategy) {
  if (arguments.size() != 3) {
    return UsageError(
        absl::StrCat("three arguments are wanted, IN HIERARCHY NODE, not ", arguments.size()));
  }
  MX_RETURN_IF_ERROR(RefuseEmpty({"IN", "HIERARCHY", "NODE"}, arguments));
  ExplainRequest request;
  request.model = UserPath(arguments[0]);
  request.hierarchy = HierarchyPath(arguments[1]);
  request.node = arguments[2];
  MX_ASSIGN_OR_RETURN(request.strategy, ChooseStrategy(strategy));
  MX_ASSIGN_OR_RETURN(const Explanation explanation, Explain(request));
  *console.out << RenderText(explanation);
  return absl::OkStatus();
}

}  // namespace

int ExplainCommand(const Console& console, const Arguments& arguments) {
  std::string strategy = "auto";
  return RunCommand(console, Help(), {StrategyFlag(&strategy)}, arguments,
                    [&](const auto& rest) { return RunExplain(console, rest, strategy); });
}

}  // namespace modelexport
