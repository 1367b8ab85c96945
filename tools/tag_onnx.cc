// The main job alone: tag_onnx IN.onnx HIERARCHY.json OUT.onnx [flags]
#include "modelexport/commands/tag.h"
#include "tools/runner.h"

int main(int argc, char** argv) {
  return modelexport::tools::RunOnConsole(modelexport::TagCommand, "tag_onnx",
                                          {argv + 1, argv + argc});
}
