#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/reports.h"
#include "modelexport/render/share.h"

namespace modelexport {
namespace {

// Longer lists are cut in the summary; the report has all of them.
constexpr size_t kMaxShown = 5;

using Counts = std::vector<std::pair<std::string, size_t>>;

std::string Join(const Counts& counts, size_t most) {
  if (counts.empty()) return "nothing";
  std::vector<std::string> parts;
  for (size_t i = 0; i < counts.size() && i < most; ++i) {
    parts.push_back(absl::StrCat(counts[i].first, " ", counts[i].second));
  }
  if (counts.size() > most) parts.push_back(absl::StrCat(counts.size() - most, " more"));
  return absl::StrJoin(parts, ", ");
}

Counts ByEvidence(const Report& report) {
  Counts counts;
  for (int i = 0; i < kNumEvidenceKinds; ++i) {
    if (report.by_evidence[i] == 0) continue;
    counts.emplace_back(NameOf(static_cast<EvidenceKind>(i)), report.by_evidence[i]);
  }
  return counts;
}

std::string Nodes(const Report& report) {
  std::string text = absl::StrCat(report.nodes, ", tagged ", report.tagged, ", coverage ",
                                  ShownShare(report.coverage()), ", expected exact ",
                                  ShownShare(report.expected_exact()));
  if (report.of_several > 0) {
    absl::StrAppend(&text, ", ", report.of_several, " that do the work of several modules");
  }
  if (report.in_uncalled_functions > 0) {
    absl::StrAppend(&text, ", ", report.in_uncalled_functions, " in functions never called");
  }
  return text;
}

std::string Modules(const Report& report) {
  const size_t with_nodes = report.nodes_by_module.size();
  if (!report.calls_known) {
    return absl::StrCat(report.modules, report.modules == 1 ? " module" : " modules",
                        ", calls unknown, ", with_nodes, " with nodes");
  }
  return absl::StrCat(report.called_modules, " of ", report.modules, " called, ", with_nodes,
                      " with nodes, ", report.called_without_nodes.size(), " called without");
}

std::string Root(const Report& report) {
  std::string text = absl::StrCat(report.named_root + report.unexplained, " nodes");
  if (report.named_root > 0) {
    absl::StrAppend(&text, ", ", report.named_root, " that are its own");
  }
  if (report.unexplained > 0) {
    absl::StrAppend(&text, ", ", report.unexplained, " that nothing speaks for (",
                    Join(report.unexplained_operators, kMaxShown), ")");
  }
  return text;
}

std::string Offers(const Report& report) {
  std::vector<std::string> parts;
  for (const Report::Offer& offer : report.offers) {
    if (offer.offered == 0) continue;
    parts.push_back(absl::StrCat(offer.kind, " ", offer.resolved, " of ", offer.offered));
  }
  return parts.empty() ? "nothing" : absl::StrJoin(parts, ", ");
}

// What the strategy chose among, and why it did without the rest.
std::string Choice(const Report& report) {
  if (report.uses.empty()) return "";
  std::vector<std::string> used, unused;
  for (const Report::Use& use : report.uses) {
    if (use.nodes > 0) {
      used.push_back(absl::StrCat(use.kind, " ", use.nodes));
    } else {
      unused.push_back(absl::StrCat(use.kind, " (", use.why_not, ")"));
    }
  }
  std::string text = used.empty() ? "nothing" : absl::StrJoin(used, ", ");
  if (!unused.empty()) absl::StrAppend(&text, "; not ", absl::StrJoin(unused, ", "));
  absl::StrAppend(&text, "; sidecar: ", report.calls, " calls, ", report.ops, " ops");
  if (!report.ops_source.empty()) absl::StrAppend(&text, " (", report.ops_source, ")");
  return Line("used", text);
}

std::string Bytes(const Report& report) {
  if (report.bytes_out == 0) return "";
  return Line("bytes", absl::StrCat(report.bytes_out, ", ", report.bytes_out - report.bytes_new,
                                    " copied from the input, ", report.bytes_new, " new"));
}

std::string Render(const Report& report, size_t most) {
  return absl::StrCat(
      Line("nodes", Nodes(report)), Line("evidence", Join(ByEvidence(report), kNumEvidenceKinds)),
      Line("modules", Modules(report)), Line("root", Root(report)),
      Line("strategy", absl::StrCat(report.strategy, "; resolved: ", Offers(report))),
      Choice(report), Lines("notes", report.notes, most), Lines("warnings", report.warnings, most),
      ValidationLine(report.validation, report.findings), Lines("", report.findings, most),
      Bytes(report), TimeLine(report.stages));
}

}  // namespace

std::string RenderSummary(const Report& report) { return Render(report, kMaxShown); }

std::string RenderText(const Report& report) {
  std::string text = absl::StrCat(Line("model", report.model), Line("hierarchy", report.hierarchy),
                                  Line("output", report.output),
                                  Render(report, static_cast<size_t>(-1)), "\nnodes by module\n");
  for (const auto& module : report.nodes_by_module) {
    absl::StrAppendFormat(&text, "%7d  %s\n", module.second,
                          module.first.empty() ? "(root)" : Printable(module.first));
  }
  if (report.called_without_nodes.empty()) return text;
  absl::StrAppend(&text, report.calls_known ? "\ncalled" : "\nmodules", " without nodes\n");
  for (const std::string& path : report.called_without_nodes) {
    absl::StrAppend(&text, "         ", path.empty() ? "(root)" : Printable(path), "\n");
  }
  return text;
}

}  // namespace modelexport
