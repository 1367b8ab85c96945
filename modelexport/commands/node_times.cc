#include "modelexport/commands/node_times.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/profiles/kernel_nodes.h"
#include "modelexport/profiles/read_profile.h"

namespace modelexport {
namespace {

absl::Status NotTheOneThatRan(const Kernel& kernel, const std::string& events) {
  return WithFault(
      absl::FailedPreconditionError(absl::StrCat(
          "is not the graph that ran: node \"", kernel.name, "\" is another operator than in ",
          events, ", ", kernel.op_type,
          "; of an optimised model it is the file that ONNX Runtime saved when it ran")),
      Fault::kJudged);
}

}  // namespace

absl::StatusOr<ViewData::Metric> NodeTimes(const OwnedGraph& owned, const std::string& events,
                                           const ProfileOptions& options,
                                           std::vector<std::string>* notes) {
  MX_ASSIGN_OR_RETURN(const Profile profile, ReadProfileFile(events, options));
  const KernelNodes found = FindKernelNodes(owned, profile.kernels);
  if (found.contradicted != Kernel::kNone) {
    return NotTheOneThatRan(profile.kernels[found.contradicted], events);
  }
  ViewData::Metric metric;
  const bool is_time = profile.metric.empty();
  metric.key = is_time ? "time_us" : profile.metric;
  metric.title = is_time ? "time" : profile.metric;
  metric.unit = is_time ? "us" : "";
  metric.of_nodes.resize(owned.graph.num_nodes());
  double all = 0, of_no_node = 0;
  for (size_t k = 0; k < profile.kernels.size(); ++k) {
    const double own = profile.kernels[k].own / static_cast<double>(profile.runs.kept);
    all += own;
    if (!found.nodes[k].valid()) {
      of_no_node += own;
      continue;
    }
    absl::optional<double>& of_node = metric.of_nodes[found.nodes[k].index()];
    of_node = of_node.value_or(0) + own;
  }
  notes->insert(notes->end(), profile.notes.begin(), profile.notes.end());
  if (of_no_node > 0) {
    notes->push_back(
        absl::StrFormat("%.1f%% of %s in %s is of kernels that are no single node of the file",
                        100 * of_no_node / all, metric.title, events));
  }
  if (of_no_node > 0 || !is_time) return metric;
  for (absl::optional<double>& of_node : metric.of_nodes) of_node = of_node.value_or(0);
  return metric;
}

}  // namespace modelexport
