// Stages of a run as Chrome trace events, which chrome://tracing and ui.perfetto.dev show.
#ifndef MODELEXPORT_RENDER_CHROME_TRACE_H_
#define MODELEXPORT_RENDER_CHROME_TRACE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace modelexport {

struct Trace {
  struct Stage {
    std::string name;
    double begin = 0;  // Microseconds since the run began.
    double duration = 0;
    std::string category = "stage";
  };

  std::string program;
  int64_t process = 0, thread = 0;
  std::vector<Stage> stages;
  std::vector<std::pair<std::string, std::string>> about;  // What viewers show beside the events.
};

// A JSON object (docs/cli.md), an event on each line.
std::string RenderTrace(const Trace& trace);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_CHROME_TRACE_H_
