#include "modelexport/render/reports.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::ordered_json;

// The names in `counts` differ, so members need no search, which operator[] makes among all before:
// models have many thousands of modules.
Json Counts(const std::vector<std::pair<std::string, size_t>>& counts) {
  Json json = Json::object();
  Json::object_t& members = json.get_ref<Json::object_t&>();
  for (const auto& count : counts) members.emplace_back(count.first, count.second);
  return json;
}

Json ByEvidence(const Report& report) {
  Json json = Json::object();
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    if (report.by_evidence[i] == 0) continue;
    json[std::string(NameOf(static_cast<EvidenceKind>(i)))] = report.by_evidence[i];
  }
  return json;
}

Json Offers(const Report& report) {
  Json json = Json::object();
  for (const Report::Offer& offer : report.offers) {
    json[offer.kind] = {{"offered", offer.offered}, {"resolved", offer.resolved}};
  }
  return json;
}

Json Used(const Report& report) {
  Json json = Json::object();
  for (const Report::Use& use : report.uses) {
    if (use.nodes > 0) json[use.kind] = use.nodes;
  }
  return json;
}

Json Unused(const Report& report) {
  Json json = Json::object();
  for (const Report::Use& use : report.uses) {
    if (use.nodes == 0) json[use.kind] = use.why_not;
  }
  return json;
}

Json StagesOf(const Report& report) {
  Json json = Json::object();
  for (const StageTime& stage : report.stages) json[stage.name] = stage.seconds;
  return json;
}

}  // namespace

std::string RenderJson(const Report& report) {
  Json json = {
      {"model", report.model},
      {"hierarchy", report.hierarchy},
      {"output", report.output},
      {"bytes_in", report.bytes_in},
      {"bytes_out", report.bytes_out},
      {"bytes_copied", report.bytes_out - report.bytes_new},
      {"bytes_new", report.bytes_new},
      {"strategy", report.strategy},
      {"presets", report.presets},
      {"nodes", report.nodes},
      {"tagged", report.tagged},
      {"coverage", report.coverage()},
      {"expected_exact", report.expected_exact()},
      {"doubtful", report.doubtful},
      {"evidence", ByEvidence(report)},
      {"of_several_modules", report.of_several},
      {"in_uncalled_functions", report.in_uncalled_functions},
      {"training_graphs", report.training_graphs},
      {"root",
       {{"named", report.named_root},
        {"unexplained", report.unexplained},
        {"unexplained_operators", Counts(report.unexplained_operators)}}},
      {"modules",
       {{"all", report.modules},
        {"called", report.calls_known ? Json(report.called_modules) : Json(nullptr)},
        {"nodes", Counts(report.nodes_by_module)},
        {"called_without_nodes", report.called_without_nodes}}},
      {"offers", Offers(report)},
      {"used", Used(report)},
      {"unused", Unused(report)},
      {"sidecar",
       {{"calls", report.calls}, {"ops", report.ops}, {"ops_source", report.ops_source}}},
      {"notes", report.notes},
      {"warnings", report.warnings},
      {"validation", report.validation},
      {"findings", report.findings},
  };
  if (!report.stages.empty()) json["seconds"] = StagesOf(report);
  // Names in a model need not be UTF-8; JSON must be.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace modelexport
