#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "modelexport/render/labelled.h"
#include "modelexport/render/printable.h"
#include "modelexport/render/reports.h"
#include "modelexport/render/share.h"

namespace modelexport {
namespace {

std::string Module(absl::string_view path, absl::optional<uint32_t> call) {
  const absl::string_view shown = path.empty() ? "(root)" : path;
  return call.has_value() ? absl::StrCat(shown, ", call ", *call) : std::string(shown);
}

std::string Node(const Explanation& node) {
  return absl::StrCat(node.place, " ", node.op_type,
                      node.name.empty() ? "" : absl::StrCat(" \"", node.name, "\""));
}

std::string Owner(const Explanation& node) {
  if (!node.tagged) return "none: nothing calls the function that the node is in";
  if (!node.caller.has_value()) return Module(node.owner, node.call);
  return absl::StrCat(node.owner.empty() ? "(itself)" : node.owner,
                      ", below the owner of the node that calls the function");
}

std::string Also(const Explanation& node) {
  std::string text;
  for (const Explanation::Other& other : node.also) {
    text += Line("also", absl::StrCat(Module(other.module, absl::nullopt), ": ", other.reason));
  }
  return text;
}

std::string SourceLines(const Explanation& node) {
  if (node.source_lines.empty()) return "";
  std::string text = "\nwritten in, innermost call first\n";
  for (const std::string& line : node.source_lines) {
    absl::StrAppend(&text, "  ", Printable(line), "\n");
  }
  return text;
}

std::string Candidates(const Explanation& node) {
  std::string text;
  bool won = false;
  for (const Explanation::Candidate& candidate : node.candidates) {
    absl::StrAppend(&text, candidate.won ? "* " : "  ", NameOf(candidate.kind), ": ",
                    candidate.exact ? "" : "at least ", Module(candidate.module, candidate.call),
                    "\n    ", candidate.reason, "\n");
    won |= candidate.won;
  }
  if (!won && node.tagged) {
    const absl::string_view why = node.without_candidate.empty()
                                      ? FactsOf(node.evidence).without_candidate
                                      : node.without_candidate;
    absl::StrAppend(&text, "* ", NameOf(node.evidence), ": ", why, "\n");
    for (const std::string& line : node.neighbours) absl::StrAppend(&text, "    ", line, "\n");
  }
  return text;
}

}  // namespace

std::string RenderText(const Explanation& explanation) {
  std::string text = absl::StrCat(
      Line("node", Node(explanation)), Line("makes", absl::StrJoin(explanation.outputs, ", ")),
      Line("owner", Owner(explanation)), Line("evidence", NameOf(explanation.evidence)),
      Line("confidence", ShownShare(explanation.confidence)),
      Line("strategy", explanation.strategy));
  text += Also(explanation);
  for (const std::string& note : explanation.notes) text += Line("note", note);
  for (const std::string& conflict : explanation.conflicts) text += Line("conflict", conflict);
  return absl::StrCat(text, "\ncandidates, strongest first; * won\n", Candidates(explanation),
                      SourceLines(explanation));
}

}  // namespace modelexport
