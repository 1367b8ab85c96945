#include "modelexport/modules/block.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "modelexport/graph/operator_facts.h"
#include "modelexport/modules/node_set.h"

namespace modelexport {
namespace {

// What a node reads: nothing, of a node of the block, from outside, a constant of any content, or
// one of this content.
enum Word : uint32_t { kLeftOut, kInside, kOutside, kConstant, kForm };

class BlockMaker {
 public:
  BlockMaker(const GraphView& graph, const NodeReads& reads, const std::vector<uint32_t>& operators,
             const SmallConstants& constants, absl::Span<const NodeId> nodes)
      : graph_(graph), reads_(reads), operators_(operators), constants_(constants), nodes_(nodes) {
    for (NodeId node : nodes) position_[node] = kNotYet;
  }

  Block Run() {
    const NodeSet all(graph_, nodes_);
    std::vector<std::pair<NodeId, uint32_t>> outputs;
    for (NodeId node : nodes_) {
      for (uint32_t i = 0; i < graph_.outputs(node).size(); ++i) {
        if (IsReadOutside(graph_.outputs(node)[i], all)) outputs.emplace_back(node, i);
      }
    }
    for (const auto& output : outputs) Visit(output.first);
    for (NodeId node : nodes_) Visit(node);  // What nobody reads.
    for (const auto& output : outputs) {
      block_.outputs.push_back({position_[output.first], output.second});
      block_.form.push_back(position_[output.first]);
      block_.form.push_back(output.second);
    }
    return std::move(block_);
  }

 private:
  static constexpr uint32_t kNotYet = 0xFFFFFFFF, kOpen = 0xFFFFFFFE;

  bool IsReadOutside(ValueId id, const NodeSet& all) const {
    if (!id.valid()) return false;
    if (graph_.value(id).is_graph_output) return true;
    const absl::Span<const NodeId> readers = graph_.consumers(id);
    return std::any_of(readers.begin(), readers.end(),
                       [&](NodeId reader) { return !all.contains(reader); });
  }

  // Depth first, without recursion: a node follows all that it reads.
  void Visit(NodeId start) {
    std::vector<NodeId> open = {start};
    while (!open.empty()) {
      const NodeId node = open.back();
      uint32_t& position = position_[node];
      if (position == kNotYet) {
        position = kOpen;
        OpenMakers(node, &open);
        continue;
      }
      open.pop_back();
      if (position != kOpen) continue;
      position = static_cast<uint32_t>(block_.nodes.size());
      Describe(node);
    }
  }

  // The first input is visited first. A cycle, which no valid model has, ends where it began.
  void OpenMakers(NodeId node, std::vector<NodeId>* open) const {
    const absl::Span<const ValueId> inputs = reads_.of(node);
    for (size_t i = inputs.size(); i-- > 0;) {
      const NodeId maker = MakerInside(inputs[i]);
      if (maker.valid() && position_.at(maker) == kNotYet) open->push_back(maker);
    }
  }

  NodeId MakerInside(ValueId id) const {
    if (!id.valid()) return NodeId();
    const NodeId maker = graph_.value(id).producer;
    return maker.valid() && position_.contains(maker) ? maker : NodeId();
  }

  void Describe(NodeId node) {
    block_.form_of_node.push_back(static_cast<uint32_t>(block_.form.size()));
    block_.nodes.push_back(node);
    Say(operators_[node.index()]);
    const absl::Span<const ValueId> inputs = reads_.of(node);
    Say(static_cast<uint32_t>(inputs.size()));
    for (uint32_t i = 0; i < inputs.size(); ++i) DescribeInput(node, inputs[i], i);
    Say(static_cast<uint32_t>(graph_.outputs(node).size()));
    for (ValueId output : graph_.outputs(node)) Say(output.valid() ? 1 : 0);
  }

  void DescribeInput(NodeId node, ValueId id, uint32_t i) {
    if (!id.valid()) return Say(kLeftOut);
    const NodeId maker = MakerInside(id);
    if (maker.valid()) {
      Say(kInside);
      Say(position_[maker]);
      return Say(OutputOf(maker, id));
    }
    block_.reads.push_back({static_cast<uint32_t>(block_.nodes.size() - 1), i});
    const uint32_t constant = constants_.of(id);
    if (constant == SmallConstants::kNone) {
      Say(kOutside);
      return Say(outside_.try_emplace(id, outside_.size()).first->second);
    }
    const bool is_input = i < graph_.inputs(node).size();
    if (!is_input || !IsFormOperand(graph_.op_type(node), i)) return Say(kConstant);
    Say(kForm);
    Say(constant);
  }

  uint32_t OutputOf(NodeId maker, ValueId id) const {
    const absl::Span<const ValueId> outputs = graph_.outputs(maker);
    return static_cast<uint32_t>(std::find(outputs.begin(), outputs.end(), id) - outputs.begin());
  }

  void Say(uint32_t word) { block_.form.push_back(word); }

  const GraphView& graph_;
  const NodeReads& reads_;
  const std::vector<uint32_t>& operators_;
  const SmallConstants& constants_;
  const absl::Span<const NodeId> nodes_;
  absl::flat_hash_map<NodeId, uint32_t> position_;
  absl::flat_hash_map<ValueId, uint32_t> outside_;
  Block block_;
};

absl::Span<const uint32_t> FormOf(const Block& block, size_t node) {
  const size_t begin = block.form_of_node[node];
  const size_t end = node + 1 < block.nodes.size() ? block.form_of_node[node + 1]
                                                   : block.form.size() - 2 * block.outputs.size();
  return absl::MakeConstSpan(block.form).subspan(begin, end - begin);
}

std::string Described(const GraphView& graph, const Block& block, size_t node) {
  return absl::StrCat(graph.Place(block.nodes[node]), " (",
                      absl::Utf8SafeCHexEscape(graph.op_type(block.nodes[node])), ")");
}

}  // namespace

Block MakeBlock(const GraphView& graph, const NodeReads& reads,
                const std::vector<uint32_t>& operators, const SmallConstants& constants,
                absl::Span<const NodeId> nodes) {
  return BlockMaker(graph, reads, operators, constants, nodes).Run();
}

std::string FirstDifference(const GraphView& graph, const Block& a, const Block& b) {
  if (a.form == b.form) return "";
  for (size_t n = 0; n < a.nodes.size() && n < b.nodes.size(); ++n) {
    if (FormOf(a, n) == FormOf(b, n)) continue;
    return absl::StrCat(Described(graph, a, n), " is not as ", Described(graph, b, n));
  }
  if (a.nodes.size() == b.nodes.size()) return "other values are read outside";
  return absl::StrCat(a.nodes.size(), " nodes, not ", b.nodes.size());
}

}  // namespace modelexport
