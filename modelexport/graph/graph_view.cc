#include "modelexport/graph/graph_view.h"

#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/base/large_pages.h"

namespace modelexport {

namespace {

constexpr StringId kNoName(0);

}  // namespace

// Walks each tree of graphs with one slot per name that holds the visible value; what a graph
// hides is put back when it is left.
class GraphViewBuilder {
 public:
  GraphViewBuilder(GraphView* view, const std::atomic<bool>* cancelled)
      : view_(view),
        index_(*view->index_),
        cancelled_(cancelled),
        reached_(index_.graphs().size()) {
    ResizeInLargePages(index_.strings().size(), &visible_);
  }

  void Run() {
    size_t inputs = 0;
    size_t outputs = 0;
    for (const NodeRecord& node : index_.nodes()) {
      inputs += node.num_inputs;
      outputs += node.num_outputs;
    }
    ResizeInLargePages(inputs + outputs, &view_->operands_);
    // Of what may be missing here, the inputs of graphs and names that nothing makes, there is
    // little.
    ReserveInLargePages(outputs + outputs / 64 + index_.tensors().size() + 64, &view_->values_);
    for (const GraphRecord& graph : index_.graphs()) {
      if (graph.kind != GraphRecord::Kind::kBody) Visit(graph);
    }
    LinkConsumers();
    LinkCallers();
  }

 private:
  void Visit(const GraphRecord& graph) {
    const size_t mark = hidden_.size();
    const size_t first_value = view_->values_.size();
    const GraphId id = index_.id_of(graph);
    graph_ = id;
    DefineAll(graph);
    ResolveInputs(graph);
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      if (EndsEarly(cancelled_, n)) return;
      reached_[id.index()] = NodeId(n);
      for (const GraphRecord& body : index_.bodies(NodeId(n))) Visit(body);
    }
    for (size_t v = first_value; v < view_->values_.size(); ++v) {
      const Value& value = view_->values_[v];
      if (value.graph == id) visible_[value.name.index()] = ValueId();
    }
    for (; hidden_.size() > mark; hidden_.pop_back()) {
      visible_[view_->value(hidden_.back()).name.index()] = hidden_.back();
    }
  }

  void DefineAll(const GraphRecord& graph) {
    for (StringId name : graph.inputs) {
      ValueId value;
      if (Define(name, &value)) view_->values_[value.index()].is_graph_input = true;
    }
    for (uint32_t t = graph.first_tensor; t < graph.first_tensor + graph.num_tensors; ++t) {
      DefineInitializer(t);
    }
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      if (EndsEarly(cancelled_, n)) return;
      DefineOutputs(NodeId(n));
    }
    for (StringId name : graph.outputs) {
      const ValueId value = visible_[name.index()];
      if (value.valid()) view_->values_[value.index()].is_graph_output = true;
    }
  }

  // An initializer may give a default to an input of the same name.
  void DefineInitializer(uint32_t t) {
    const TensorRecord& tensor = index_.tensors()[t];
    if (tensor.role == TensorRecord::Role::kAttribute) return;
    ValueId value = visible_[tensor.name.index()];
    const bool is_default = value.valid() && view_->value(value).graph == graph_ &&
                            view_->value(value).is_graph_input &&
                            view_->value(value).tensor == Value::kNoTensor;
    if (is_default || Define(tensor.name, &value)) view_->values_[value.index()].tensor = t;
  }

  void DefineOutputs(NodeId id) {
    const NodeRecord& node = index_.node(id);
    ValueId* operand = view_->operands_.data() + node.first_operand + node.num_inputs;
    for (StringId name : index_.outputs(id)) {
      if (name != kNoName && Define(name, operand)) {
        view_->values_[operand->index()].producer = id;
      }
      ++operand;
    }
  }

  // Finds the value of a name in this graph. Returns whether this is its first definition.
  bool Define(StringId name, ValueId* value) {
    *value = visible_[name.index()];
    if (value->valid() && view_->value(*value).graph == graph_) {
      ++view_->duplicate_definitions_;
      return false;
    }
    *value = MakeVisible(name);
    return true;
  }

  ValueId MakeVisible(StringId name) {
    const ValueId value(view_->values_.size());
    Value& made = view_->values_.emplace_back();
    made.name = name;
    made.graph = graph_;
    ValueId& visible = visible_[name.index()];
    if (visible.valid()) hidden_.push_back(visible);
    visible = value;
    return value;
  }

  void ResolveInputs(const GraphRecord& graph) {
    for (size_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
      if (EndsEarly(cancelled_, n)) return;
      reached_[graph_.index()] = NodeId(n);
      bool sorted = true;
      ValueId* operand = view_->operands_.data() + index_.nodes()[n].first_operand;
      for (StringId name : index_.inputs(NodeId(n))) {
        if (name != kNoName) {
          const ValueId value = visible_[name.index()];
          *operand = value.valid() ? value : MakeVisible(name);
          sorted = sorted && IsMade(*operand);
        }
        ++operand;
      }
      if (!sorted) view_->unsorted_nodes_.push_back(NodeId(n));
    }
  }

  // Whether the node that makes `value`, if there is one, stands before the one reached in its
  // graph.
  bool IsMade(ValueId id) const {
    const Value& value = view_->value(id);
    return !value.producer.valid() ||
           value.producer.index() < reached_[value.graph.index()].index();
  }

  void LinkConsumers() {
    // Where each list begins is kept one further on while the lists are filled, and moves into
    // place by that.
    std::vector<uint32_t>& first = view_->first_consumer_;
    ResizeInLargePages(view_->values_.size() + 2, &first);
    ForEachRead([&first](NodeId, ValueId value) { ++first[value.index() + 2]; });
    std::partial_sum(first.begin(), first.end(), first.begin());
    ResizeInLargePages(first.back(), &view_->consumers_);
    ForEachRead(
        [&](NodeId node, ValueId value) { view_->consumers_[first[value.index() + 1]++] = node; });
    first.pop_back();
  }

  template <typename Function>
  void ForEachRead(Function function) const {
    for (size_t n = 0; n < index_.nodes().size(); ++n) {
      if (EndsEarly(cancelled_, n)) return;
      for (ValueId value : view_->inputs(NodeId(n))) {
        if (value.valid()) function(NodeId(n), value);
      }
    }
  }

  void LinkCallers() {
    for (const GraphRecord& graph : index_.graphs()) {
      if (graph.kind != GraphRecord::Kind::kFunction) continue;
      const auto key = std::make_tuple(graph.domain, graph.name, graph.overload);
      if (!view_->functions_.emplace(key, index_.id_of(graph)).second) {
        ++view_->duplicate_functions_;
      }
    }
    view_->callers_.resize(index_.graphs().size());
    for (size_t n = 0; n < index_.nodes().size(); ++n) {
      const GraphId function = view_->callee(NodeId(n));
      if (function.valid()) view_->callers_[function.index()].push_back(NodeId(n));
    }
  }

  GraphView* const view_;
  const ModelIndex& index_;
  const std::atomic<bool>* const cancelled_;
  GraphId graph_;                 // Being visited.
  std::vector<ValueId> visible_;  // By name.
  std::vector<ValueId> hidden_;   // What to put back.
  std::vector<NodeId> reached_;   // By graph: the node whose inputs or bodies are being visited.
};

GraphView::GraphView(const ModelIndex& index, const std::atomic<bool>* cancelled) : index_(&index) {
  GraphViewBuilder(this, cancelled).Run();
}

absl::Span<const NodeId> GraphView::consumers(ValueId id) const {
  if (!id.valid()) return {};
  const uint32_t first = first_consumer_[id.index()];
  return absl::MakeSpan(consumers_).subspan(first, first_consumer_[id.index() + 1] - first);
}

absl::Span<const NodeId> GraphView::callers(GraphId function) const {
  return callers_[function.index()];
}

GraphId GraphView::callee(NodeId id) const {
  if (functions_.empty()) return GraphId();
  const NodeRecord& node = index_->node(id);
  const auto found = functions_.find({node.domain, node.op_type, node.overload});
  return found == functions_.end() ? GraphId() : found->second;
}

size_t GraphView::position(NodeId id) const {
  return id.index() - index_->graph(index_->graph_of(id)).first_node;
}

std::string GraphView::Place(NodeId id) const {
  return absl::StrCat(Place(index_->graph_of(id)), "#", position(id));
}

std::string GraphView::Place(GraphId id) const {
  const GraphRecord& graph = index_->graph(id);
  switch (graph.kind) {
    case GraphRecord::Kind::kMain:
      return "";
    case GraphRecord::Kind::kFunction:
      return absl::StrCat("function:", index_->text(graph.domain), ":", index_->text(graph.name),
                          ":", index_->text(graph.overload));
    case GraphRecord::Kind::kBody:
      break;
  }
  return absl::StrCat(Place(index_->graph_of(graph.parent)), "/", position(graph.parent), ":",
                      index_->text(graph.attribute_name),
                      graph.position < 0 ? "" : absl::StrCat(":", graph.position));
}

}  // namespace modelexport
