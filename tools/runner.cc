#include "tools/runner.h"

#include <malloc.h>

#include <iostream>
#include <new>

#include "absl/types/optional.h"
#include "modelexport/validation/onnx_checker.h"
#include "modelexport/validation/onnx_types.h"
#include "tools/interruption.h"
#include "tools/progress_line.h"
#include "tools/terminal.h"

namespace modelexport::tools {
namespace {

// As of Fault::kOutput and Fault::kInput.
constexpr int kOutputLost = 4;
constexpr int kInputTooLarge = 3;

// Each stage frees tables of megabytes and makes others, of other sizes: the holes that the first
// leave are of little use to the second. Blocks from this size on go back to the system at once.
void PreferMappedBlocks() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

// What was being written has been removed when the exception gets here.
int RunWithinMemory(int (*command)(const Console&, const Arguments&), const Console& console,
                    const Arguments& arguments) {
  try {
    return command(console, arguments);
  } catch (const std::bad_alloc&) {
    *console.err << console.program << ": the inputs need more memory than there is\n";
    return kInputTooLarge;
  }
}

}  // namespace

int RunOnConsole(int (*command)(const Console&, const Arguments&), const std::string& program,
                 const Arguments& arguments, absl::string_view view_page) {
  std::ios::sync_with_stdio(false);  // Nobody uses stdio: short pieces then gather in a buffer.
  absl::optional<ProgressLine> line;
  Console console;
  console.program = program;
  console.out = &std::cout;
  console.err = &std::cerr;
  console.width = WidthOfOutput();
  console.colours = OutputShowsColours();
  console.checker = CheckWithOnnx;
  console.inference = OnnxTypes;
  console.view_page = view_page;
  console.cancel_on_signals = CancelOnSignals;
  console.show_stage = [&line](absl::string_view stage) {
    if (stage.empty()) return line.reset();
    if (!line.has_value()) line.emplace();
    line->Begin(stage);
  };
  FailOnTooLargeFiles();
  PreferMappedBlocks();
  const int exit_code = RunWithinMemory(command, console, arguments);
  EndBySignal();
  return EndOutput(program, exit_code);
}

int EndOutput(const std::string& program, int exit_code) {
  std::cout.flush();
  if (std::cout.good()) return exit_code;
  std::cerr << program << ": standard output: could not be written whole\n";
  return exit_code == 0 ? kOutputLost : exit_code;
}

}  // namespace modelexport::tools
