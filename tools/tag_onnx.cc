// The main job alone: tag_onnx IN.onnx HIERARCHY.json OUT.onnx [flags]
#include <iostream>

#include "modelexport/base/version.h"
#include "modelexport/commands/tag.h"
#include "tools/runner.h"

int main(int argc, char** argv) {
  const modelexport::Arguments arguments(argv + 1, argv + argc);
  if (arguments == modelexport::Arguments{"--version"}) {
    std::cout << "tag_onnx " << modelexport::kVersion << "\n";
    return modelexport::tools::EndOutput("tag_onnx", 0);
  }
  return modelexport::tools::RunOnConsole(modelexport::TagCommand, "tag_onnx", arguments);
}
