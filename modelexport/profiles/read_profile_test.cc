#include "modelexport/profiles/read_profile.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/testing/status_matchers.h"

namespace modelexport {
namespace {

std::string Event(absl::string_view category, absl::string_view name, int begin, int duration,
                  absl::string_view arguments = "") {
  return absl::StrCat(R"({"cat" : ")", category, R"(","pid" :7,"tid" :7,"dur" :)", duration,
                      R"(,"ts" :)", begin, R"(,"ph" : "X","name" :")", name, R"(","args" : {)",
                      arguments, "}}");
}

// As ONNX Runtime 1.32 writes it, with the members that are read and some of the others.
std::string Node(absl::string_view name, absl::string_view op_type, int index, int begin,
                 int duration) {
  return Event(
      "Node", absl::StrCat(name, "_kernel_time"), begin, duration,
      absl::StrCat(R"("thread_scheduling_stats" : "","output_type_shape" : [{"float":[1]}],)",
                   R"("node_index" : ")", index, R"(","op_name" : ")", op_type, R"(")"));
}

std::string RunEvent(int begin, int duration) {
  return Event("Session", "model_run", begin, duration);
}

std::string Array(const std::vector<std::string>& events) {
  return absl::StrCat("[\n", absl::StrJoin(events, ",\n"), "\n]\n");
}

// Two runs, of 10 and of 12 us in kernels.
std::vector<std::string> TwoRuns() {
  return {Event("Session", "model_loading_uri", 0, 9),
          Node("a", "Add", 0, 11, 3),
          Node("Relu_1", "Relu", 1, 14, 7),
          Event("Session", "SequentialExecutor::Execute", 11, 11),
          RunEvent(10, 13),
          Node("a", "Add", 0, 31, 4),
          Node("Relu_1", "Relu", 1, 35, 8),
          Event("Session", "SequentialExecutor::Execute", 31, 12),
          RunEvent(30, 14)};
}

std::string Text(const Profile& profile) {
  std::string text = absl::StrCat(profile.form, " ", profile.metric, "\n");
  for (const Kernel& kernel : profile.kernels) {
    absl::StrAppend(&text, kernel.name, " ", kernel.op_type, " ",
                    kernel.position.has_value() ? absl::StrCat(*kernel.position) : "-", ": ",
                    kernel.own, " in ", kernel.executions, "\n");
  }
  absl::StrAppend(&text, "kept ", profile.runs.kept, " of ", profile.runs.seen, ", outside ",
                  profile.outside.has_value() ? absl::StrCat(*profile.outside) : "?", "\n");
  for (const std::string& note : profile.notes) absl::StrAppend(&text, note, "\n");
  return text;
}

std::string Read(const std::string& text, size_t warmup = 0, const std::string& metric = "") {
  const auto source = BytesInMemory(text, "profile.json");
  const absl::StatusOr<Profile> profile = ReadProfile(*source, {warmup, metric, "", nullptr});
  if (profile.ok()) return Text(*profile);
  EXPECT_EQ(profile.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(profile.status().message());
}

constexpr char kOfTwoRuns[] = R"(onnxruntime 
a Add 0: 7 in 2
Relu_1 Relu 1: 15 in 2
kept 2 of 2, outside 5
)";

TEST(OrtEvents, AreSummedUpOverRuns) {
  EXPECT_EQ(Read(Array(TwoRuns())), kOfTwoRuns);
  EXPECT_EQ(Read(absl::StrCat(R"({"otherData": {"x": [1, true]}, "traceEvents": )",
                              Array(TwoRuns()), "}")),
            kOfTwoRuns);
  EXPECT_EQ(Read(Array(TwoRuns()), /*warmup=*/1), R"(onnxruntime 
a Add 0: 4 in 1
Relu_1 Relu 1: 8 in 1
kept 1 of 2, outside 2
)");
}

// Fences, kernels of devices, other categories, metadata without times.
TEST(OrtEvents, OthersAreNotCounted) {
  std::vector<std::string> events = TwoRuns();
  events.insert(events.begin() + 1, Event("Node", "a_fence_before", 10, 1));
  events.insert(events.begin() + 3, Event("Kernel", "void gemm<float>", 11, 500,
                                          R"("parent_ort_event_name" : "a_kernel_time")"));
  events.insert(events.begin(), R"({"ph" : "M", "name": "process_name", "args": {"name": "x"}})");
  events.push_back(Event("Api", "x_kernel_time", 12, 1));
  events.push_back(Event("Session", "profile_truncated", 50, 0,
                         R"("max_num_events": "1000000", "dropped_event_count": "17")"));
  EXPECT_EQ(Read(Array(events)),
            absl::StrCat(kOfTwoRuns, "ONNX Runtime's profiler was full: it left out 17 events\n"));
}

// With more than one thread it is an object.
TEST(OrtEvents, SchedulingStatisticsMayBeAnObject) {
  std::string text = Array(TwoRuns());
  const std::string stats = R"("thread_scheduling_stats" : "")";
  for (size_t at; (at = text.find(stats)) != std::string::npos;) {
    text.replace(at, stats.size(),
                 R"("thread_scheduling_stats" : {"main_thread": {"thread_pool_name": "s"}})");
  }
  EXPECT_EQ(Read(text), kOfTwoRuns);
}

TEST(OrtEvents, WhatATruncatedFileHasIsRead) {
  const std::string text = Array(TwoRuns());
  const std::string first_run = R"(onnxruntime 
a Add 0: 3 in 1
Relu_1 Relu 1: 7 in 1
kept 1 of 1, outside 3
)";
  const std::string note = "the file ends in the middle: what is before that was read\n";
  EXPECT_EQ(Read(text.substr(0, text.find("\"ts\" :31,"))), first_run + note);
  EXPECT_EQ(Read(text.substr(0, text.find("\"ts\" :35,"))),
            first_run + "1 kernels of runs that are not complete are left out\n" + note);
  EXPECT_EQ(Read(text.substr(0, text.find("\"ts\" :14,"))), absl::StrCat(R"(onnxruntime 
a Add 0: 3 in 1
kept 1 of 1, outside ?
it says of no run when it ended: all kernels count as one run
)",
                                                                         note));
}

TEST(OrtEvents, BadOnesAreRefused) {
  const std::string good = Node("b", "Add", 0, 11, 3);
  const auto with = [&](const std::string& old, const std::string& now) {
    std::string bad = good;
    bad.replace(bad.find(old), old.size(), now);
    return Read(Array({good, bad}));
  };
  const std::string place = "profile.json: event 1 from 0, \"b_kernel_time\": ";
  EXPECT_EQ(with("\"dur\" :3,", ""), place + "no \"dur\"");
  EXPECT_EQ(with("\"ts\" :11,", ""), place + "no \"ts\"");
  EXPECT_EQ(with("\"dur\" :3,", "\"dur\" :-3,"), place + "\"dur\" is -3");
  EXPECT_EQ(with("\"dur\" :3,", "\"dur\" :NaN,"), "profile.json: $[1].dur: not a finite number");
  EXPECT_EQ(with("\"dur\" :3,", "\"dur\" :1e999,"),
            "profile.json: $[1].dur: a number too large for float64");
  EXPECT_EQ(with("\"dur\" :3,", "\"dur\" :3,\"dur\" :4,"), "profile.json: $[1].dur: given twice");
  EXPECT_EQ(with("\"dur\" :3,", "\"dur\" :\"3\","),
            "profile.json: $[1].dur: expected a number, found a string");
  EXPECT_EQ(with("\"args\" : {", "\"args\" : x{").substr(0, 24), "profile.json: byte 304: ");
}

TEST(Numbers, OfAnybody) {
  const std::string text =
      R"({"unit": "us", "nodes": {"a": {"time": 1.5, "error": 7}, "b/\n": {"time": -2}, "c": {}}})";
  EXPECT_EQ(Read(text, 0, "time"),
            "numbers time\na  -: 1.5 in 1\nb/\n  -: -2 in 1\nkept 1 of 0, outside ?\n");
  EXPECT_EQ(Read(text, 0, "error"), "numbers error\na  -: 7 in 1\nkept 1 of 0, outside ?\n");
  EXPECT_EQ(Read(R"({"nodes": {"a": {"x": 1}}})"),
            "numbers x\na  -: 1 in 1\nkept 1 of 0, outside ?\n");
}

// The last number may be cut, so its node is left out.
TEST(Numbers, OfATruncatedFile) {
  EXPECT_EQ(Read(R"({"nodes": {"a": {"x": 15}, "b": {"x": 1)"),
            "numbers x\na  -: 15 in 1\nkept 1 of 0, outside ?\n"
            "the file ends in the middle: what is before that was read\n");
}

TEST(Numbers, BadOnesAreRefused) {
  EXPECT_EQ(Read(R"({"nodes": {"a": {"x": 1, "y": 2}}})"),
            "profile.json: has several metrics, so --metric must name one; there are x, y");
  EXPECT_EQ(Read(R"({"nodes": {"a": {"time": 1}}})", 0, "tine"),
            "profile.json: metric \"tine\": there is none of this name; did you mean time?; there "
            "are time");
  EXPECT_EQ(Read(R"({"nodes": {}})"), "profile.json: no node has a number");
  EXPECT_EQ(Read(R"({"nodes": {"a": {"x": 1}, "a": {"x": 1}}})"),
            R"(profile.json: $.nodes["a"]: the node is given twice)");
  EXPECT_EQ(Read(R"({"nodes": {"a": {"x": 1, "y": 1, "x": 1}}})"),
            R"(profile.json: $.nodes["a"]: a metric is given twice)");
  EXPECT_EQ(Read(R"({"nodes": {"a": {"x": "1"}}})"),
            R"(profile.json: $.nodes["a"]["x"]: expected a number, found a string)");
}

TEST(ReadProfile, OtherFilesAreRefused) {
  EXPECT_EQ(Read(""),
            "profile.json: is empty: the program that ran the model ended before it wrote the "
            "profile (in ONNX Runtime, before end_profiling())");
  const std::string unknown =
      "profile.json: is no profile of a known form (ONNX Runtime's profile, TensorRT's profile, "
      "winml-cli's trace of operators, QNN's CSV, OpenVINO's counters, numbers by node)";
  EXPECT_EQ(Read("[]"), unknown);
  EXPECT_EQ(Read("{}"), unknown);
  EXPECT_EQ(Read(R"([{"name": "a"}, {"cats": "Node"}])"), unknown);
  EXPECT_EQ(Read(R"({"modules": [{"nodes": {}}]})"), unknown);
  EXPECT_EQ(Read("7"), unknown + ": $: expected an object or a list, found 7");
  EXPECT_EQ(Read("[").substr(0, unknown.size() + 9), unknown + ": byte 1:");
  EXPECT_EQ(Read("hello").substr(0, unknown.size() + 9), unknown + ": byte 0:");
  EXPECT_EQ(Read(Array({RunEvent(1, 2)})), "profile.json: has no figure of any node");
}

TEST(ReadProfile, CanBeCancelled) {
  const std::atomic<bool> cancelled(true);
  const auto source = BytesInMemory(Array(TwoRuns()));
  EXPECT_THAT(ReadProfile(*source, {0, "", "", &cancelled}),
              testing::StatusIs(absl::StatusCode::kCancelled, ""));
}

}  // namespace
}  // namespace modelexport
