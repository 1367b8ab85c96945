#include "modelexport/render/chrome_trace.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"

namespace modelexport {
namespace {

using Json = nlohmann::ordered_json;

// Paths need not be UTF-8; JSON must be.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string ProcessName(const Trace& trace) {
  return Dump({{"name", "process_name"},
               {"ph", "M"},
               {"pid", trace.process},
               {"tid", trace.thread},
               {"args", {{"name", trace.program}}}});
}

std::string CompleteEvent(const Trace& trace, const Trace::Stage& stage) {
  return Dump({{"name", stage.name},
               {"cat", "stage"},
               {"ph", "X"},
               {"ts", stage.begin},
               {"dur", stage.duration},
               {"pid", trace.process},
               {"tid", trace.thread}});
}

}  // namespace

std::string RenderTrace(const Trace& trace) {
  std::vector<std::string> events = {ProcessName(trace)};
  for (const Trace::Stage& stage : trace.stages) events.push_back(CompleteEvent(trace, stage));
  Json about = Json::object();
  for (const auto& [name, value] : trace.about) about[name] = value;
  return absl::StrCat("{\"traceEvents\": [\n", absl::StrJoin(events, ",\n"),
                      "\n], \"displayTimeUnit\": \"ms\", \"otherData\": ", Dump(about), "}\n");
}

}  // namespace modelexport
