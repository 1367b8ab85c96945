#include "modelexport/modules/chain.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/graph/constant_nodes.h"
#include "modelexport/modules/node_reads.h"

namespace modelexport {
namespace {

constexpr size_t kNoPart = static_cast<size_t>(-1);

absl::Status Refused(absl::string_view message) {
  return WithFault(absl::FailedPreconditionError(message), Fault::kJudged);
}

class ChainFinder {
 public:
  explicit ChainFinder(const GraphView& graph)
      : graph_(graph),
        main_(graph.index().graphs()[0]),
        constant_(FindConstantNodes(graph)),
        reads_(graph),
        part_of_(main_.num_nodes, kNoPart),
        piece_of_(main_.num_nodes, kNoPart) {}

  absl::StatusOr<std::vector<std::vector<NodeId>>> Run(
      absl::Span<const std::vector<NodeId>> parts) {
    for (size_t part = 0; part < parts.size(); ++part) {
      for (NodeId node : parts[part]) MX_RETURN_IF_ERROR(Take(node, part));
    }
    std::vector<std::vector<NodeId>> pieces(parts.size());
    for (size_t n = 0; n < main_.num_nodes; ++n) {
      const NodeId node(main_.first_node + n);
      if (constant_[node.index()]) continue;
      MX_ASSIGN_OR_RETURN(piece_of_[n], PieceOf(node));
      pieces[piece_of_[n]].push_back(node);
    }
    return pieces;
  }

 private:
  size_t PlaceInMain(NodeId node) const { return node.index() - main_.first_node; }

  absl::Status Take(NodeId node, size_t part) {
    GraphId graph = graph_.index().graph_of(node);
    while (graph_.index().graph(graph).parent.valid()) {
      node = graph_.index().graph(graph).parent;
      graph = graph_.index().graph_of(node);
    }
    if (graph != kMainGraph || constant_[node.index()]) return absl::OkStatus();
    size_t& taken = part_of_[PlaceInMain(node)];
    if (taken != kNoPart && taken != part) {
      return Refused(
          absl::StrCat(graph_.Place(node), " is of piece ", taken, " and of piece ", part));
    }
    taken = part;
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> PieceOf(NodeId node) const {
    size_t earliest = 0;
    NodeId last;  // Which of what it reads is in that piece.
    for (ValueId value : reads_.of(node)) {
      const NodeId maker = value.valid() ? graph_.value(value).producer : NodeId();
      if (!maker.valid() || constant_[maker.index()]) continue;
      const size_t piece = piece_of_[PlaceInMain(maker)];
      if (piece == kNoPart) {
        return Refused(absl::StrCat(graph_.Place(node), " reads what ", graph_.Place(maker),
                                    " makes: the nodes of the model are not sorted"));
      }
      if (piece >= earliest) last = maker;
      earliest = std::max(earliest, piece);
    }
    const size_t part = part_of_[PlaceInMain(node)];
    if (part == kNoPart || part == earliest) return earliest;
    if (part > earliest) return part;
    return Refused(absl::StrCat(graph_.Place(node), " of piece ", part, " reads what ",
                                graph_.Place(last), " of piece ", earliest, " makes"));
  }

  const GraphView& graph_;
  const GraphRecord& main_;
  const std::vector<bool> constant_;
  const NodeReads reads_;
  std::vector<size_t> part_of_;   // By position in the main graph.
  std::vector<size_t> piece_of_;  // Likewise; kNoPart: not known yet.
};

}  // namespace

absl::StatusOr<std::vector<std::vector<NodeId>>> ChainOf(
    const GraphView& graph, absl::Span<const std::vector<NodeId>> parts) {
  return ChainFinder(graph).Run(parts);
}

}  // namespace modelexport
