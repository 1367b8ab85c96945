// What is written beside the tags of nodes, and how.
#ifndef MODELEXPORT_EDITS_INJECTION_OPTIONS_H_
#define MODELEXPORT_EDITS_INJECTION_OPTIONS_H_

#include "modelexport/tags/class_path.h"

namespace modelexport {

struct InjectionOptions {
  NnModules nn_modules = NnModules::kHide;  // Whether torch.nn shows in class paths.
  bool replace_foreign = false;   // Write over keys of the presets that other programs wrote.
  bool embed_hierarchy = true;    // Write the modules into the model's metadata.
  bool raise_ir_version = false;  // To 10, the first version whose nodes have metadata.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_INJECTION_OPTIONS_H_
