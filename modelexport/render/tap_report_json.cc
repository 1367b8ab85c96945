#include "modelexport/render/reports.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::ordered_json;

Json OrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json JsonOf(const TapReport::Output& output) {
  return {{"value", output.value},
          {"type", output.type == "?" ? Json() : Json(output.type)},
          {"node", OrNull(output.node)},
          {"op_type", OrNull(output.op_type)},
          {"result", output.node.empty() ? Json() : Json(output.result)},
          {"was_output", output.was_output},
          {"feeds", output.feeds}};
}

Json JsonOf(const TapReport::Call& call) {
  Json outputs = Json::array();
  for (const TapReport::Output& output : call.outputs) outputs.push_back(JsonOf(output));
  return {{"module", call.module},
          {"class", OrNull(call.class_name)},
          {"call", call.call.has_value() ? Json(*call.call) : Json()},
          {"outputs", outputs},
          {"why", OrNull(call.why)}};
}

}  // namespace

std::string RenderJson(const TapReport& report) {
  Json calls = Json::array();
  for (const TapReport::Call& call : report.calls) calls.push_back(JsonOf(call));
  const Json json = {{"model", report.model},         {"output", OrNull(report.output)},
                     {"hierarchy", report.hierarchy}, {"calls", calls},
                     {"added", report.added},         {"warnings", report.warnings}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace modelexport
