#include "modelexport/commands/collect_view.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command.h"
#include "modelexport/commands/external_references.h"
#include "modelexport/commands/infer_infos.h"
#include "modelexport/commands/node_fates.h"
#include "modelexport/commands/node_reasons.h"
#include "modelexport/commands/node_times.h"
#include "modelexport/commands/read_costs.h"
#include "modelexport/commands/read_owned.h"
#include "modelexport/files/folder.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/onnx/declarations.h"
#include "modelexport/view/read_view_data.h"

namespace modelexport {
namespace {

// The types of all values, inferred where they are not declared.
absl::StatusOr<std::vector<ValueType>> TypesOf(const GraphView& graph,
                                               const TypeInference& inference,
                                               std::vector<std::string>* notes) {
  MX_ASSIGN_OR_RETURN(const Declarations declared, Declarations::Read(graph.index()));
  std::vector<ValueId> values;
  for (size_t v = 0; v < graph.values().size(); ++v) values.push_back(ValueId(v));
  MX_ASSIGN_OR_RETURN(std::vector<ValueInfo> infos,
                      InferInfos(graph, declared, values, inference, notes));
  std::vector<ValueType> types;
  types.reserve(infos.size());
  for (ValueInfo& info : infos) types.push_back(std::move(info.type));
  return types;
}

bool HaveMacs(const std::vector<NodeCost>& costs) {
  return std::any_of(costs.begin(), costs.end(), [](const NodeCost& cost) {
    return cost.macs.is_known() && cost.macs.value() > 0;
  });
}

// What a loop repeats is not known.
ViewData::Metric MacsOf(const std::vector<NodeCost>& costs) {
  ViewData::Metric metric;
  metric.key = "macs";
  metric.title = "MACs";
  for (const NodeCost& cost : costs) {
    absl::optional<double>& of_node = metric.of_nodes.emplace_back();
    const bool is_zero = cost.macs.is_known() && cost.macs.value() == 0;
    if (is_zero || (cost.macs.is_known() && !cost.repeats)) of_node = cost.macs.value();
  }
  return metric;
}

void AddReasons(std::vector<std::string> reasons, ViewData* data) {
  for (size_t n = 0; n < data->nodes.size(); ++n) data->nodes[n].reason = std::move(reasons[n]);
}

}  // namespace

absl::StatusOr<ViewData> CollectView(const ViewSources& sources) {
  MX_ASSIGN_OR_RETURN(const Strategy strategy, ChooseStrategy("auto"));
  std::unique_ptr<const Evidence> evidence;
  MX_ASSIGN_OR_RETURN(OwnedModel owned,
                      OwnModel({sources.model, sources.hierarchy, {}}, strategy,
                               Stages({sources.cancelled, {}}), sources.cancelled, &evidence));
  MX_RETURN_IF_ERROR(RefuseOtherModel(owned.fit, sources.model, owned.source, ""));
  if (!sources.written.empty()) {
    MX_RETURN_IF_ERROR(RefuseDataFile(sources.model, owned.graph(), sources.written));
  }
  const OwnedGraph graph = OwnedGraph::Of(owned);
  MX_ASSIGN_OR_RETURN(const std::vector<ValueType> types,
                      TypesOf(owned.graph(), sources.shapes.inference, &owned.notes));
  MX_ASSIGN_OR_RETURN(ViewData data, ReadViewData(graph, types, sources.cancelled));
  if (evidence != nullptr) {
    AddReasons(NodeReasons(owned, strategy, *evidence, sources.cancelled), &data);
  }
  MX_ASSIGN_OR_RETURN(const std::vector<NodeCost> costs,
                      ReadNodeCosts(graph.graph, sources.shapes, sources.cancelled, &owned.notes));
  if (HaveMacs(costs)) data.metrics.push_back(MacsOf(costs));
  if (!sources.events.empty()) {
    ProfileOptions options = sources.how_to_read_events;
    options.cancelled = sources.cancelled;
    absl::StatusOr<ViewData::Metric> times =
        NodeTimes(graph, sources.events, options, &owned.notes);
    if (FaultOf(times.status()) == Fault::kJudged) return Annotate(times.status(), sources.model);
    MX_RETURN_IF_ERROR(times.status());
    data.metrics.push_back(*std::move(times));
  }
  if (!sources.compare.empty()) {
    MX_ASSIGN_OR_RETURN(ViewData::Marks fates,
                        NodeFates(graph, sources.compare, sources.hierarchy, sources.cancelled));
    data.marks.push_back(std::move(fates));
  }
  data.model = sources.model.substr(FolderOf(sources.model).size());
  data.source = owned.source.substr(FolderOf(owned.source).size());
  data.notes = std::move(owned.notes);
  return data;
}

}  // namespace modelexport
