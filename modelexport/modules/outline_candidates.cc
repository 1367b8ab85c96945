#include "modelexport/modules/outline_candidates.h"

#include <map>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/modules/body_form.h"
#include "modelexport/modules/instance_nodes.h"
#include "modelexport/modules/node_operators.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {
namespace {

class CandidateFinder {
 public:
  CandidateFinder(const OwnedGraph& owned, OutlineCandidates* found)
      : owned_(owned), graph_(owned.graph), bodies_(owned.graph), found_(*found) {}

  absl::Status Run(const std::atomic<bool>* cancelled) {
    MX_ASSIGN_OR_RETURN(found_.constants, SmallConstants::Read(owned_));
    MX_ASSIGN_OR_RETURN(const std::vector<uint32_t> operators, NumberOperators(graph_, bodies_));
    found_.reads = std::make_unique<const NodeReads>(graph_);
    found_.instances = FindModuleInstances(owned_);
    const auto nodes = NodesOfInstances(owned_, found_.constants, found_.instances);
    MX_RETURN_IF_ERROR(FindPlacedNodes());
    for (uint32_t i = 0; i < nodes.size(); ++i) {
      if (EndsEarly(cancelled, i)) return CheckCancelled(cancelled);
      found_.sizes.push_back(nodes[i].size());
      found_.reasons.push_back(WhyNot(found_.instances[i], nodes[i]));
      const bool fits = found_.reasons.back().empty();
      found_.blocks.push_back(
          fits ? MakeBlock(graph_, *found_.reads, operators, found_.constants, nodes[i]) : Block());
      if (fits && found_.blocks.back().outputs.empty()) {
        found_.reasons.back() = "makes nothing that is read outside";
      }
      found_.kinds.push_back(found_.reasons.back().empty() ? KindOf(i)
                                                           : OutlineCandidates::kNoKind);
    }
    return CheckCancelled(cancelled);
  }

 private:
  // A function has no place for devices, and their specifications name values.
  absl::Status FindPlacedNodes() {
    const GraphRecord& main = graph_.index().graphs()[0];
    Cursor cursor(graph_.index().source());
    for (size_t n = main.first_node; n < main.first_node + main.num_nodes; ++n) {
      cursor.Restart(graph_.index().node(NodeId(n)).range.content());
      Field field;
      while (cursor.Next(&field)) {
        if (field.number == node_proto::kDeviceConfigurations) placed_.insert(NodeId(n));
      }
    }
    return cursor.status();
  }

  std::string WhyNot(const ModuleInstance& instance, const std::vector<NodeId>& nodes) const {
    if (instance.unknown > 0) {
      return absl::StrCat("calls unknown: of ", instance.unknown, " nodes it is not known in which",
                          " call they ran");
    }
    if (nodes.empty()) return "has no nodes";
    if (nodes.size() == 1) return "has one node";
    for (NodeId node : nodes) {
      const std::string reason = WhyNot(node);
      if (!reason.empty()) return reason;
    }
    return "";
  }

  std::string WhyNot(NodeId node) const {
    const ModelIndex& index = graph_.index();
    const uint64_t size = index.node(node).range.content().size();
    if (size > kMaxComparedNode) {
      return absl::StrCat(graph_.Place(node), " takes ", size, " bytes");
    }
    if (placed_.contains(node)) return absl::StrCat(graph_.Place(node), " is placed on devices");
    const std::string of_bodies = bodies_.WhyNot(node);
    if (!of_bodies.empty()) return of_bodies;
    for (ValueId output : graph_.outputs(node)) {
      if (!output.valid() || graph_.value(output).producer == node) continue;
      return absl::StrCat("the value \"", absl::Utf8SafeCHexEscape(graph_.name(output)), "\" of ",
                          graph_.Place(node), " is defined more than once");
    }
    return "";
  }

  uint32_t KindOf(uint32_t instance) {
    const ModuleId module = found_.instances[instance].module;
    std::pair<absl::string_view, std::vector<uint32_t>> key(
        owned_.hierarchy.module(module).class_name, found_.blocks[instance].form);
    return kinds_.emplace(std::move(key), static_cast<uint32_t>(kinds_.size())).first->second;
  }

  const OwnedGraph& owned_;
  const GraphView& graph_;
  const BodyForms bodies_;
  absl::flat_hash_set<NodeId> placed_;
  OutlineCandidates& found_;
  std::map<std::pair<absl::string_view, std::vector<uint32_t>>, uint32_t> kinds_;
};

}  // namespace

absl::StatusOr<OutlineCandidates> OutlineCandidates::Find(const OwnedGraph& owned,
                                                          const std::atomic<bool>* cancelled) {
  OutlineCandidates found;
  MX_RETURN_IF_ERROR(CandidateFinder(owned, &found).Run(cancelled));
  return found;
}

}  // namespace modelexport
