#include "modelexport/commands/summarize.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/ownership/confidence.h"

namespace modelexport {
namespace {

void CountNodes(const GraphView& graph, const std::vector<Owner>& owners, Report* report) {
  std::map<absl::string_view, size_t> operators;
  for (size_t i = 0; i < owners.size(); ++i) {
    if (!owners[i].tagged) {
      ++report->in_uncalled_functions;
      continue;
    }
    ++report->tagged;
    ++report->by_evidence[static_cast<int>(owners[i].evidence)];
    if (owners[i].evidence == EvidenceKind::kNone) {
      ++report->unexplained;
      ++operators[graph.op_type(NodeId(i))];
    } else if (owners[i].module == Hierarchy::root()) {
      ++report->named_root;
    }
  }
  report->nodes = owners.size();
  for (const auto& count : operators) {
    report->unexplained_operators.emplace_back(count.first, count.second);
  }
  std::stable_sort(report->unexplained_operators.begin(), report->unexplained_operators.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
}

void CountModules(const Hierarchy& hierarchy, const std::vector<Owner>& owners, Report* report) {
  std::vector<size_t> nodes(hierarchy.modules().size());
  report->calls_known = false;
  for (const Owner& owner : owners) nodes[owner.module.index()] += owner.tagged;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Module& module = hierarchy.modules()[i];
    const bool called = !module.implied && module.calls.value_or(1) > 0;
    report->modules += !module.implied;
    report->calls_known |= module.calls.has_value();
    report->called_modules += called;
    if (nodes[i] > 0) {
      report->nodes_by_module.emplace_back(module.path, nodes[i]);
    } else if (called) {
      report->called_without_nodes.emplace_back(module.path);
    }
  }
}

std::string Describe(const GraphView& graph, const Hierarchy& hierarchy, const Conflict& conflict) {
  return absl::StrCat(graph.Place(conflict.node), ": ", NameOf(conflict.stronger), " says \"",
                      hierarchy.module(conflict.stronger_module).path, "\", ",
                      NameOf(conflict.weaker), " says \"",
                      hierarchy.module(conflict.weaker_module).path, "\"");
}

}  // namespace

void Summarize(const GraphView& graph, const Hierarchy& hierarchy, const std::vector<Owner>& owners,
               const std::vector<Conflict>& conflicts, Report* report) {
  CountNodes(graph, owners, report);
  CountModules(hierarchy, owners, report);
  report->training_graphs = graph.index().num_training_info();
  if (report->training_graphs > 0) {
    report->warnings.push_back("training_info is copied without tags");
  }
  if (graph.duplicate_definitions() > 0) {
    report->warnings.push_back(absl::StrCat(graph.duplicate_definitions(),
                                            " values are defined twice; the first one counts"));
  }
  if (graph.duplicate_functions() > 0) {
    report->warnings.push_back(absl::StrCat(
        "functions defined twice: ", graph.duplicate_functions(), "; the first one counts"));
  }
  const std::vector<NodeId>& unsorted = graph.unsorted_nodes();
  if (!unsorted.empty()) {
    report->warnings.push_back(absl::StrCat(unsorted.size(),
                                            " nodes read what later nodes make, as ",
                                            graph.Place(unsorted[0]), "; they are not sorted"));
  }
  if (!conflicts.empty()) {
    report->warnings.push_back(absl::StrCat(conflicts.size(),
                                            " nodes with evidence for different modules, as ",
                                            Describe(graph, hierarchy, conflicts[0])));
  }
}

void SummarizeConfidence(const std::vector<Owner>& owners, const std::vector<float>& confidence,
                         Report* report) {
  for (size_t i = 0; i < confidence.size(); ++i) {
    if (!owners[i].tagged) continue;
    report->sum_of_confidence += confidence[i];
    const bool doubtful = owners[i].evidence != EvidenceKind::kNone && confidence[i] < kDoubtful;
    report->doubtful += doubtful;
  }
}

void SummarizePresets(const EditList& edits, Report* report) {
  const auto warn = [report](const Preset& preset, size_t nodes, absl::string_view text) {
    if (nodes == 0) return;
    report->warnings.push_back(
        absl::StrCat(preset.name, ": ", nodes, nodes == 1 ? " node " : " nodes ", text));
  };
  for (const Preset& preset : Presets()) {
    const PresetCounts& counts = edits.counts(preset);
    const std::string keys = absl::StrJoin(preset.keys, ", ");
    warn(preset, counts.foreign_kept,
         absl::StrCat("with another program's ", keys,
                      ", which stays; --replace_foreign writes over it"));
    warn(preset, counts.foreign_replaced,
         absl::StrCat("lost another program's ", keys, ", which strip cannot bring back"));
    warn(preset, counts.unwritable, absl::StrCat("without ", keys, ": ", preset.unwritable));
  }
}

}  // namespace modelexport
