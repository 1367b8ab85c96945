// The metadata of all nodes of a model as text, for tests that compare it whole.
#ifndef MODELEXPORT_TESTING_DUMP_TAGS_H_
#define MODELEXPORT_TESTING_DUMP_TAGS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace modelexport::testing {

// One line for each node: its place, its operator, and the metadata whose keys begin with `prefix`,
// as protobuf reads them. The nodes of a body follow the node that holds it, and functions follow
// the main graph. The metadata of the model come first, if there are any:
//
//   model modelexport.version="1"
//   #0 MatMul modelexport.module="encoder"
//   #1 If
//   /1:then_branch#0 Relu modelexport.module="encoder.act"
//   function:local:Scale:#0 Mul
//
// If `bytes` are no model, the running test fails.
std::string DumpTags(absl::string_view bytes, absl::string_view prefix = "");

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_DUMP_TAGS_H_
