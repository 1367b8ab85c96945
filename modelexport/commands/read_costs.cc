#include "modelexport/commands/read_costs.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/nearest.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/declarations.h"

namespace modelexport {
namespace {

absl::Status CheckDims(const DimValues& dims, const std::vector<std::string>& known) {
  std::vector<std::string> names;
  for (const auto& dim : dims) names.push_back(dim.first);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return UsageError(absl::StrCat(
        "--dim: no input of the model has a dimension \"", name, "\"", DidYouMean(name, known),
        known.empty() ? "; none has a name"
                      : absl::StrCat("; they are: ", absl::StrJoin(known, ", "))));
  }
  return absl::OkStatus();
}

// "MatMul 12, my.domain.Op 1": the most frequent ones first, no more than three.
std::string UnknownOperators(const GraphView& graph, absl::Span<const NodeCost> costs) {
  std::map<std::string, size_t> counts;
  for (size_t n = 0; n < costs.size(); ++n) {
    if (costs[n].macs.is_known()) continue;
    const absl::string_view domain = graph.index().text(graph.index().node(NodeId(n)).domain);
    ++counts[absl::StrCat(domain, domain.empty() ? "" : ".", graph.op_type(NodeId(n)))];
  }
  std::vector<std::pair<std::string, size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  constexpr size_t kMost = 3;
  const bool cut = sorted.size() > kMost;
  if (cut) sorted.resize(kMost);
  return absl::StrCat(absl::StrJoin(sorted, ", ", absl::PairFormatter(" ")), cut ? ", ..." : "");
}

void Describe(const GraphView& graph, const ValueShapes& shapes, const DimValues& dims,
              absl::Span<const NodeCost> costs, std::vector<std::string>* notes) {
  const auto unknown = std::count_if(costs.begin(), costs.end(),
                                     [](const NodeCost& cost) { return !cost.macs.is_known(); });
  if (unknown > 0) {
    notes->push_back(absl::StrCat("MACs not known: of ", unknown, unknown == 1 ? " node" : " nodes",
                                  " (", UnknownOperators(graph, costs), ")"));
  }
  std::vector<std::string> open = shapes.input_dims();
  open.erase(std::remove_if(open.begin(), open.end(),
                            [&](const std::string& name) { return dims.contains(name); }),
             open.end());
  if (unknown > 0 && !open.empty()) {
    notes->push_back(absl::StrCat("dimensions of inputs without a value: ",
                                  absl::StrJoin(open, ", "), " (--dim=NAME=VALUE)"));
  }
  if (std::any_of(costs.begin(), costs.end(),
                  [](const NodeCost& cost) { return cost.repeats && !(cost.macs == Count(0)); })) {
    notes->push_back("MACs in the bodies of Loop and Scan count once");
  }
}

// Whether each node may have an output with a declared type. Counted, as looking names up takes
// more memory than all else that a model without declared types needs.
bool MayDeclareAll(const GraphView& graph, const Declarations& declared) {
  size_t num_nodes = 0;
  for (size_t n = 0; n < graph.num_nodes(); ++n) {
    num_nodes += graph.op_type(NodeId(n)) != "Constant";
  }
  size_t num_declared = 0;
  for (size_t g = 0; g < graph.index().graphs().size(); ++g) {
    for (const ValueRecord& value : declared.values(GraphId(g))) {
      num_declared += value.role != ValueRecord::Role::kInput;
    }
  }
  return num_declared >= num_nodes;
}

absl::StatusOr<std::vector<NodeCost>> ReadCosts(const GraphView& graph,
                                                const Declarations& declared,
                                                const ShapeSources& sources,
                                                const std::atomic<bool>* cancelled,
                                                std::vector<std::string>* notes) {
  MX_ASSIGN_OR_RETURN(const ValueShapes shapes, ValueShapes::Read(graph, declared, sources));
  MX_RETURN_IF_ERROR(CheckDims(sources.dims, shapes.input_dims()));
  MX_ASSIGN_OR_RETURN(std::vector<NodeCost> costs, CostsOfNodes(graph, shapes, cancelled));
  MX_RETURN_IF_ERROR(CheckCancelled(cancelled));
  notes->insert(notes->end(), shapes.notes().begin(), shapes.notes().end());
  Describe(graph, shapes, sources.dims, costs, notes);
  return costs;
}

}  // namespace

Flag DimFlag(DimValues* dims) {
  return {"dim", "NAME=VALUE",
          "The value of a dimension that has a name in IN's inputs, such as batch=1; may be given "
          "several times. Implies --costs. Default: none.",
          [dims](const std::string& value) -> absl::Status {
            const size_t end = value.rfind('=');  // Names may have one.
            int64_t number = 0;
            if (end == std::string::npos || end == 0 ||
                !absl::SimpleAtoi(value.substr(end + 1), &number) || number < 0) {
              return absl::InvalidArgumentError("is not NAME=VALUE, with a number from 0");
            }
            (*dims)[value.substr(0, end)] = number;
            return absl::OkStatus();
          }};
}

absl::StatusOr<std::vector<NodeCost>> ReadNodeCosts(const GraphView& graph,
                                                    const ShapeSources& sources,
                                                    const std::atomic<bool>* cancelled,
                                                    std::vector<std::string>* notes) {
  MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(graph.index()));
  return ReadCosts(graph, declared, sources, cancelled, notes);
}

std::vector<NodeCost> CostsAtHand(const GraphView& graph, const std::atomic<bool>* cancelled) {
  const absl::StatusOr<Declarations> declared = Declarations::Read(graph.index());
  if (!declared.ok() || !MayDeclareAll(graph, *declared)) return {};
  std::vector<std::string> notes;
  absl::StatusOr<std::vector<NodeCost>> costs = ReadCosts(graph, *declared, {}, cancelled, &notes);
  return costs.ok() && notes.empty() ? *std::move(costs) : std::vector<NodeCost>();
}

}  // namespace modelexport
