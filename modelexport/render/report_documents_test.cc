#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/render/reports.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Report Example() {
  Report report;
  report.model = "in.onnx";
  report.hierarchy = "model.json";
  report.output = "out.onnx";
  report.bytes_in = 1000;
  report.bytes_out = 1234;
  report.bytes_new = 240;
  report.strategy = "auto";
  report.presets = {"modelexport", "winml"};
  report.nodes = report.tagged = 20;
  report.by_evidence[static_cast<int>(EvidenceKind::kNodeName)] = 17;
  report.by_evidence[static_cast<int>(EvidenceKind::kNone)] = 3;
  report.sum_of_confidence = 15;
  report.doubtful = 1;
  report.unexplained = 3;
  report.unexplained_operators = {{"Identity", 2}, {"Cast", 1}};
  report.modules = 5;
  report.called_modules = 4;
  report.nodes_by_module = {{"", 3}, {"enc", 17}};
  report.called_without_nodes = {"enc.drop"};
  report.offers = {{"node_name", 17, 17}};
  report.uses = {{"node_name", 17, ""}, {"trace", 0, "the sidecar has no ops"}};
  report.calls = 9;
  report.warnings = {"a warning"};
  report.validation = "standard";
  report.findings = {"tag.missing: a finding"};
  report.stages = {{"index", 0.0125}};
  return report;
}

TEST(ReportDocuments, Markdown) {
  EXPECT_EQ(RenderMarkdown(Example()), R"(# Modules of in.onnx

## Run

| what | value |
| --- | --- |
| model | in.onnx |
| hierarchy | model.json |
| output | out.onnx |
| strategy | auto |
| presets | modelexport, winml |
| validation | standard |
| coverage | 80.0 % |
| expected exact | 75.0 % |

## Findings

| finding |
| --- |
| tag.missing: a finding |

## Warnings

| warning |
| --- |
| a warning |

## Numbers

| what | number |
| --- | ---: |
| nodes | 20 |
| tagged | 20 |
| that do the work of several modules | 0 |
| in functions never called | 0 |
| whose owner is doubtful | 1 |
| of the root, as evidence says | 0 |
| of the root, as nothing speaks for them | 3 |
| graphs of training\_info | 0 |
| modules | 5 |
| modules called | 4 |
| modules with nodes | 2 |
| calls of the sidecar | 9 |
| operators of the sidecar | 0 |
| bytes of the input | 1000 |
| bytes of the output | 1234 |
| bytes copied | 994 |
| bytes new | 240 |

## Evidence

| evidence | nodes | share |
| --- | ---: | ---: |
| node\_name | 17 | 85.0% |
| none | 3 | 15.0% |

## What was used

| evidence | nodes | why not |
| --- | ---: | --- |
| node\_name | 17 |  |
| trace | 0 | the sidecar has no ops |

## Names of the model

| kind | in the model | in the hierarchy |
| --- | ---: | ---: |
| node\_name | 17 | 17 |

## Nodes that nothing speaks for

| operator | nodes |
| --- | ---: |
| Identity | 2 |
| Cast | 1 |

## Time

| stage | time |
| --- | ---: |
| index | 12.50 ms |

## Nodes by module

| module | nodes |
| --- | ---: |
| (root) | 3 |
| enc | 17 |

## Modules called without nodes

| module |
| --- |
| enc.drop |
)");
}

// What there is nothing of is left out; the calls that are not known are "?".
TEST(ReportDocuments, HtmlOfAlmostNothing) {
  Report report;
  report.model = "in.onnx";
  report.calls_known = false;
  const std::string html = RenderHtml(report);
  EXPECT_EQ(html.substr(html.find("<title>")),
            R"(<title>Modules of in.onnx</title>
</head>
<body>
<h1>Modules of in.onnx</h1>
<h2>Run</h2>
<table>
<thead>
<tr><th scope="col">what</th><th scope="col">value</th></tr>
</thead>
<tbody>
<tr><td>model</td><td>in.onnx</td></tr>
<tr><td>hierarchy</td><td></td></tr>
<tr><td>output</td><td></td></tr>
<tr><td>strategy</td><td></td></tr>
<tr><td>presets</td><td></td></tr>
<tr><td>coverage</td><td>100.0 %</td></tr>
<tr><td>expected exact</td><td>100.0 %</td></tr>
</tbody>
</table>
<h2>Numbers</h2>
<table>
<thead>
<tr><th scope="col">what</th><th scope="col">number</th></tr>
</thead>
<tbody>
<tr><td>nodes</td><td class="number">0</td></tr>
<tr><td>tagged</td><td class="number">0</td></tr>
<tr><td>that do the work of several modules</td><td class="number">0</td></tr>
<tr><td>in functions never called</td><td class="number">0</td></tr>
<tr><td>whose owner is doubtful</td><td class="number">0</td></tr>
<tr><td>of the root, as evidence says</td><td class="number">0</td></tr>
<tr><td>of the root, as nothing speaks for them</td><td class="number">0</td></tr>
<tr><td>graphs of training_info</td><td class="number">0</td></tr>
<tr><td>modules</td><td class="number">0</td></tr>
<tr><td>modules called</td><td class="number">?</td></tr>
<tr><td>modules with nodes</td><td class="number">0</td></tr>
<tr><td>calls of the sidecar</td><td class="number">0</td></tr>
<tr><td>operators of the sidecar</td><td class="number">0</td></tr>
<tr><td>bytes of the input</td><td class="number">0</td></tr>
<tr><td>bytes of the output</td><td class="number">0</td></tr>
<tr><td>bytes copied</td><td class="number">0</td></tr>
<tr><td>bytes new</td><td class="number">0</td></tr>
</tbody>
</table>
</body>
</html>
)");
}

// In every field that names of files, models and sidecars reach.
Report Hostile(const std::string& text) {
  Report report;
  report.model = report.hierarchy = report.output = text;
  report.unexplained_operators = {{text, 1}};
  report.nodes_by_module = {{text, 1}};
  report.called_without_nodes = {text};
  report.notes = report.warnings = report.findings = {text};
  report.uses = {{"trace", 0, text}};
  report.offers = {{text, 1, 1}};
  return report;
}

TEST(ReportDocuments, WhatNamesHoldIsText) {
  const Report report = Hostile("</td></title><script>\"'&\n\x1b\u202e\xff|`*_[x](y)");
  const std::string html = RenderHtml(report);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("\xff")));
  const std::string shown =
      "&lt;/td&gt;&lt;/title&gt;&lt;script&gt;&quot;&#39;&amp;\\n\\x1b\\u202e\uFFFD|`*_[x](y)";
  EXPECT_THAT(html, HasSubstr("<title>Modules of " + shown + "</title>"));
  EXPECT_THAT(html, HasSubstr("<td>" + shown + "</td><td class=\"number\">1</td>"));
  const std::string markdown = RenderMarkdown(report);
  const std::string escaped =
      "\\</td>\\</title>\\<script>\"'\\&\\\\n\\\\x1b\\\\u202e\uFFFD\\|\\`\\*\\_\\[x](y)";
  EXPECT_THAT(markdown, HasSubstr("# Modules of " + escaped + "\n"));
  EXPECT_THAT(markdown, HasSubstr("| " + escaped + " | 1 |\n"));
  EXPECT_THAT(markdown, Not(HasSubstr("\xff")));
}

}  // namespace
}  // namespace modelexport
