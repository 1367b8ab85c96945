#include "modelexport/view/view_json.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::json;

std::string Dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <typename T>
Json OrNull(const absl::optional<T>& value) {
  return value.has_value() ? Json(*value) : Json();
}

// Names and values by turns.
Json AttributesOf(const ViewData::Node& node) {
  Json list = Json::array();
  for (const auto& [name, value] : node.attributes) {
    list.push_back(name);
    list.push_back(value);
  }
  return list;
}

// Writes members of objects, each on a line.
class Writer {
 public:
  std::string Finish() && { return std::move(text_) + "\n}\n"; }

  void Add(absl::string_view key, const Json& json) { AddText(key, Dumped(json)); }

  template <typename Members>
  void AddObject(absl::string_view key, const Members& members) {
    AddText(key, "{");
    first_ = true;
    members();
    text_ += "}";
    first_ = false;
  }

  template <typename Items, typename Member>
  void AddColumn(absl::string_view key, const Items& items, const Member& member) {
    Json column = Json::array();
    for (const auto& item : items) column.push_back(member(item));
    Add(key, column);
  }

 private:
  void AddText(absl::string_view key, absl::string_view json) {
    absl::StrAppend(&text_, first_ ? "" : ",", "\n\"", key, "\":", json);
    first_ = false;
  }

  std::string text_ = "{";
  bool first_ = true;
};

void AddModules(const ViewData& data, Writer* out) {
  using Module = ViewData::Module;
  const auto& modules = data.modules;
  out->AddColumn("path", modules, [](const Module& m) { return m.path; });
  out->AddColumn("class", modules, [](const Module& m) { return m.class_name; });
  out->AddColumn("class_path", modules, [](const Module& m) { return m.class_path; });
  out->AddColumn("parent", modules, [](const Module& m) { return m.parent; });
  out->AddColumn("calls", modules, [](const Module& m) { return OrNull(m.calls); });
  out->AddColumn("called", modules, [](const Module& m) { return int{m.called}; });
  out->AddColumn("own_parameters", modules,
                 [](const Module& m) { return OrNull(m.own.parameters); });
  out->AddColumn("parameters", modules, [](const Module& m) { return OrNull(m.total.parameters); });
  out->AddColumn("own_bytes", modules, [](const Module& m) { return OrNull(m.own.bytes); });
  out->AddColumn("bytes", modules, [](const Module& m) { return OrNull(m.total.bytes); });
  out->AddColumn("shares", modules, [](const Module& m) { return int{m.shares_parameters}; });
}

void AddGraphs(const ViewData& data, Writer* out) {
  using Graph = ViewData::Graph;
  out->AddColumn("place", data.graphs, [](const Graph& g) { return g.place; });
  out->AddColumn("first", data.graphs, [](const Graph& g) { return g.first_node; });
  out->AddColumn("count", data.graphs, [](const Graph& g) { return g.num_nodes; });
  out->AddColumn("parent", data.graphs, [](const Graph& g) { return g.parent; });
  out->AddColumn("in", data.graphs, [](const Graph& g) { return g.inputs; });
  out->AddColumn("out", data.graphs, [](const Graph& g) { return g.outputs; });
}

void AddNodes(const ViewData& data, Writer* out) {
  using Node = ViewData::Node;
  out->AddColumn("name", data.nodes, [](const Node& n) { return n.name; });
  out->AddColumn("op", data.nodes, [](const Node& n) { return n.op; });
  out->AddColumn("module", data.nodes, [](const Node& n) { return n.module; });
  out->AddColumn("call", data.nodes, [](const Node& n) { return n.call; });
  out->AddColumn("evidence", data.nodes,
                 [](const Node& n) { return static_cast<int64_t>(n.evidence); });
  out->AddColumn("constant", data.nodes, [](const Node& n) { return int{n.constant}; });
  out->AddColumn("in", data.nodes, [](const Node& n) { return n.inputs; });
  out->AddColumn("out", data.nodes, [](const Node& n) { return n.outputs; });
  out->AddColumn("attributes", data.nodes, [](const Node& n) { return AttributesOf(n); });
  out->AddColumn("reason", data.nodes, [](const Node& n) { return n.reason; });
}

void AddAlso(const ViewData& data, Writer* out) {
  using Also = ViewData::Also;
  out->AddColumn("node", data.also, [](const Also& a) { return a.node; });
  out->AddColumn("module", data.also, [](const Also& a) { return a.module; });
  out->AddColumn("reason", data.also, [](const Also& a) { return a.reason; });
}

void AddWeights(const ViewData& data, Writer* out) {
  using Weight = ViewData::Weight;
  out->AddColumn("value", data.weights, [](const Weight& w) { return w.value; });
  out->AddColumn("elements", data.weights, [](const Weight& w) { return OrNull(w.elements); });
  out->AddColumn("bytes", data.weights, [](const Weight& w) { return OrNull(w.bytes); });
}

void AddQuantity(const Quantity& quantity, Writer* out) {
  out->Add("nodes", quantity.nodes);
  out->Add("parameters", OrNull(quantity.parameters));
  out->Add("bytes", OrNull(quantity.bytes));
}

Json MetricOf(const ViewData::Metric& metric) {
  Json of_nodes = Json::array();
  for (const absl::optional<double>& value : metric.of_nodes) of_nodes.push_back(OrNull(value));
  return {
      {"key", metric.key}, {"title", metric.title}, {"unit", metric.unit}, {"of_nodes", of_nodes}};
}

}  // namespace

std::string ToJson(const ViewData& data) {
  Writer out;
  out.Add("v", kViewVersion);
  out.Add("model", data.model);
  out.Add("source", data.source);
  out.Add("notes", data.notes);
  out.AddColumn("evidence", kEvidenceKinds,
                [](const EvidenceFacts& kind) { return std::string(kind.word); });
  out.AddObject("modules", [&] { AddModules(data, &out); });
  out.AddObject("unattributed", [&] { AddQuantity(data.unattributed, &out); });
  out.AddObject("all", [&] { AddQuantity(data.all, &out); });
  out.AddObject("calls", [&] {
    out.AddColumn("module", data.calls, [](const ViewData::Call& call) { return call.module; });
    out.AddColumn("parent", data.calls, [](const ViewData::Call& call) { return call.parent; });
  });
  out.AddObject("graphs", [&] { AddGraphs(data, &out); });
  out.Add("operators", data.operators);
  out.AddObject("nodes", [&] { AddNodes(data, &out); });
  out.AddObject("also", [&] { AddAlso(data, &out); });
  out.Add("types", data.types);
  out.AddObject("values", [&] {
    out.AddColumn("name", data.values, [](const ViewData::Value& value) { return value.name; });
    out.AddColumn("type", data.values, [](const ViewData::Value& value) { return value.type; });
  });
  out.AddObject("weights", [&] { AddWeights(data, &out); });
  out.AddColumn("metrics", data.metrics, MetricOf);
  out.AddColumn("marks", data.marks, [](const ViewData::Marks& marks) {
    return Json{{"key", marks.key},
                {"title", marks.title},
                {"words", marks.words},
                {"of_nodes", marks.of_nodes}};
  });
  return std::move(out).Finish();
}

}  // namespace modelexport
