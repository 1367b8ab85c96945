#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "modelexport/view/module_layers.h"
#include "modelexport/view/node_names.h"
#include "modelexport/view/viewer_json.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::ordered_json;

// Model Explorer's attributes are texts.
Json Attribute(const std::string& key, const std::string& value) {
  return {{"key", key}, {"value", value}};
}

template <typename T>
std::string Text(const absl::optional<T>& number) {
  return number.has_value() ? absl::StrCat(*number) : "?";
}

class ModelExplorerWriter {
 public:
  explicit ModelExplorerWriter(const ViewData& data)
      : data_(data),
        named_(HaveOwnNames(data)),
        layers_(LayersOf(data)),
        producers_(data.values.size(), {ViewData::kNone, 0}),
        input_of_(data.values.size(), ViewData::kNone),
        graph_of_(data.nodes.size()),
        bodies_(data.nodes.size()) {
    for (size_t n = 0; n < data.nodes.size(); ++n) {
      const std::vector<int64_t>& outputs = data.nodes[n].outputs;
      for (size_t i = 0; i < outputs.size(); ++i) {
        if (outputs[i] != ViewData::kNone) producers_[outputs[i]] = {static_cast<int64_t>(n), i};
      }
    }
    for (size_t g = 0; g < data.graphs.size(); ++g) {
      const ViewData::Graph& graph = data.graphs[g];
      for (int64_t i = 0; i < graph.num_nodes; ++i) graph_of_[graph.first_node + i] = g;
      for (int64_t value : graph.inputs) input_of_[value] = g;
      if (graph.parent != ViewData::kNone) bodies_[graph.parent].push_back(IdOf(graph));
    }
  }

  std::string WriteNodeData(const ViewData::Metric& metric) const {
    Json graphs = Json::object();
    for (const ViewData::Graph& graph : data_.graphs) {
      Json results = Json::object();
      for (int64_t n = graph.first_node; n < graph.first_node + graph.num_nodes; ++n) {
        if (metric.of_nodes[n].has_value()) results[IdOf(n)] = {{"value", *metric.of_nodes[n]}};
      }
      if (results.empty()) continue;
      const std::string unit = metric.unit.empty() ? "" : absl::StrCat(" (", metric.unit, ")");
      graphs[IdOf(graph)] = {{"name", absl::StrCat(metric.title, unit)},
                             {"results", std::move(results)},
                             {"gradient", Json::array({{{"stop", 0}, {"bgColor", "#ffffff"}},
                                                       {{"stop", 1}, {"bgColor", "#e0655a"}}})}};
    }
    return graphs.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

  std::string Write() {
    Json graphs = Json::array();
    for (size_t g = 0; g < data_.graphs.size(); ++g) graphs.push_back(GraphOf(g));
    const Json collection = {{"label", data_.model}, {"graphs", std::move(graphs)}};
    return collection.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }

 private:
  static std::string IdOf(const ViewData::Graph& graph) {
    return graph.place.empty() ? "main_graph" : graph.place;
  }

  std::string IdOf(int64_t node) const {
    if (named_[node]) return data_.nodes[node].name;
    const ViewData::Graph& graph = data_.graphs[graph_of_[node]];
    return absl::StrCat(graph.place, "#", node - graph.first_node);
  }

  std::string IdOfValue(int64_t value) const {
    return absl::StrCat("[value] ", data_.values[value].name);
  }

  const std::string& TypeOf(int64_t value) const { return data_.types[data_.values[value].type]; }

  Json GraphOf(size_t g) const {
    const ViewData::Graph& graph = data_.graphs[g];
    Json nodes = Json::array();
    for (int64_t value : graph.inputs) nodes.push_back(InputOf(value));
    for (int64_t i = 0; i < graph.num_nodes; ++i) nodes.push_back(NodeOf(graph.first_node + i, g));
    for (int64_t value : graph.outputs) nodes.push_back(OutputOf(value, g));
    return {{"id", IdOf(graph)},
            {"nodes", std::move(nodes)},
            {"groupNodeAttributes", g == 0 ? FiguresOfLayers() : Json::object()},
            {"nodeLabelsToHide", Json::array({"Constant"})}};
  }

  Json InputOf(int64_t value) const {
    return {{"id", IdOfValue(value)},
            {"label", "input"},
            {"namespace", ""},
            {"outputsMetadata", Json::array({Metadata(0, value)})}};
  }

  // Not of its own id where an input is handed on as it is.
  Json OutputOf(int64_t value, size_t graph) const {
    Json edges = Json::array();
    AddEdge(value, 0, graph, &edges);
    return {{"id", absl::StrCat("[output] ", data_.values[value].name)},
            {"label", "output"},
            {"namespace", ""},
            {"incomingEdges", std::move(edges)},
            {"inputsMetadata", Json::array({Metadata(0, value)})}};
  }

  Json NodeOf(int64_t n, size_t graph) const {
    const ViewData::Node& node = data_.nodes[n];
    Json edges = Json::array();
    Json inputs = Json::array();
    Json outputs = Json::array();
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (node.inputs[i] == ViewData::kNone) continue;
      AddEdge(node.inputs[i], i, graph, &edges);
      inputs.push_back(Metadata(i, node.inputs[i]));
    }
    for (size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] != ViewData::kNone) outputs.push_back(Metadata(i, node.outputs[i]));
    }
    const bool has_module = node.module != ViewData::kNone;
    Json json = {{"id", IdOf(n)},
                 {"label", data_.operators[node.op]},
                 {"namespace", has_module ? NamespaceOf(layers_[node.module]) : ""},
                 {"attrs", AttributesOf(n)},
                 {"incomingEdges", std::move(edges)},
                 {"inputsMetadata", std::move(inputs)},
                 {"outputsMetadata", std::move(outputs)}};
    if (!bodies_[n].empty()) json["subgraphIds"] = bodies_[n];
    return json;
  }

  // Of weights, and of values of other graphs, there are no nodes.
  void AddEdge(int64_t value, size_t input, size_t graph, Json* edges) const {
    const auto [producer, output] = producers_[value];
    std::string source;
    if (producer != ViewData::kNone) {
      if (graph_of_[producer] != graph) return;
      source = IdOf(producer);
    } else {
      if (input_of_[value] != static_cast<int64_t>(graph)) return;
      source = IdOfValue(value);
    }
    edges->push_back({{"sourceNodeId", source},
                      {"sourceNodeOutputId", absl::StrCat(output)},
                      {"targetNodeInputId", absl::StrCat(input)}});
  }

  Json Metadata(size_t position, int64_t value) const {
    Json attributes = Json::array();
    attributes.push_back(Attribute("tensor_name", data_.values[value].name));
    attributes.push_back(Attribute("tensor_shape", TypeOf(value)));
    return {{"id", absl::StrCat(position)}, {"attrs", std::move(attributes)}};
  }

  Json AttributesOf(int64_t n) const {
    const ViewData::Node& node = data_.nodes[n];
    Json attributes = Json::array();
    for (const auto& [name, value] : node.attributes) attributes.push_back(Attribute(name, value));
    if (node.module != ViewData::kNone) {
      attributes.push_back(Attribute("modelexport.module", data_.modules[node.module].path));
    }
    attributes.push_back(Attribute("modelexport.evidence", std::string(NameOf(node.evidence))));
    for (const ViewData::Metric& metric : data_.metrics) {
      attributes.push_back(Attribute(metric.title, Text(metric.of_nodes[n])));
    }
    return attributes;
  }

  Json FiguresOfLayers() const {
    Json figures = Json::object();
    for (size_t m = 0; m < data_.modules.size(); ++m) {
      const ViewData::Module& module = data_.modules[m];
      // A container's figures are no layer's.
      if (m > 0 && layers_[m] == layers_[module.parent]) continue;
      Json& row = figures[NamespaceOf(layers_[m])];
      row = {{"module", module.path},
             {"class", module.class_name},
             {"nodes", absl::StrCat(module.total.nodes)},
             {"parameters", Text(module.total.parameters)},
             {"bytes", Text(module.total.bytes)}};
    }
    return figures;
  }

  const ViewData& data_;
  const std::vector<bool> named_;
  const std::vector<std::vector<std::string>> layers_;  // By module.
  std::vector<std::pair<int64_t, size_t>> producers_;   // By value: node and output.
  std::vector<int64_t> input_of_;                       // By value: the graph.
  std::vector<size_t> graph_of_;                        // By node.
  std::vector<std::vector<std::string>> bodies_;        // By node: ids of graphs.
};

}  // namespace

std::string ToModelExplorer(const ViewData& data) { return ModelExplorerWriter(data).Write(); }

std::string ToNodeData(const ViewData& data, const ViewData::Metric& metric) {
  return ModelExplorerWriter(data).WriteNodeData(metric);
}

}  // namespace modelexport
