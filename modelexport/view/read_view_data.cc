#include "modelexport/view/read_view_data.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/graph/constant_nodes.h"
#include "modelexport/modules/tensor_uses.h"
#include "modelexport/onnx/attributes.h"
#include "modelexport/onnx/operator_domain.h"
#include "modelexport/onnx/tensor_elements.h"
#include "modelexport/tags/class_path.h"
#include "modelexport/view/attribute_text.h"

namespace modelexport {
namespace {

// Numbers each different text.
class TextList {
 public:
  explicit TextList(std::vector<std::string>* texts) : texts_(*texts) {}

  int64_t NumberOf(const std::string& text) {
    const auto [entry, is_new] = numbers_.try_emplace(text, texts_.size());
    if (is_new) texts_.push_back(entry->first);
    return entry->second;
  }

 private:
  std::vector<std::string>& texts_;
  absl::flat_hash_map<std::string, int64_t> numbers_;
};

class ViewReader {
 public:
  ViewReader(const OwnedGraph& owned, absl::Span<const ValueType> types,
             const std::atomic<bool>* cancelled)
      : owned_(owned),
        index_(owned.graph.index()),
        types_(types),
        cancelled_(cancelled),
        rows_(owned, Folding::kOff) {}

  absl::StatusOr<ViewData> Run() {
    AddModules();
    AddCalls();
    AddGraphs();
    AddValues();
    MX_RETURN_IF_ERROR(AddNodes());
    return std::move(data_);
  }

 private:
  bool IsCancelled() const { return cancelled_ != nullptr && *cancelled_; }

  template <typename Id>
  static int64_t NumberOf(Id id) {
    return id.valid() ? static_cast<int64_t>(id.index()) : ViewData::kNone;
  }

  // Modules are numbered by their rows, of which each has one.
  int64_t NumberOf(ModuleId module) const { return rows_.row_of(module); }

  void AddModules() {
    FiguresOfModel figures = FiguresOf(owned_, rows_);
    const ClassPaths class_paths(owned_.hierarchy, NnModules::kHide);
    for (size_t row = 0; row < rows_.rows().size(); ++row) {
      const ModuleId id = rows_.row(row).modules[0];
      const Module& module = owned_.hierarchy.module(id);
      ViewData::Module& added = data_.modules.emplace_back();
      added.path = std::string(module.path);
      added.class_name = std::string(module.class_name);
      added.class_path = class_paths.Of(id);
      if (row > 0) added.parent = rows_.row(row).parent;
      added.calls = module.calls;
      added.called = module.MayHaveBeenCalled();
      added.own = figures.rows[row].own;
      added.total = figures.rows[row].total;
      added.shares_parameters = figures.rows[row].shares_parameters;
    }
    data_.unattributed = figures.unattributed.total;
    data_.all = figures.all.total;
  }

  void AddCalls() {
    for (const Call& call : owned_.hierarchy.calls()) {
      data_.calls.push_back({NumberOf(call.module), NumberOf(call.parent)});
    }
  }

  void AddGraphs() {
    for (size_t g = 0; g < index_.graphs().size(); ++g) {
      const GraphRecord& graph = index_.graphs()[g];
      ViewData::Graph& added = data_.graphs.emplace_back();
      added.place = owned_.graph.Place(GraphId(g));
      added.first_node = graph.first_node;
      added.num_nodes = graph.num_nodes;
      added.parent = NumberOf(graph.parent);
    }
  }

  void AddValues() {
    TextList types(&data_.types);
    const std::vector<Value>& values = owned_.graph.values();
    for (size_t v = 0; v < values.size(); ++v) {
      const Value& value = values[v];
      const std::string type = v < types_.size() ? ToString(types_[v]) : "?";
      data_.values.push_back({std::string(index_.text(value.name)), types.NumberOf(type)});
      ViewData::Graph& graph = data_.graphs[value.graph.index()];
      if (value.is_graph_input) graph.inputs.push_back(v);
      if (value.is_graph_output) graph.outputs.push_back(v);
      if (value.tensor == Value::kNoTensor) continue;
      const TensorRecord& tensor = index_.tensors()[value.tensor];
      data_.weights.push_back(
          {static_cast<int64_t>(v), NumElements(index_, tensor), StoredBytes(index_, tensor)});
    }
  }

  absl::Status AddNodes() {
    const std::vector<bool> constant = FindConstantNodes(owned_.graph);
    TextList operators(&data_.operators);
    for (size_t n = 0; n < owned_.graph.num_nodes() && !IsCancelled(); ++n) {
      const NodeId node(n);
      const Owner& owner = owned_.owner(node);
      ViewData::Node& added = data_.nodes.emplace_back();
      added.name = std::string(owned_.graph.name(node));
      added.op = operators.NumberOf(OperatorOf(node));
      if (owned_.IsAttributed(node)) added.module = NumberOf(owner.module);
      added.call = NumberOf(owner.call);
      added.evidence = owner.evidence;
      added.constant = constant[n];
      for (const AlsoModule& other : owned_.also_of(node)) {
        data_.also.push_back(
            {NumberOf(node), NumberOf(other.module), std::string(TextOf(other.reason))});
      }
      for (ValueId input : owned_.graph.inputs(node)) added.inputs.push_back(NumberOf(input));
      for (ValueId output : owned_.graph.outputs(node)) added.outputs.push_back(NumberOf(output));
      MX_RETURN_IF_ERROR(AddAttributes(node, &added));
    }
    return absl::OkStatus();
  }

  std::string OperatorOf(NodeId node) const {
    const absl::string_view domain = index_.text(index_.node(node).domain);
    const absl::string_view type = owned_.graph.op_type(node);
    return NormalizedDomain(domain).empty() ? std::string(type) : absl::StrCat(domain, ".", type);
  }

  absl::Status AddAttributes(NodeId node, ViewData::Node* added) const {
    MX_ASSIGN_OR_RETURN(const Attributes attributes, Attributes::Read(index_, node));
    for (const AttributeRecord& attribute : attributes.all()) {
      added->attributes.emplace_back(attribute.name, AttributeText(attribute));
    }
    return absl::OkStatus();
  }

  const OwnedGraph owned_;
  const ModelIndex& index_;
  const absl::Span<const ValueType> types_;
  const std::atomic<bool>* const cancelled_;
  const ModuleRows rows_;
  ViewData data_;
};

}  // namespace

absl::StatusOr<ViewData> ReadViewData(const OwnedGraph& owned, absl::Span<const ValueType> types,
                                      const std::atomic<bool>* cancelled) {
  return ViewReader(owned, types, cancelled).Run();
}

}  // namespace modelexport
