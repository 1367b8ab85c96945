// The main job alone: tag_onnx IN.onnx HIERARCHY.json OUT.onnx [flags]
#include "tools/commands.h"

int main(int argc, char** argv) {
  return modelexport::tools::TagCommand("tag_onnx", {argv + 1, argv + argc});
}
