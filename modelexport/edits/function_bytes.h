// Functions and calls of functions, as they are encoded.
#ifndef MODELEXPORT_EDITS_FUNCTION_BYTES_H_
#define MODELEXPORT_EDITS_FUNCTION_BYTES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/edits/outline_tags.h"
#include "modelexport/modules/outline_plan.h"
#include "modelexport/modules/owned_graph.h"
#include "modelexport/onnx/declarations.h"

namespace modelexport {

// A node that is made, but for its attributes.
struct NewNode {
  std::string name, op_type, domain;
  std::vector<std::string> inputs, outputs;
  std::string metadata;  // As fields of a NodeProto.
};

// The content of a NodeProto.
std::string EncodeNode(const NewNode& node);

// An operator set that a function imports.
using ImportedOpset = std::pair<std::string, int64_t>;

// Names within functions say nothing of the modules that they are from: nodes have their operator
// and position, values a number, so that a tool that puts the body back in place makes no names
// that are another module's. Of nodes their names, metadata and texts for people are left out; all
// else is copied.
class FunctionEncoder {
 public:
  // All must outlive the object.
  FunctionEncoder(const OwnedGraph& owned, const Declarations& declared, const OutlinePlan& plan,
                  const OutlineTags& tags)
      : owned_(owned), declared_(declared), plan_(plan), tags_(tags) {}

  // The contents of a FunctionProto for each function of the plan. Errors are those of reading.
  absl::StatusOr<std::vector<std::string>> Run() const;

 private:
  class Body;

  std::vector<std::vector<ImportedOpset>> FindImports() const;

  const OwnedGraph& owned_;
  const Declarations& declared_;
  const OutlinePlan& plan_;
  const OutlineTags& tags_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_FUNCTION_BYTES_H_
