#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/names/name_matchers.h"

namespace modelexport {
namespace {

// Operators that hand on what they read and leave no node: a node that has the name of their result
// is that of what they read, renamed when they were removed.
bool HandsOn(absl::string_view op_name) {
  return op_name == "aten.clone.default" || op_name == "aten.alias.default" ||
         op_name == "aten.detach.default";
}

// Parts that tools append to a name; more would take long on hostile ones.
constexpr int kMaxSuffixes = 16;

// "split" of "split__0".
absl::string_view WithoutResultNumber(absl::string_view name) {
  const size_t mark = name.rfind("__");
  if (mark == absl::string_view::npos || mark + 2 == name.size()) return name;
  const absl::string_view digits = name.substr(mark + 2);
  return std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ? name.substr(0, mark)
                                                                        : name;
}

// Tools that make a value on the way to another append to its name: "add" of
// "add_output_quantized", "add_3" of "add_3quant_scaled_output". Cuts the last part that does not
// begin with a digit; false if there is none.
bool CutSuffix(absl::string_view* name) {
  for (size_t end = name->size(); end-- > 1;) {
    const bool follows_number =
        absl::ascii_isdigit((*name)[end - 1]) && absl::ascii_isalpha((*name)[end]);
    const bool follows_mark =
        (*name)[end] == '_' && end + 1 < name->size() && absl::ascii_isalpha((*name)[end + 1]);
    if (!follows_number && !follows_mark) continue;
    *name = name->substr(0, end);
    return true;
  }
  return false;
}

class OpNames {
 public:
  explicit OpNames(const Hierarchy& hierarchy) : hierarchy_(hierarchy) {
    if (hierarchy.ops_source() != OpsSource::kExportedProgram) return;
    FindMakers();
    for (size_t i = 0; i < hierarchy.ops().size(); ++i) {
      const absl::string_view name = hierarchy.ops()[i].node_name;
      if (!name.empty()) ops_.emplace(name, OpId(i));
    }
  }

  bool empty() const { return ops_.empty(); }

  // The operator that a node's names speak of, and the name; invalid if they speak of none.
  OpId Of(const GraphView& graph, NodeId node, absl::string_view* name) const {
    for (ValueId output : graph.outputs(node)) {
      if (!output.valid()) continue;
      *name = graph.name(output);
      const OpId op = Find(*name);
      if (op.valid()) return op;
    }
    *name = graph.name(node);
    absl::string_view rest = *name;
    return absl::ConsumePrefix(&rest, "node_") ? Find(rest) : OpId();
  }

 private:
  OpId Find(absl::string_view name) const {
    int cuts = 0;
    do {
      auto found = ops_.find(name);
      if (found == ops_.end()) found = ops_.find(WithoutResultNumber(name));
      if (found != ops_.end()) return makers_[found->second.index()];
    } while (cuts++ < kMaxSuffixes && CutSuffix(&name));
    return OpId();
  }

  // Operators read earlier ones alone, so that one pass follows chains of any length.
  void FindMakers() {
    for (size_t i = 0; i < hierarchy_.ops().size(); ++i) {
      const Op& op = hierarchy_.ops()[i];
      const bool hands_on = HandsOn(op.name) && !op.reads.empty() && op.reads[0].op.valid();
      makers_.push_back(hands_on ? makers_[op.reads[0].op.index()] : OpId(i));
    }
  }

  const Hierarchy& hierarchy_;
  absl::flat_hash_map<absl::string_view, OpId> ops_;
  std::vector<OpId> makers_;  // By operator: the one that made what it hands on, or itself.
};

}  // namespace

absl::string_view FxNameMatcher::MissingFrom(const Hierarchy& hierarchy) const {
  if (hierarchy.ops().empty()) return "the sidecar has no ops";
  if (hierarchy.ops_source() == OpsSource::kExportedProgram) return "";
  return "the sidecar's ops are not of the exported program";
}

MatchResult FxNameMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  const OpNames names(context.hierarchy);
  if (names.empty()) return result;
  absl::string_view name;
  // The body of a control-flow operator is a program of its own, whose names begin anew.
  const size_t in_main_graph = context.graph.index().graphs()[0].num_nodes;
  for (size_t n = 0; n < in_main_graph; ++n) {
    if (EndsEarly(context, n)) break;
    const OpId op = names.Of(context.graph, NodeId(n), &name);
    if (!op.valid()) continue;
    const CallId call = context.hierarchy.op(op).call;
    const bool makes_result = context.hierarchy.op(op).node_name == name;
    result.candidates.push_back(
        {NodeId(n), context.hierarchy.call(call).module, call, true, makes_result ? op : OpId()});
  }
  result.offer = {result.candidates.size(), result.candidates.size()};
  return result;
}

std::string FxNameMatcher::Reason(const MatchContext& context, const Candidate& candidate) const {
  absl::string_view name;
  const OpId op = OpNames(context.hierarchy).Of(context.graph, candidate.node, &name);
  return absl::StrCat("named \"", name, "\" as operator ", op.index(), " (",
                      context.hierarchy.op(op).name, ")");
}

}  // namespace modelexport
