#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

void Count(EvidenceKind kind, size_t nodes, Report* report) {
  report->by_evidence[static_cast<int>(kind)] = nodes;
}

Report Example() {
  Report report;
  report.model = "in.onnx";
  report.hierarchy = "model.json";
  report.output = "out.onnx";
  report.bytes_in = 1000;
  report.bytes_out = 1234;
  report.bytes_new = 240;
  report.strategy = "auto";
  report.presets = {"modelexport"};
  report.nodes = 20;
  report.tagged = 19;
  report.in_uncalled_functions = 1;
  report.of_several = 2;
  report.sum_of_confidence = 14.25;
  report.doubtful = 2;
  report.training_graphs = 1;
  Count(EvidenceKind::kScopeMetadata, 12, &report);
  Count(EvidenceKind::kValueName, 4, &report);
  Count(EvidenceKind::kNone, 3, &report);
  report.named_root = 2;
  report.unexplained = 3;
  report.unexplained_operators = {{"Identity", 2}, {"Cast", 1}};
  report.modules = 5;
  report.called_modules = 4;
  report.nodes_by_module = {{"", 5}, {"enc", 14}};
  report.called_without_nodes = {"dropout", "enc.drop"};
  report.offers = {{"scope_metadata", 12, 11}, {"node_name", 0, 0}, {"parameter names", 8, 8}};
  report.uses = {{"scope_metadata", 12, ""}, {"trace", 0, "the sidecar has no ops"}};
  report.calls = 9;
  report.notes = {"node_name: a note"};
  report.warnings = {"first warning", "second warning"};
  report.validation = "standard";
  report.findings = {"T001 #3: a finding"};
  report.stages = {{"index", 0.0125}, {"write", 0.25}};
  return report;
}

TEST(Report, Summary) {
  EXPECT_EQ(
      RenderSummary(Example()),
      R"(nodes       20, tagged 19, coverage 70.0 %, expected exact 75.0 %, 2 that do the work of several modules, 1 in functions never called
evidence    scope_metadata 12, value_name 4, none 3
modules     4 of 5 called, 2 with nodes, 2 called without
root        5 nodes, 2 that are its own, 3 that nothing speaks for (Identity 2, Cast 1)
strategy    auto; resolved: scope_metadata 11 of 12, parameter names 8 of 8
used        scope_metadata 12; not trace (the sidecar has no ops); sidecar: 9 calls, 0 ops
notes       node_name: a note
warnings    first warning
            second warning
validation  standard, 1 finding
            T001 #3: a finding
bytes       1234, 994 copied from the input, 240 new
time        262.5 ms: index 12.5, write 250.0
)");
}

TEST(Report, Text) {
  const Report report = Example();
  EXPECT_EQ(RenderText(report), absl::StrCat(R"(model       in.onnx
hierarchy   model.json
output      out.onnx
)",
                                             RenderSummary(report), R"(
nodes by module
      5  (root)
     14  enc

called without nodes
         dropout
         enc.drop
)"));
}

TEST(Report, Json) {
  EXPECT_EQ(RenderJson(Example()), R"({
  "model": "in.onnx",
  "hierarchy": "model.json",
  "output": "out.onnx",
  "bytes_in": 1000,
  "bytes_out": 1234,
  "bytes_copied": 994,
  "bytes_new": 240,
  "strategy": "auto",
  "presets": [
    "modelexport"
  ],
  "nodes": 20,
  "tagged": 19,
  "coverage": 0.7,
  "expected_exact": 0.75,
  "doubtful": 2,
  "evidence": {
    "scope_metadata": 12,
    "value_name": 4,
    "none": 3
  },
  "of_several_modules": 2,
  "in_uncalled_functions": 1,
  "training_graphs": 1,
  "root": {
    "named": 2,
    "unexplained": 3,
    "unexplained_operators": {
      "Identity": 2,
      "Cast": 1
    }
  },
  "modules": {
    "all": 5,
    "called": 4,
    "nodes": {
      "": 5,
      "enc": 14
    },
    "called_without_nodes": [
      "dropout",
      "enc.drop"
    ]
  },
  "offers": {
    "scope_metadata": {
      "offered": 12,
      "resolved": 11
    },
    "node_name": {
      "offered": 0,
      "resolved": 0
    },
    "parameter names": {
      "offered": 8,
      "resolved": 8
    }
  },
  "used": {
    "scope_metadata": 12
  },
  "unused": {
    "trace": "the sidecar has no ops"
  },
  "sidecar": {
    "calls": 9,
    "ops": 0,
    "ops_source": ""
  },
  "notes": [
    "node_name: a note"
  ],
  "warnings": [
    "first warning",
    "second warning"
  ],
  "validation": "standard",
  "findings": [
    "T001 #3: a finding"
  ],
  "seconds": {
    "index": 0.0125,
    "write": 0.25
  }
}
)");
}

// A run that failed before it found anything.
TEST(Report, Empty) {
  EXPECT_EQ(RenderSummary(Report()),
            R"(nodes       0, tagged 0, coverage 100.0 %, expected exact 100.0 %
evidence    nothing
modules     0 of 0 called, 0 with nodes, 0 called without
root        0 nodes
strategy    ; resolved: nothing
)");
}

// Lists have members also where nothing is in them, and names need not be UTF-8.
TEST(Report, JsonOfAlmostNothing) {
  Report report;
  report.model = "\xff.onnx";
  report.unexplained_operators = {{"\xc3(", 1}};
  EXPECT_EQ(RenderJson(report), R"({
  "model": ")"
                                "\uFFFD"
                                R"(.onnx",
  "hierarchy": "",
  "output": "",
  "bytes_in": 0,
  "bytes_out": 0,
  "bytes_copied": 0,
  "bytes_new": 0,
  "strategy": "",
  "presets": [],
  "nodes": 0,
  "tagged": 0,
  "coverage": 1.0,
  "expected_exact": 1.0,
  "doubtful": 0,
  "evidence": {},
  "of_several_modules": 0,
  "in_uncalled_functions": 0,
  "training_graphs": 0,
  "root": {
    "named": 0,
    "unexplained": 0,
    "unexplained_operators": {
      ")"
                                "\uFFFD"
                                R"((": 1
    }
  },
  "modules": {
    "all": 0,
    "called": 0,
    "nodes": {},
    "called_without_nodes": []
  },
  "offers": {},
  "used": {},
  "unused": {},
  "sidecar": {
    "calls": 0,
    "ops": 0,
    "ops_source": ""
  },
  "notes": [],
  "warnings": [],
  "validation": "",
  "findings": []
}
)");
}

std::string Lines(const std::string& text, absl::string_view label) {
  const size_t begin = text.find(std::string(label));
  return begin == text.npos ? "" : text.substr(begin, text.find("\nbytes") + 1 - begin);
}

TEST(Report, LongListsAreCutInTheSummaryAlone) {
  Report report = Example();
  report.findings.clear();
  report.validation.clear();
  report.warnings.clear();
  report.unexplained_operators.clear();
  for (int i = 0; i < 8; ++i) {
    report.warnings.push_back(absl::StrCat("warning ", i));
    report.unexplained_operators.emplace_back(absl::StrCat("Op", i), 9 - i);
  }
  EXPECT_EQ(Lines(RenderSummary(report), "warnings"), R"(warnings    warning 0
            warning 1
            warning 2
            warning 3
            warning 4
            and 3 more
)");
  EXPECT_EQ(Lines(RenderText(report), "warnings"), R"(warnings    warning 0
            warning 1
            warning 2
            warning 3
            warning 4
            warning 5
            warning 6
            warning 7
)");
  EXPECT_NE(RenderSummary(report).find("(Op0 9, Op1 8, Op2 7, Op3 6, Op4 5, 3 more)"),
            std::string::npos);
}

TEST(Report, Validation) {
  const auto validation = [](absl::string_view level) {
    Report report = Example();
    report.warnings.clear();
    report.findings.clear();
    report.validation = std::string(level);
    return Lines(RenderSummary(report), "validation");
  };
  EXPECT_EQ(validation("full"), "validation  full, no findings\n");
  EXPECT_EQ(validation("off"), "validation  off\n");
  EXPECT_EQ(validation(""), "");
}

// All of 20,000 but one must not read as all.
TEST(Report, CallsUnknown) {
  Report report = Example();
  report.calls_known = false;
  EXPECT_THAT(RenderSummary(report),
              HasSubstr("\nmodules     5 modules, calls unknown, 2 with nodes\n"));
  EXPECT_THAT(RenderText(report), HasSubstr("\nmodules without nodes\n         dropout\n"));
  EXPECT_THAT(RenderJson(report), HasSubstr("\"all\": 5,\n    \"called\": null,\n"));
}

TEST(Report, NoBytesWithoutOutput) {
  Report report = Example();
  report.bytes_out = report.bytes_new = 0;
  EXPECT_THAT(RenderSummary(report), Not(HasSubstr("bytes ")));
  EXPECT_THAT(RenderJson(report), HasSubstr("\"bytes_copied\": 0,\n  \"bytes_new\": 0,"));
}

TEST(Report, CoverageIsNeverRoundedUp) {
  Report report;
  report.nodes = report.tagged = 20000;
  Count(EvidenceKind::kNodeName, 19999, &report);
  Count(EvidenceKind::kNone, 1, &report);
  report.sum_of_confidence = 19999.9;
  EXPECT_THAT(RenderSummary(report), HasSubstr("coverage 99.9 %, expected exact 99.9 %\n"));
}

TEST(Report, CoverageCountsNodesThatAreNotTagged) {
  Report report;
  report.nodes = 4;
  report.tagged = 2;
  Count(EvidenceKind::kNodeName, 1, &report);
  Count(EvidenceKind::kNone, 1, &report);
  EXPECT_EQ(report.coverage(), 0.25);
}

TEST(Report, CoverageCountsNoDoubtfulNode) {
  Report report;
  report.nodes = report.tagged = 4;
  Count(EvidenceKind::kDataflow, 4, &report);
  report.doubtful = 3;
  report.sum_of_confidence = 2;
  EXPECT_EQ(report.coverage(), 0.25);
  EXPECT_EQ(report.expected_exact(), 0.5);
}

}  // namespace
}  // namespace modelexport
