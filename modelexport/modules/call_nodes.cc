#include "modelexport/modules/call_nodes.h"

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"

namespace modelexport {
namespace {

absl::Status Refused(absl::string_view message) {
  return WithFault(absl::FailedPreconditionError(message), Fault::kJudged);
}

std::vector<CallId> CallsOf(const Hierarchy& hierarchy, ModuleId module) {
  std::vector<CallId> calls;
  for (size_t c = 0; c < hierarchy.calls().size(); ++c) {
    if (hierarchy.calls()[c].module == module) calls.emplace_back(c);
  }
  return calls;
}

// Invalid if the module has no known calls and none is asked for.
absl::StatusOr<CallId> ChooseCall(const Hierarchy& hierarchy, const std::vector<CallId>& calls,
                                  absl::optional<uint32_t> ordinal) {
  if (!ordinal.has_value()) {
    if (calls.size() < 2) return calls.empty() ? CallId() : calls[0];
    return Refused(absl::StrCat("is called ", calls.size(),
                                " times: --call=0 to --call=", calls.size() - 1, " chooses one"));
  }
  for (CallId call : calls) {
    if (hierarchy.call(call).ordinal == *ordinal) return call;
  }
  return Refused(absl::StrCat("there is no call ", *ordinal, ": ",
                              calls.empty()
                                  ? "its calls are not known, or it has none"
                                  : absl::StrCat("it has calls 0 to ", calls.size() - 1)));
}

bool RanIn(const Hierarchy& hierarchy, CallId call, CallId outer) {
  while (call.valid() && call != outer) call = hierarchy.call(call).parent;
  return call.valid();
}

std::vector<NodeId> NodesOfMainGraph(const GraphView& graph) {
  const GraphRecord& main = graph.index().graphs()[0];
  std::vector<NodeId> nodes;
  for (size_t n = 0; n < main.num_nodes; ++n) nodes.emplace_back(main.first_node + n);
  return nodes;
}

}  // namespace

absl::StatusOr<std::vector<NodeId>> CallNodes(const OwnedGraph& owned, ModuleId module,
                                              absl::optional<uint32_t> ordinal) {
  const Hierarchy& hierarchy = owned.hierarchy;
  const std::vector<CallId> calls = CallsOf(hierarchy, module);
  const int64_t counted = hierarchy.module(module).calls.value_or(0);
  if (calls.empty() && counted > 1) {
    return Refused(absl::StrCat("is called ", counted,
                                " times, and the hierarchy does not say which calls these are"));
  }
  MX_ASSIGN_OR_RETURN(const CallId call, ChooseCall(hierarchy, calls, ordinal));
  if (module == Hierarchy::root() && calls.size() < 2) return NodesOfMainGraph(owned.graph);
  std::vector<NodeId> nodes;
  size_t unknown = 0;
  for (size_t n = 0; n < owned.owners.size(); ++n) {
    if (!owned.IsAttributed(NodeId(n))) continue;
    const Owner& owner = owned.owners[n];
    if (call.valid() && owner.call.valid()) {
      if (RanIn(hierarchy, owner.call, call)) nodes.emplace_back(n);
    } else if (hierarchy.IsAncestorOrSelf(module, owner.module)) {
      nodes.emplace_back(n);
      unknown += calls.size() > 1 ? 1 : 0;
    }
  }
  if (unknown == 0) return nodes;
  return Refused(absl::StrCat("of ", unknown, unknown == 1 ? " node" : " nodes",
                              " it is not known in which of its ", calls.size(), " calls ",
                              unknown == 1 ? "it" : "they", " ran"));
}

std::vector<NodeId> NodesOfAllCalls(const OwnedGraph& owned, ModuleId module) {
  const Hierarchy& hierarchy = owned.hierarchy;
  if (module == Hierarchy::root()) return NodesOfMainGraph(owned.graph);
  const bool has_calls = !CallsOf(hierarchy, module).empty();
  const auto ran_in_one = [&](CallId call) {
    while (call.valid() && hierarchy.call(call).module != module)
      call = hierarchy.call(call).parent;
    return call.valid();
  };
  std::vector<NodeId> nodes;
  for (size_t n = 0; n < owned.owners.size(); ++n) {
    if (!owned.IsAttributed(NodeId(n))) continue;
    const Owner& owner = owned.owners[n];
    const bool is_of_it = has_calls && owner.call.valid()
                              ? ran_in_one(owner.call)
                              : hierarchy.IsAncestorOrSelf(module, owner.module);
    if (is_of_it) nodes.emplace_back(n);
  }
  return nodes;
}

std::string WrittenPath(const Hierarchy& hierarchy, ModuleId module) {
  return module == Hierarchy::root() ? "." : std::string(hierarchy.module(module).path);
}

}  // namespace modelexport
