// The metadata of all nodes of a model as text, for tests that compare it whole.
#ifndef MODELEXPORT_TESTING_DUMP_TAGS_H_
#define MODELEXPORT_TESTING_DUMP_TAGS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace modelexport::testing {

// One line for each node: its place, operator and the metadata whose keys begin with `prefix`, as
// protobuf reads them. The nodes of a body follow its node, functions follow the graph; the
// metadata of the model come first, if there are any:
//
//   model modelexport.version="1"
//   #0 MatMul modelexport.module="encoder"
//   #1 If
//   /1:then_branch#0 Relu modelexport.module="encoder.act"
//   function:local:Scale:#0 Mul
//
// Bytes that are no model are a failure of the running test.
std::string DumpTags(absl::string_view bytes, absl::string_view prefix = "");

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_DUMP_TAGS_H_
