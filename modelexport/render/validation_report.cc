#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/reports.h"
#include "modelexport/render/wrapped.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::ordered_json;

std::string Number(uint64_t count, absl::string_view what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

std::string Nodes(const TagCounts& counts) {
  std::string text = absl::StrCat(counts.nodes, ", tagged ", counts.tagged);
  if (counts.uncalled > 0) {
    absl::StrAppend(&text, ", ", counts.uncalled, " in functions never called");
  }
  return text;
}

std::string Evidence(const TagCounts& counts) {
  std::vector<std::string> parts;
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    if (counts.by_evidence[i] == 0) continue;
    parts.push_back(absl::StrCat(NameOf(static_cast<EvidenceKind>(i)), " ", counts.by_evidence[i]));
  }
  if (counts.unknown_evidence > 0) {
    parts.push_back(absl::StrCat("unknown ", counts.unknown_evidence));
  }
  return parts.empty() ? "none" : absl::StrJoin(parts, ", ");
}

Json JsonOrNull(const std::string& path) { return path.empty() ? Json() : Json(path); }

Json EvidenceJson(const TagCounts& counts) {
  Json json = Json::object();
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    if (counts.by_evidence[i] == 0) continue;
    json[std::string(NameOf(static_cast<EvidenceKind>(i)))] = counts.by_evidence[i];
  }
  if (counts.unknown_evidence > 0) json["unknown"] = counts.unknown_evidence;
  return json;
}

Json FindingsJson(const Findings& findings) {
  Json json = Json::array();
  for (const Finding& finding : findings.kept()) {
    json.push_back({{"code", finding.code},
                    {"severity", std::string(NameOf(finding.severity))},
                    {"place", finding.place},
                    {"message", finding.message}});
  }
  return json;
}

Json CountsJson(const Findings& findings) {
  Json json = Json::object();
  for (const FindingCode& code : FindingCodes()) {
    const uint64_t count = findings.count(code.name);
    if (count > 0) json[std::string(code.name)] = count;
  }
  return json;
}

constexpr size_t kWidth = 80;
constexpr size_t kIndent = 4;

}  // namespace

std::string RenderText(absl::Span<const FindingCode> codes) {
  std::string text = Wrapped(
      "What validation finds, by code. Errors make a file invalid; warnings do not.", kWidth);
  for (const FindingCode& code : codes) {
    absl::StrAppend(&text, "\n", code.name, " (", NameOf(code.severity), ")\n",
                    Wrapped(code.meaning, kWidth, kIndent));
  }
  return text;
}

std::string RenderText(const ValidationReport& report) {
  const Findings& findings = report.result.findings;
  const TagCounts& counts = report.result.counts;
  return absl::StrCat(
      Line("nodes", Nodes(counts)), Line("evidence", Evidence(counts)),
      Line("level", absl::StrCat(NameOf(report.level),
                                 report.original.empty() ? "" : ", compared with the original")),
      Line("findings", absl::StrCat(Number(findings.errors(), "error"), ", ",
                                    Number(findings.warnings(), "warning"))),
      Printable(findings.ToText(), LineFeeds::kKept));
}

std::string RenderJson(const ValidationReport& report) {
  const Findings& findings = report.result.findings;
  const TagCounts& counts = report.result.counts;
  const Json json = {
      {"model", report.model},
      {"hierarchy", JsonOrNull(report.hierarchy)},
      {"original", JsonOrNull(report.original)},
      {"level", std::string(NameOf(report.level))},
      {"nodes", counts.nodes},
      {"tagged", counts.tagged},
      {"in_uncalled_functions", counts.uncalled},
      {"evidence", EvidenceJson(counts)},
      {"errors", findings.errors()},
      {"warnings", findings.warnings()},
      {"counts", CountsJson(findings)},
      {"findings", FindingsJson(findings)},
  };
  // Names in a model need not be UTF-8; JSON must be.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace modelexport
