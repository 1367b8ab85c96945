#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "modelexport/view/node_names.h"
#include "modelexport/view/viewer_json.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::ordered_json;

Json Entry(const ViewData::Node& node, absl::string_view name, const Json& value) {
  return {{"kind", "node"}, {"target", node.name}, {"name", std::string(name)}, {"value", value}};
}

void AddTags(const ViewData& data, const ViewData::Node& node, Json* metadata) {
  const auto add = [&](absl::string_view name, const std::string& value) {
    Json entry = Entry(node, name, value);
    entry["type"] = "attribute";
    metadata->push_back(std::move(entry));
  };
  if (node.module != ViewData::kNone) {
    const ViewData::Module& module = data.modules[node.module];
    add("module", module.path);
    if (!module.class_name.empty()) add("class", module.class_name);
  }
  add("evidence", std::string(NameOf(node.evidence)));
}

}  // namespace

std::string ToNetron(const ViewData& data) {
  const std::vector<bool> named = HaveOwnNames(data);
  Json metadata = Json::array();
  Json metrics = Json::array();
  for (size_t n = 0; n < data.nodes.size(); ++n) {
    if (!named[n]) continue;
    AddTags(data, data.nodes[n], &metadata);
    for (const ViewData::Metric& metric : data.metrics) {
      if (!metric.of_nodes[n].has_value()) continue;
      metrics.push_back(Entry(data.nodes[n], metric.key, *metric.of_nodes[n]));
    }
  }
  const Json attachment = {
      {"signature", "netron:attachment"}, {"metadata", metadata}, {"metrics", metrics}};
  return attachment.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace modelexport
