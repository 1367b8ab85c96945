#include "modelexport/evidence/trace/trace_matcher.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/trace/trace_placement.h"

namespace modelexport {
namespace {

std::string ModuleName(const Hierarchy& hierarchy, ModuleId module) {
  const absl::string_view path = hierarchy.module(module).path;
  return path.empty() ? "(root)" : std::string(path);
}

// Of more calls than these only the innermost are named: sidecars may nest them very deep.
constexpr size_t kMostCalls = 32;

// "(root) > encoder > encoder.q#1": from the outermost call inwards; later calls of a module have a
// number.
std::string CallPath(const Hierarchy& hierarchy, CallId id) {
  std::vector<std::string> calls;
  for (; id.valid() && calls.size() < kMostCalls; id = hierarchy.call(id).parent) {
    const Call& call = hierarchy.call(id);
    calls.push_back(ModuleName(hierarchy, call.module));
    if (call.ordinal > 0) absl::StrAppend(&calls.back(), "#", call.ordinal);
  }
  std::string path = id.valid() ? "... > " : "";
  for (size_t i = calls.size(); i-- > 0;) absl::StrAppend(&path, calls[i], i > 0 ? " > " : "");
  return path;
}

// The innermost call around an operator that is one of `around`; invalid if none is.
CallId CallOf(const Hierarchy& hierarchy, OpId op, ModuleId around) {
  CallId call = hierarchy.op(op).call;
  while (call.valid() && hierarchy.call(call).module != around) call = hierarchy.call(call).parent;
  return call;
}

// By operator, whether it is a node of a tagged model of which only the module is known.
std::vector<bool> CallsNotKnown(const Hierarchy& hierarchy) {
  std::vector<bool> not_known(hierarchy.ops().size());
  for (const SourceNode& node : hierarchy.nodes()) {
    if (node.op.valid() && !node.call.valid()) not_known[node.op.index()] = true;
  }
  return not_known;
}

// Whether an alignment can tell more than a settled candidate: the module below its own.
bool IsOpen(const Hierarchy& hierarchy, const Candidate& settled) {
  return !settled.exact && !hierarchy.children(settled.module).empty();
}

}  // namespace

absl::string_view TraceMatcher::MissingFrom(const Hierarchy& hierarchy) const {
  return hierarchy.ops().empty() ? "the sidecar has no ops" : "";
}

MatchResult TraceMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  if (context.hierarchy.ops().empty()) return result;
  std::vector<bool> settled(context.graph.num_nodes());
  for (const Candidate& candidate : context.settled()) {
    settled[candidate.node.index()] = !IsOpen(context.hierarchy, candidate);
  }
  const TracePlacement& placement = PlacementOf(context);
  const std::vector<bool> calls_not_known = CallsNotKnown(context.hierarchy);
  for (size_t n = 0; n < settled.size(); ++n) {
    if (EndsEarly(context, n)) break;
    const TracePlacement::At& at = placement.of(NodeId(n));
    if (settled[n] || !at.op.valid()) continue;
    const CallId call =
        calls_not_known[at.op.index()] ? CallId() : CallOf(context.hierarchy, at.op, at.around);
    const bool is_tie =
        at.around != context.hierarchy.call(context.hierarchy.op(at.op).call).module;
    result.candidates.push_back({NodeId(n), at.around, call, !is_tie});
  }
  if (!placement.note().empty()) {
    result.notes.push_back(absl::StrCat("trace: ", placement.note()));
  }
  return result;
}

std::string TraceMatcher::Reason(const MatchContext& context, const Candidate& candidate) const {
  const Hierarchy& hierarchy = context.hierarchy;
  const TracePlacement::At& at = PlacementOf(context).of(candidate.node);
  const Op& op = hierarchy.op(at.op);
  std::string reason;
  if (at.with.valid())
    reason = absl::StrCat("with ", context.graph.Place(at.with), ", that uses it: ");
  absl::StrAppend(&reason, "aligned with operator ", at.op.index(), " (", op.name, ") in ",
                  CallPath(hierarchy, op.call));
  if (!at.next.valid()) return absl::StrCat(reason, "; no other module was considered");
  absl::StrAppend(&reason, "; next best ", ModuleName(hierarchy, at.next),
                  absl::StrFormat(", by %.1f", at.behind));
  const bool close = at.around != hierarchy.call(op.call).module;
  return close ? absl::StrCat(reason, ": too close to tell apart") : reason;
}

}  // namespace modelexport
