#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;

ValidationReport Sample() {
  ValidationReport report;
  report.model = "out.onnx";
  report.original = "in.onnx";
  report.level = ValidationLevel::kFull;
  TagCounts& counts = report.result.counts;
  counts.nodes = 9;
  counts.tagged = 7;
  counts.uncalled = 1;
  counts.by_evidence[static_cast<int>(EvidenceKind::kNodeName)] = 4;
  counts.by_evidence[static_cast<int>(EvidenceKind::kNone)] = 2;
  counts.unknown_evidence = 1;
  Findings& findings = report.result.findings;
  findings.Add("tag.missing", "#3", "no modelexport.tag");
  findings.Add("tag.evidence", "#4", "unknown value \"\xff\"");
  return report;
}

TEST(ValidationReport, AsText) {
  EXPECT_EQ(RenderText(Sample()),
            "nodes       9, tagged 7, 1 in functions never called\n"
            "evidence    node_name 4, none 2, unknown 1\n"
            "level       full, compared with the original\n"
            "findings    1 error, 1 warning\n"
            "error tag.missing #3: no modelexport.tag\n"
            "warning tag.evidence #4: unknown value \"\xff\"\n");
}

TEST(ValidationReport, AsJson) {
  EXPECT_EQ(RenderJson(Sample()), R"({
  "model": "out.onnx",
  "hierarchy": null,
  "original": "in.onnx",
  "level": "full",
  "nodes": 9,
  "tagged": 7,
  "in_uncalled_functions": 1,
  "evidence": {
    "node_name": 4,
    "none": 2,
    "unknown": 1
  },
  "errors": 1,
  "warnings": 1,
  "counts": {
    "tag.missing": 1,
    "tag.evidence": 1
  },
  "findings": [
    {
      "code": "tag.missing",
      "severity": "error",
      "place": "#3",
      "message": "no modelexport.tag"
    },
    {
      "code": "tag.evidence",
      "severity": "warning",
      "place": "#4",
      "message": "unknown value \")"
                                  "\xEF\xBF\xBD"
                                  R"(\""
    }
  ]
}
)");
}

TEST(FindingCodes, AsHelp) {
  const FindingCode codes[] = {
      {"tag.one", Severity::kError,
       "A node has one thing that no node may have, as far as this and all earlier versions know."},
      {"tag.two", Severity::kWarning, "A node has two."}};
  EXPECT_EQ(RenderText(codes),
            R"(What validation finds, by code. Errors make a file invalid; warnings do not.

tag.one (error)
    A node has one thing that no node may have, as far as this and all earlier
    versions know.

tag.two (warning)
    A node has two.
)");
}

TEST(ValidationReport, CountsMoreThanItLists) {
  ValidationReport report;
  for (uint64_t i = 0; i < Findings::kKept + 5; ++i) {
    report.result.findings.Add("tag.missing", "#0", "no modelexport.tag");
  }
  EXPECT_THAT(RenderText(report), HasSubstr("\nfindings    25 errors, 0 warnings\n"));
  EXPECT_THAT(RenderText(report), HasSubstr("\nerror tag.missing: 5 more\n"));
  EXPECT_THAT(RenderJson(report), HasSubstr("\"tag.missing\": 25"));
}

}  // namespace
}  // namespace modelexport
