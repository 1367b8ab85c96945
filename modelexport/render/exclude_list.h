// Names of nodes as other tools take them (docs/commands/select.md#formats).
#ifndef MODELEXPORT_RENDER_EXCLUDE_LIST_H_
#define MODELEXPORT_RENDER_EXCLUDE_LIST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace modelexport {

// How a tool matches the names that it is given.
enum class ExcludeTarget : uint8_t {
  kOrt,        // ONNX Runtime's quantizers: exactly. A JSON array, which Python reads too.
  kModelopt,   // TensorRT Model Optimizer and
  kInc,        // Neural Compressor: as regular expressions, from the beginning. One a line.
  kOlive,      // Exactly, or as fnmatch does where there are `*`, `?` or `[`. A JSON array.
  kGenai,      // ONNX Runtime GenAI's builder: exactly, between commas. One line.
  kPlacement,  // session.name_based_layer_assignment: anywhere within names. One line.
};

struct NamesOfNodes {
  std::vector<absl::string_view> selected;
  std::vector<absl::string_view> others;  // Of the nodes that are not selected; also "".
};

// What `target` is to be given, with a line feed at the end: each name once, in order. `device` is
// that of kPlacement: "cpu", "gpu:0".
//
// An error, kFailedPrecondition, where the tool would not take just these nodes: a selected node
// has no name; another node has the name of one, or for kPlacement one that contains it; the name
// has a character that the tool cannot be given. It says how many there are and names the first.
//
// Takes time in proportion to the names.
absl::StatusOr<std::string> RenderExcludeList(ExcludeTarget target, const NamesOfNodes& names,
                                              absl::string_view device);

// `name`, or if it has control characters, quotes or a backslash at its beginning, or is not UTF-8:
// as a JSON string. So each is on one line, and none can be mistaken for another.
std::string LineOf(absl::string_view name);

}  // namespace modelexport

#endif  // MODELEXPORT_RENDER_EXCLUDE_LIST_H_
