#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/evidence/tensors/carried_tensors.h"
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
  const auto add = [&](ValueId value) {
    const TensorId tensor = value.valid() ? carried.of(value) : TensorId();
    if (!tensor.valid() || std::count(tensors.begin(), tensors.end(), tensor) > 0) return;
    tensors.push_back(tensor);
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
        carried_(context.graph, context.hierarchy),
        readers_(context.hierarchy),
        nodes_reading_(context.hierarchy.tensors().size()) {}

  MatchResult Run() {
    const GraphView& graph = context_.graph;
    MatchResult result;
    if (carried_.num_named() == 0) return result;
    for (size_t n = 0; n < graph.num_nodes(); ++n) {
      if (ChangesFormAlone(graph.op_type(NodeId(n)))) continue;
      for (TensorId tensor : TensorsOf(graph, carried_, NodeId(n))) {
        ++nodes_reading_[tensor.index()];
      }
    }
    for (size_t n = 0; n < graph.num_nodes(); ++n) {
      const std::vector<TensorId> tensors = TensorsOf(graph, carried_, NodeId(n));
      if (!tensors.empty()) Propose(NodeId(n), tensors, &result.candidates);
    }
    if (!carried_.note().empty()) {
      result.notes.push_back(absl::StrCat("parameter: ", carried_.note()));
    }
    return result;
  }

 private:
  using Readers = std::vector<TensorReader>;

  Readers ReadersOf(TensorId tensor) const {
    const auto own = readers_.of(tensor);
    Readers all(own.begin(), own.end());
    if (nodes_reading_[tensor.index()] <= readers_.times_read(tensor)) return all;
    for (TensorId equal : readers_.equals(tensor)) {
      if (equal == tensor) continue;
      const auto more = readers_.of(equal);
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }

  void Propose(NodeId node, const std::vector<TensorId>& tensors,
               std::vector<Candidate>* candidates) const {
    Readers common = ReadersOf(tensors[0]);
    ModuleId around = common[0].module;
    const auto widen = [&](const Readers& readers) {
      for (const TensorReader& reader : readers) {
        around = context_.hierarchy.CommonAncestor(around, reader.module);
      }
    };
    widen(common);
    for (size_t i = 1; i < tensors.size(); ++i) {
      const Readers others = ReadersOf(tensors[i]);
      widen(others);
      const auto absent = [&others](const TensorReader& reader) {
        return std::none_of(others.begin(), others.end(), [&reader](const TensorReader& other) {
          return other.module == reader.module && other.call == reader.call;
        });
      };
      common.erase(std::remove_if(common.begin(), common.end(), absent), common.end());
    }
    if (common.empty()) {
      if (around != Hierarchy::root()) candidates->push_back({node, around, CallId(), false});
      return;
    }
    if (common.size() > kMaxCalls) ForgetCalls(&common);
    for (const TensorReader& reader : common) {
      candidates->push_back({node, reader.module, reader.call, true});
    }
  }

  static void ForgetCalls(Readers* readers) {
    Readers modules;
    for (const TensorReader& reader : *readers) {
      const auto same = [&reader](const TensorReader& r) { return r.module == reader.module; };
      if (std::none_of(modules.begin(), modules.end(), same)) {
        modules.push_back({reader.module, CallId()});
      }
    }
    *readers = std::move(modules);
  }

  const MatchContext& context_;
  const CarriedTensors carried_;
  const TensorReaders readers_;
  std::vector<size_t> nodes_reading_;  // By tensor; carriers left out.
};

}  // namespace

MatchResult ParameterMatcher::Match(const MatchContext& context) const {
  return ParameterMatch(context).Run();
}

std::string ParameterMatcher::Reason(const MatchContext& context,
                                     const Candidate& candidate) const {
  const CarriedTensors carried(context.graph, context.hierarchy);
  std::string reason = candidate.exact ? "reads" : "reads tensors of different modules:";
  for (TensorId tensor : TensorsOf(context.graph, carried, candidate.node)) {
    absl::StrAppend(&reason, " \"", context.hierarchy.tensor(tensor).name, "\"");
  }
  return reason;
}

}  // namespace modelexport
