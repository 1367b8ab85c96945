#include "modelexport/commands/node_times.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/temp_dir.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// The metric for a model of two nodes and a profile, then the notes; or the error.
std::string TimesFor(const std::string& profile) {
  const testing::TextGraph graph("main (x) => (y) { [a] h = Relu (x)  [b] y = Neg (h) }");
  const Hierarchy hierarchy = testing::HierarchyOf("\"\" my.Net");
  Owner root;
  root.module = Hierarchy::root();
  const std::vector<Owner> owners(2, root);
  testing::TempDir dir;
  dir.Write("events.json", profile);
  std::vector<std::string> notes;
  const auto metric = NodeTimes({graph.view(), hierarchy, owners},
                                absl::StrCat(dir.path(), "/events.json"), {}, &notes);
  std::string text = metric.ok() ? absl::StrCat(metric->key, " ", metric->title, " ", metric->unit)
                                 : std::string(metric.status().message());
  if (metric.ok()) {
    for (const auto& value : metric->of_nodes) {
      absl::StrAppend(&text, " ", value.has_value() ? absl::StrCat(*value) : "?");
    }
  }
  for (const std::string& note : notes) absl::StrAppend(&text, "\n", note);
  return absl::StrReplaceAll(text, {{dir.path() + "/", ""}});
}

std::string Event(const std::string& category, const std::string& name, int begin, int duration,
                  const std::string& operator_name) {
  return absl::StrCat("{\"cat\": \"", category, "\", \"name\": \"", name,
                      "\", \"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"dur\": ", duration,
                      ", \"ts\": ", begin, ", \"args\": {\"op_name\": \"", operator_name, "\"}}");
}

// Two runs of ONNX Runtime, of which the first is left out. Node a takes 7 us, the other kernel
// too.
std::string OrtProfile(const std::string& name, const std::string& operator_name) {
  std::string events;
  for (const int begin : {100, 200}) {
    absl::StrAppend(&events, events.empty() ? "" : ",",
                    Event("Node", "a_kernel_time", begin + 1, 7, "Relu"), ",",
                    Event("Node", name + "_kernel_time", begin + 20, 7, operator_name), ",",
                    Event("Session", "model_run", begin, 90, ""));
  }
  return absl::StrCat("[", events, "]");
}

TEST(NodeTimes, OfARun) { EXPECT_EQ(TimesFor(OrtProfile("b", "Neg")), "time_us time us 7 7"); }

TEST(NodeTimes, ANodeThatDidNotRun) {
  EXPECT_EQ(TimesFor(OrtProfile("a", "Relu")), "time_us time us 14 0");
}

TEST(NodeTimes, WhatIsOfNoNodeMakesOthersUnknown) {
  EXPECT_EQ(TimesFor(OrtProfile("c", "Conv")),
            "time_us time us 7 ?\n"
            "50.0% of time in events.json is of kernels that are no single node of the file");
}

TEST(NodeTimes, AnotherModel) {
  EXPECT_EQ(TimesFor(OrtProfile("b", "Conv")),
            "is not the graph that ran: node \"b\" is another operator than in events.json, Conv; "
            "of an optimised model it is the file that ONNX Runtime saved when it ran");
}

TEST(NodeTimes, NumbersThatAreNotGivenAreUnknown) {
  EXPECT_EQ(TimesFor(R"({"nodes": {"b": {"error": 0.25}}})"), "error error  ? 0.25");
}

}  // namespace
}  // namespace modelexport
