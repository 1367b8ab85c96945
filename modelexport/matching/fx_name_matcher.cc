#include "modelexport/matching/fx_name_matcher.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace modelexport {
namespace {

// What follows the name of a value in the names of those that ONNX Runtime's quantizer makes on the
// way to it (source: onnxruntime/python/tools/quantization/operators).
constexpr absl::string_view kOnTheWay[] = {"_output_quantized", "quant_scaled_output"};

// "split" of "split__0".
absl::string_view WithoutResultNumber(absl::string_view name) {
  const size_t mark = name.rfind("__");
  if (mark == absl::string_view::npos || mark + 2 == name.size()) return name;
  const absl::string_view digits = name.substr(mark + 2);
  return std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit) ? name.substr(0, mark)
                                                                        : name;
}

absl::string_view WithoutTheWay(absl::string_view name) {
  for (absl::string_view mark : kOnTheWay) name = name.substr(0, name.find(mark));
  return name;
}

class OpNames {
 public:
  explicit OpNames(const Hierarchy& hierarchy) {
    if (hierarchy.ops_source() != OpsSource::kExportedProgram) return;
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
    auto found = ops_.find(name);
    if (found == ops_.end()) found = ops_.find(WithoutResultNumber(name));
    if (found == ops_.end()) found = ops_.find(WithoutTheWay(name));
    return found == ops_.end() ? OpId() : found->second;
  }

  absl::flat_hash_map<absl::string_view, OpId> ops_;
};

}  // namespace

MatchResult FxNameMatcher::Match(const MatchContext& context) const {
  MatchResult result;
  const OpNames names(context.hierarchy);
  if (names.empty()) return result;
  absl::string_view name;
  for (size_t n = 0; n < context.graph.num_nodes(); ++n) {
    const OpId op = names.Of(context.graph, NodeId(n), &name);
    if (!op.valid()) continue;
    const CallId call = context.hierarchy.op(op).call;
    const bool makes_result = context.hierarchy.op(op).node_name == name;
    result.candidates.push_back({NodeId(n), context.hierarchy.call(call).module, call, true,
                                 makes_result ? op : OpId()});
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
