#include "modelexport/validation/outlined.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/quoted.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/validation/ask_checker.h"
#include "modelexport/validation/computation.h"
#include "modelexport/validation/same_initializers.h"
#include "modelexport/validation/watched_source.h"

namespace modelexport {
namespace {

class OutlinedCheck {
 public:
  OutlinedCheck(const OutlinedRequest& request, const ModelIndex& index, Findings* findings)
      : request_(request),
        original_(*request.original),
        index_(index),
        graph_(index, request.cancelled),
        findings_(*findings) {}

  absl::Status Run() {
    CompareNames();
    CheckOrder();
    CheckNames();
    MX_RETURN_IF_ERROR(CompareInitializers());
    return CompareComputations();
  }

 private:
  void Report(absl::string_view code, const std::string& place, const std::string& message) {
    if (findings_.Count(code)) findings_.Keep(code, place, message);
  }

  void CompareNames() {
    const GraphRecord& mine = index_.graphs()[0];
    const GraphRecord& theirs = original_.index().graphs()[0];
    CompareNames(mine.inputs, theirs.inputs, "inputs");
    CompareNames(mine.outputs, theirs.outputs, "outputs");
  }

  void CompareNames(const std::vector<StringId>& mine, const std::vector<StringId>& theirs,
                    const char* what) {
    const bool same = std::equal(
        mine.begin(), mine.end(), theirs.begin(), theirs.end(),
        [&](StringId a, StringId b) { return index_.text(a) == original_.index().text(b); });
    if (!same) Report("diff.missing", "model", absl::StrCat("other ", what));
  }

  void CheckOrder() {
    if (original_.unsorted_nodes().empty()) {
      for (NodeId node : graph_.unsorted_nodes()) {
        Report("diff.extra", graph_.Place(node), "reads what later nodes make");
      }
    }
    if (graph_.duplicate_definitions() > original_.duplicate_definitions()) {
      Report("diff.extra", "model", "values are defined again");
    }
    if (graph_.duplicate_functions() > original_.duplicate_functions()) {
      Report("diff.extra", "model", "functions are defined again");
    }
  }

  // Which ONNX Runtime refuses.
  void CheckNames() {
    absl::flat_hash_map<absl::string_view, int> before;
    const GraphRecord& theirs = original_.index().graphs()[0];
    for (size_t n = 0; n < theirs.num_nodes; ++n) {
      ++before[original_.name(NodeId(theirs.first_node + n))];
    }
    for (const GraphRecord& graph : index_.graphs()) {
      if (graph.kind == GraphRecord::Kind::kBody) continue;
      const bool is_new = IsNew(graph);
      absl::flat_hash_map<absl::string_view, int> now;
      for (size_t n = 0; n < graph.num_nodes; ++n) {
        const NodeId node(graph.first_node + n);
        const absl::string_view name = graph_.name(node);
        if (name.empty() || ++now[name] == 1) continue;
        const bool is_old =
            graph.kind == GraphRecord::Kind::kMain ? now[name] <= before[name] : !is_new;
        if (!is_old) Report("diff.extra", graph_.Place(node), "has another node's name");
      }
    }
  }

  bool IsNew(const GraphRecord& graph) const {
    return graph.kind == GraphRecord::Kind::kFunction &&
           !OldFunctions().contains(NameOf(index_, graph));
  }

  using FunctionName = std::tuple<absl::string_view, absl::string_view, absl::string_view>;
  static FunctionName NameOf(const ModelIndex& index, const GraphRecord& graph) {
    return {index.text(graph.domain), index.text(graph.name), index.text(graph.overload)};
  }

  const absl::flat_hash_set<FunctionName>& OldFunctions() const {
    if (old_functions_.empty()) {
      for (const GraphRecord& graph : original_.index().graphs()) {
        if (graph.kind == GraphRecord::Kind::kFunction) {
          old_functions_.insert(NameOf(original_.index(), graph));
        }
      }
    }
    return old_functions_;
  }

  absl::Status CompareInitializers() {
    const ModelIndex& original = original_.index();
    return modelexport::CompareInitializers({index_, OfMainGraph(index_)},
                                            {original, OfMainGraph(original)}, request_.level,
                                            &findings_);
  }

  // Of bodies the computations are compared, with what they read.
  static std::vector<uint32_t> OfMainGraph(const ModelIndex& index) {
    std::vector<uint32_t> tensors;
    for (size_t t = 0; t < index.tensors().size(); ++t) {
      if (index.tensors()[t].graph == kMainGraph) tensors.push_back(static_cast<uint32_t>(t));
    }
    return tensors;
  }

  absl::Status CompareComputations() {
    absl::flat_hash_set<GraphId> expanded;
    for (const GraphRecord& graph : index_.graphs()) {
      if (IsNew(graph)) expanded.insert(index_.id_of(graph));
    }
    MX_ASSIGN_OR_RETURN(const Computation mine,
                        ComputationOf(graph_, expanded, request_.cancelled));
    MX_ASSIGN_OR_RETURN(const Computation theirs, ComputationOf(original_, {}, request_.cancelled));
    const std::vector<StringId>& names = index_.graphs()[0].outputs;
    for (size_t i = 0; i < mine.outputs.size() && i < theirs.outputs.size(); ++i) {
      if (mine.outputs[i] == theirs.outputs[i]) continue;
      Report("diff.bytes", "model",
             absl::StrCat("output ", Quoted(index_.text(names[i])), " is computed otherwise"));
    }
    if (mine.nodes != theirs.nodes || mine.num_nodes != theirs.num_nodes) {
      Report(mine.num_nodes < theirs.num_nodes ? "diff.missing" : "diff.extra", "model",
             absl::StrCat(mine.num_nodes, " nodes run, not the ", theirs.num_nodes,
                          " of the original"));
    }
    return absl::OkStatus();
  }

  const OutlinedRequest& request_;
  const GraphView& original_;
  const ModelIndex& index_;
  const GraphView graph_;
  Findings& findings_;
  mutable absl::flat_hash_set<FunctionName> old_functions_;
};

}  // namespace

absl::StatusOr<Findings> ValidateOutlined(const OutlinedRequest& request) {
  Findings findings;
  const WatchedSource watched(*request.outlined, request.cancelled);
  const absl::StatusOr<ModelIndex> index = ModelIndex::Build(watched, {});
  if (!index.ok()) {
    MX_RETURN_IF_ERROR(watched.Conclude(index.status(), &findings));
    return findings;
  }
  MX_RETURN_IF_ERROR(OutlinedCheck(request, *index, &findings).Run());
  if (request.level == ValidationLevel::kFull) {
    MX_RETURN_IF_ERROR(AskChecker(request.checker, {request.outlined, request.folder},
                                  {&request.original->index().source(), request.original_folder},
                                  request.cancelled, &findings));
  }
  return findings;
}

}  // namespace modelexport
