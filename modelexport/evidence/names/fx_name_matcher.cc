#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/names/exported_names.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/evidence/names/op_names.h"
#include "modelexport/evidence/names/result_names.h"

namespace modelexport {
namespace {

// The operator that a node's names speak of, and the name; invalid if they speak of none.
OpId OperatorOf(const GraphView& graph, NodeId node, const OpNames& ops, const ExportedNames& names,
                absl::string_view* name) {
  for (const absl::string_view result : ResultNamesOf(graph, names, node)) {
    *name = result;
    const OpId op = ops.FindBeginning(result);
    if (op.valid()) return op;
  }
  *name = names.of(node);
  absl::string_view rest = *name;
  return absl::ConsumePrefix(&rest, "node_") ? ops.FindBeginning(rest) : OpId();
}

}  // namespace

absl::string_view FxNameMatcher::MissingFrom(const Hierarchy& hierarchy) const {
  if (hierarchy.ops().empty()) return "the sidecar has no ops";
  if (hierarchy.ops_source() == OpsSource::kExportedProgram) return "";
  return "the sidecar's ops are not of the exported program";
}

MatchResult FxNameMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  const OpNames& ops = OpNamesOf(context);
  if (ops.empty()) return result;
  const ExportedNames& names = ExportedNamesOf(context);
  absl::string_view name;
  // The body of a control-flow operator is a program of its own, whose names begin anew.
  const size_t in_main_graph = context.graph.index().graphs()[0].num_nodes;
  for (size_t n = 0; n < in_main_graph; ++n) {
    if (EndsEarly(context, n)) break;
    const OpId op = OperatorOf(context.graph, NodeId(n), ops, names, &name);
    if (!op.valid()) continue;
    const CallId call = context.hierarchy.op(op).call;
    const bool makes_result = context.hierarchy.op(op).node_name == name;
    result.candidates.push_back(
        {NodeId(n), context.hierarchy.call(call).module, call, true, makes_result ? op : OpId()});
  }
  result.offer = {result.candidates.size(), result.candidates.size()};
  const std::string& note = names.note_of_values();
  if (!note.empty()) result.notes.push_back(absl::StrCat("fx_name: ", note));
  return result;
}

std::string FxNameMatcher::Reason(const MatchContext& context, const Candidate& candidate) const {
  absl::string_view name;
  const OpId op = OperatorOf(context.graph, candidate.node, OpNamesOf(context),
                             ExportedNamesOf(context), &name);
  return absl::StrCat("named \"", name, "\" as operator ", op.index(), " (",
                      context.hierarchy.op(op).name, ")");
}

}  // namespace modelexport
