#include "modelexport/render/chrome_trace.h"

#include <cmath>

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

// Whole numbers without a point.
Json Microseconds(double time) {
  return time == std::floor(time) && std::abs(time) < 1e15 ? Json(static_cast<int64_t>(time))
                                                           : Json(time);
}

std::string CompleteEvent(const Trace& trace, const Trace::Stage& stage) {
  return Dump({{"name", stage.name},
               {"cat", stage.category},
               {"ph", "X"},
               {"ts", Microseconds(stage.begin)},
               {"dur", Microseconds(stage.duration)},
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
