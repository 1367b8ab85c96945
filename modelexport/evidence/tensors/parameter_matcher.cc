#include <algorithm>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "modelexport/evidence/cancellation.h"
#include "modelexport/evidence/tensors/carried_tensors.h"
#include "modelexport/evidence/tensors/common_readers.h"
#include "modelexport/evidence/tensors/merged_tensors.h"
#include "modelexport/evidence/tensors/module_reads.h"
#include "modelexport/evidence/tensors/tensor_matchers.h"
#include "modelexport/evidence/tensors/tensor_readers.h"
#include "modelexport/graph/operator_facts.h"

namespace modelexport {
namespace {

// A tensor read in more calls than this proposes their modules without the calls.
constexpr size_t kMaxCalls = 16;

// The tensors that a node reads, each once; of a carrier the one that it carries.
std::vector<TensorId> TensorsOf(const GraphView& graph, const CarriedTensors& carried,
                                NodeId node) {
  std::vector<TensorId> tensors;
  absl::flat_hash_set<TensorId> seen;  // A node may have very many inputs.
  const auto add = [&](ValueId value) {
    const TensorId tensor = value.valid() ? carried.of(value) : TensorId();
    if (tensor.valid() && seen.insert(tensor).second) tensors.push_back(tensor);
  };
  if (ChangesFormAlone(graph.op_type(node))) {
    if (!graph.outputs(node).empty()) add(graph.outputs(node)[0]);
    return tensors;
  }
  for (ValueId input : graph.inputs(node)) add(input);
  return tensors;
}

class ParameterMatch {
 public:
  explicit ParameterMatch(const MatchContext& context)
      : context_(context),
        carried_(context.graph, context.hierarchy, context.cancelled()),
        readers_(context.hierarchy),
        merged_(context.graph, carried_, readers_, context.cancelled()),
        common_readers_(context.hierarchy, readers_, kMaxCalls) {}

  MatchResult Run() {
    MatchResult result;
    if (carried_.num_named() == 0) return result;
    for (size_t n = 0; n < context_.graph.num_nodes(); ++n) {
      if (EndsEarly(context_, n)) break;
      const std::vector<TensorId> tensors = TensorsOf(context_.graph, carried_, NodeId(n));
      if (!tensors.empty()) Propose(NodeId(n), tensors, &result.candidates);
    }
    if (!carried_.note().empty()) {
      result.notes.push_back(absl::StrCat("parameter: ", carried_.note()));
    }
    if (common_readers_.num_too_many() > 0) {
      result.notes.push_back(absl::StrCat(
          "parameter: ", common_readers_.num_too_many(), " nodes read tensors that more than ",
          CommonReaders::kMaxModules, " modules read; the common ancestor was taken"));
    }
    return result;
  }

 private:
  void Propose(NodeId node, const std::vector<TensorId>& tensors,
               std::vector<Candidate>* candidates) {
    std::vector<CommonReaders::ListId> lists;
    for (const TensorId tensor : tensors) {
      lists.push_back(common_readers_.ListOf(merged_.of(tensor)));
    }
    const CommonReaders::Common& common = common_readers_.InAll(lists);
    if (common.readers.empty()) {
      if (common.around == Hierarchy::root()) return;
      candidates->push_back({node, common.around, CallId(), false});
      return;
    }
    const size_t first = candidates->size();
    for (const TensorReader& reader : common.readers) {
      candidates->push_back({node, reader.module, reader.call, true});
    }
    PutOwnFirst(tensors[0], candidates->begin() + first, candidates->end());
  }

  // Those that read the tensor itself come before those that read its equals.
  void PutOwnFirst(TensorId tensor, std::vector<Candidate>::iterator begin,
                   std::vector<Candidate>::iterator end) {
    if (end - begin < 2) return;
    const CommonReaders::List& own = common_readers_.list(common_readers_.ListOf({tensor}));
    std::stable_partition(begin, end, [&](const Candidate& candidate) {
      return candidate.call.valid() ? common_readers_.Has(own, {candidate.module, candidate.call})
                                    : common_readers_.HasModule(own, candidate.module);
    });
  }

  const MatchContext& context_;
  const CarriedTensors carried_;
  const TensorReaders readers_;
  const MergedTensors merged_;
  CommonReaders common_readers_;
};

const ModuleReads& ReadsOf(const MatchContext& context) {
  return context.Share<ModuleReads>([&] { return std::make_unique<const ModuleReads>(context); });
}

std::vector<ValueId> ParametersOf(const ModuleReads& reads, NodeId node) {
  std::vector<ValueId> parameters = reads.of(node);
  const ValueId bias = parameters.empty() ? reads.BiasAfter(node) : ValueId();
  if (bias.valid()) parameters.push_back(bias);
  return parameters;
}

// Without tensors: the modules that the names of what a node reads begin with.
MatchResult MatchModules(const MatchContext& context) {
  const Hierarchy& hierarchy = context.hierarchy;
  const ModuleReads& reads = ReadsOf(context);
  MatchResult result;
  if (!reads.names_any()) return result;
  for (size_t n = 0; n < context.graph.num_nodes(); ++n) {
    if (EndsEarly(context, n)) break;
    absl::flat_hash_set<ModuleId> modules;
    ModuleId around;
    for (const ValueId parameter : ParametersOf(reads, NodeId(n))) {
      const ModuleId module = hierarchy.NearestCalled(reads.module(parameter));
      modules.insert(module);
      around = around.valid() ? hierarchy.CommonAncestor(around, module) : module;
    }
    const bool is_exact = modules.size() == 1;
    if (!around.valid() || (!is_exact && around == Hierarchy::root())) continue;
    result.candidates.push_back({NodeId(n), around, CallId(), is_exact});
  }
  if (!reads.note().empty()) result.notes.push_back(absl::StrCat("parameter: ", reads.note()));
  return result;
}

}  // namespace

MatchResult ParameterMatcher::Match(const MatchContext& context) const {
  if (context.hierarchy.tensors().empty()) return MatchModules(context);
  return ParameterMatch(context).Run();
}

std::string ParameterMatcher::Reason(const MatchContext& context,
                                     const Candidate& candidate) const {
  if (context.hierarchy.tensors().empty()) {
    std::string reason = candidate.exact ? "reads" : "reads parameters of different modules:";
    const ModuleReads& reads = ReadsOf(context);
    if (reads.of(candidate.node).empty()) reason = "its result gets the bias";
    for (const ValueId parameter : ParametersOf(reads, candidate.node)) {
      absl::StrAppend(&reason, " \"", context.graph.name(parameter), "\"");
    }
    return reason;
  }
  const CarriedTensors& carried = context.Share<CarriedTensors>(
      [&] { return std::make_unique<const CarriedTensors>(context.graph, context.hierarchy); });
  std::string reason = candidate.exact ? "reads" : "reads tensors of different modules:";
  for (TensorId tensor : TensorsOf(context.graph, carried, candidate.node)) {
    absl::StrAppend(&reason, " \"", context.hierarchy.tensor(tensor).name, "\"");
  }
  return reason;
}

}  // namespace modelexport
