#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/names/exported_names.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/evidence/names/op_flow.h"
#include "modelexport/evidence/names/op_names.h"
#include "modelexport/evidence/names/result_names.h"

namespace modelexport {
namespace {

// Reads what the names of nodes and of their results speak of.
class OperatorReader {
 public:
  explicit OperatorReader(const MatchContext& context)
      : graph_(context.graph),
        hierarchy_(context.hierarchy),
        ops_(OpNamesOf(context)),
        names_(ExportedNamesOf(context)) {}

  // The operator of a node, and the name that speaks of it; invalid if none does.
  OpId Of(NodeId node, absl::string_view* name) const {
    const absl::string_view own_name = names_.of(node);
    absl::string_view rest = own_name;
    const OpId own = absl::ConsumePrefix(&rest, "node_") ? ops_.FindBeginning(rest) : OpId();
    for (const absl::string_view result : ResultNamesOf(graph_, names_, node)) {
      *name = result;
      const OpId op = ops_.FindBeginning(result);
      if (!op.valid()) continue;
      if (!own.valid() || own == op || !IsBorrowed(node, op, own)) return op;
    }
    *name = own_name;
    return own;
  }

 private:
  // Whether the node's own name is to be believed rather than that of its result: users name the
  // outputs of models, and tools number what is then there twice.
  bool IsBorrowed(NodeId node, OpId op, OpId own) const {
    for (ValueId output : graph_.outputs(node)) {
      if (output.valid() && graph_.value(output).is_graph_output) return true;
    }
    return Contradicts(node, op) && !Contradicts(node, own);
  }

  // Whether node and operator read tensors, and none in common.
  bool Contradicts(NodeId node, OpId op) const {
    bool op_reads = false, node_reads = false;
    for (const OpRead& read : hierarchy_.op(op).reads) op_reads = op_reads || read.tensor.valid();
    for (ValueId input : graph_.inputs(node)) {
      if (!input.valid()) continue;
      const TensorId tensor = hierarchy_.FindTensor(graph_.name(input));
      if (!tensor.valid()) continue;
      node_reads = true;
      for (const OpRead& read : hierarchy_.op(op).reads) {
        if (read.tensor == tensor) return false;
      }
    }
    return op_reads && node_reads;
  }

  const GraphView& graph_;
  const Hierarchy& hierarchy_;
  const OpNames& ops_;
  const ExportedNames& names_;
};

// The operators that names speak of, by node of the main graph: the body of a control-flow operator
// is a program of its own, whose names begin anew.
struct NamesOfFile {
  explicit NamesOfFile(const MatchContext& context)
      : ops(context.graph.index().graphs()[0].num_nodes), makes_result(ops.size()) {
    const OperatorReader reader(context);
    absl::string_view name;
    for (size_t n = 0; n < ops.size() && !EndsEarly(context, n); ++n) {
      ops[n] = reader.Of(NodeId(n), &name);
      if (!ops[n].valid()) continue;
      ++offered;
      makes_result[n] = context.hierarchy.op(ops[n]).node_name == name;
    }
    if (offered > 0) note = TestNames(context, &ops);
  }

  NamedOps ops;
  std::vector<bool> makes_result;  // Whether the name is that of the operator's result to its end.
  size_t offered = 0;
  std::string note;  // Of names that were found to be another run's, or "".
};

const NamesOfFile& NamesOfFileOf(const MatchContext& context) {
  return context.Share<NamesOfFile>([&] { return std::make_unique<const NamesOfFile>(context); });
}

}  // namespace

absl::string_view FxNameMatcher::MissingFrom(const Hierarchy& hierarchy) const {
  if (hierarchy.ops().empty()) return "the sidecar has no ops";
  const OpsSource source = hierarchy.ops_source();
  const bool has_names = source == OpsSource::kExportedProgram || source == OpsSource::kTorchExport;
  return has_names ? "" : "the sidecar's ops have no names";
}

MatchResult FxNameMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  if (OpNamesOf(context).empty()) return result;
  const NamesOfFile& names = NamesOfFileOf(context);
  for (size_t n = 0; n < names.ops.size(); ++n) {
    const OpId op = names.ops[n];
    if (!op.valid()) continue;
    const CallId call = context.hierarchy.op(op).call;
    result.candidates.push_back({NodeId(n), context.hierarchy.call(call).module, call, true,
                                 names.makes_result[n] ? op : OpId()});
  }
  result.offer = {names.offered, result.candidates.size()};
  for (const std::string& note : {ExportedNamesOf(context).note_of_values(), names.note}) {
    if (!note.empty()) result.notes.push_back(absl::StrCat("fx_name: ", note));
  }
  return result;
}

std::string FxNameMatcher::Reason(const MatchContext& context, const Candidate& candidate) const {
  absl::string_view name;
  const OpId named = OperatorReader(context).Of(candidate.node, &name);
  const OpId op = NamesOfFileOf(context).ops[candidate.node.index()];
  const Op& facts = context.hierarchy.op(op);
  if (op == named) {
    return absl::StrCat("named \"", name, "\" as operator ", op.index(), " (", facts.name, ")");
  }
  return absl::StrCat("named \"", name, "\" and reads what operator ", op.index(), " (", facts.name,
                      ") reads, which is \"", facts.node_name, "\" in the run");
}

}  // namespace modelexport
