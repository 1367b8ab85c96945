#include "modelexport/commands/measured_model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/read_costs.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/ownership/owners_from_tags.h"
#include "modelexport/profiles/read_profile.h"
#include "modelexport/render/printable.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

constexpr absl::string_view kRightFile =
    "save the graph that runs (in ONNX Runtime: SessionOptions.optimized_model_filepath), tag that "
    "file (modelexport tag OPTIMIZED TAGGED OUT, where TAGGED is the tagged original), and profile "
    "OUT, run without further optimisation (ORT_DISABLE_ALL)";

// What is wrong with the model as that of the profile, if anything is.
class GraphJudge {
 public:
  GraphJudge(const MeasureRequest& request, const MeasuredModel& measured)
      : request_(request), measured_(measured), profile_(measured.profile) {
    for (size_t k = 0; k < profile_.kernels.size(); ++k) {
      const double time = profile_.kernels[k].own;
      all_ += time;
      if (!measured.nodes.nodes[k].valid() && measured.nodes.parts[k].empty()) unknown_ += time;
      for (const KernelShare& share : measured.shares.of_kernel[k])
        attributed_ += share.part * time;
    }
  }

  absl::Status Judge() const {
    if (request_.min_attributed <= 0) return absl::OkStatus();
    if (measured_.nodes.contradicted != Kernel::kNone) return Error(Contradiction());
    if (all_ <= 0 || attributed_ >= request_.min_attributed * all_) return absl::OkStatus();
    if (2 * unknown_ > all_ - attributed_) {
      return Error(
          absl::StrFormat("is not the graph that ran: it has the nodes of %.1f%% of %s in %s",
                          100 * (all_ - unknown_) / all_, What(), request_.events));
    }
    return Error(absl::StrFormat("%.1f%% of %s in %s is of nodes that are attributed to a module%s",
                                 100 * attributed_ / all_, What(), request_.events, LostTags()));
  }

 private:
  std::string What() const {
    return profile_.metric.empty() ? "the kernel time" : Printable(profile_.metric);
  }

  std::string Contradiction() const {
    const Kernel& kernel = profile_.kernels[measured_.nodes.contradicted];
    return absl::StrCat("is not the graph that ran: node \"", kernel.name,
                        "\" is another operator "
                        "than in ",
                        request_.events, ", ", kernel.op_type);
  }

  // ONNX Runtime's optimiser keeps metadata of models and drops that of nodes.
  std::string LostTags() const {
    const ModelIndex& index = measured_.owned.graph().index();
    const auto metadata = index.model_metadata();
    const bool was_tagged = std::any_of(
        metadata.begin(), metadata.end(),
        [&](const MetadataEntry& entry) { return index.text(entry.key) == kHierarchyKey; });
    return was_tagged && !HasTags(index)
               ? ": it was tagged once, and a tool dropped the tags of its "
                 "nodes, as ONNX Runtime does when it optimises"
               : "";
  }

  absl::Status Error(absl::string_view message) const {
    return WithFault(absl::FailedPreconditionError(
                         absl::StrCat(request_.model, ": ", message, "; ", kRightFile)),
                     Fault::kJudged);
  }

  const MeasureRequest& request_;
  const MeasuredModel& measured_;
  const Profile& profile_;
  double all_ = 0, attributed_ = 0;
  double unknown_ = 0;  // Of kernels that are no node of the model.
};

// Empty where they change nothing.
absl::StatusOr<MacsOfNodes> MacsFor(const MeasureRequest& request, const KernelNodes& nodes,
                                    const OwnedGraph& graph) {
  MacsOfNodes macs;
  if (request.fused != FusedLayers::kSplit || !HasLayersOfModules(nodes, graph)) return macs;
  std::vector<std::string> notes;  // Of every node of the model: too much to say here.
  MX_ASSIGN_OR_RETURN(
      const std::vector<NodeCost> costs,
      ReadNodeCosts(graph.graph, request.shapes, request.options.cancelled, &notes));
  for (const NodeCost& cost : costs) {
    macs.push_back(cost.macs.is_known() ? absl::make_optional(cost.macs.value()) : absl::nullopt);
  }
  return macs;
}

}  // namespace

absl::StatusOr<MeasuredModel> Measure(const MeasureRequest& request) {
  MeasuredModel measured;
  MX_ASSIGN_OR_RETURN(measured.profile, ReadProfileFile(request.events, request.options));
  MX_ASSIGN_OR_RETURN(measured.owned,
                      ReadOwned(request.model, request.hierarchy, request.options.cancelled));
  const OwnedGraph graph = OwnedGraph::Of(measured.owned);
  measured.nodes = FindKernelNodes(graph, measured.profile.kernels);
  MX_ASSIGN_OR_RETURN(const MacsOfNodes macs, MacsFor(request, measured.nodes, graph));
  measured.shares = SharesOf(measured.profile.kernels, measured.nodes, graph, request.fused, macs);
  MX_RETURN_IF_ERROR(GraphJudge(request, measured).Judge());
  return measured;
}

}  // namespace modelexport
