// What naming nodes by their modules changes in a model.
#ifndef MODELEXPORT_EDITS_RENAME_LIST_H_
#define MODELEXPORT_EDITS_RENAME_LIST_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/name_edits.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/proto/string_table.h"
#include "modelexport/resolution/owner.h"

namespace modelexport {

struct RenameOptions {
  const Hierarchy* hierarchy = nullptr;  // Null: scopes are made from paths alone.
  // By node, with modules of `owned_by`; null: the owners are those of the nodes' tags.
  const std::vector<Owner>* owners = nullptr;
  const Hierarchy* owned_by = nullptr;
  bool values = false;  // Whether values get names too.
  const std::atomic<bool>* cancelled = nullptr;
};

// A node is called "<scope of its module>/<operator>", and so is its output with "_output_<i>"
// added, as the TorchScript exporter calls them; a name that is taken gets "_<n>". Names that say
// so already stay, and so do those of nodes without a module or with the evidence `none`, unless
// another node before them has the same; of the latter those that have no name get the root's.
// A value keeps its name if it is an input or output of any graph, an initializer, or defined
// twice. Each change is kept in an entry beside it (docs/tags.md, "Names").
//
// Immutable once made.
class RenameList {
 public:
  // One change. The texts live as long as the list and the index.
  struct Change {
    NodeId node;
    int output = -1;  // -1: the node itself.
    absl::string_view from, to;
  };

  // The keys whose values the index of a model must have loaded.
  static std::vector<std::string> KeysToLoad();

  // `graph` must not keep old names (tags/old_names.h). Errors are those of reading the source, and
  // kCancelled.
  static absl::StatusOr<RenameList> Make(const GraphView& graph, const RenameOptions& options);

  absl::Span<const Edit> edits() const { return edits_; }
  absl::Span<const Change> changes() const { return changes_; }

  size_t nodes() const { return nodes_; }  // That get another name.
  size_t values() const { return changes_.size() - nodes_; }
  size_t tagged() const { return tagged_; }  // Nodes that have an owner, or tags.

  // Whether the edits can be undone to the byte, as far as names go; the plan knows the rest.
  bool headers_were_minimal() const { return names_->headers_were_minimal(); }

  // For people and tests, a line for each change, as `#3 "linear" -> "/head/Gemm"`, and, of values,
  // `#3 output 0 "linear" -> "/head/Gemm_output_0"`.
  std::string ToText(const GraphView& graph) const;

 private:
  class Writer;

  RenameList() = default;

  std::unique_ptr<NameEdits> names_;
  std::vector<Edit> edits_;
  std::vector<Change> changes_;  // Nodes first.
  size_t nodes_ = 0;
  size_t tagged_ = 0;
  StringTable bytes_;  // Names, and what the edits insert.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EDITS_RENAME_LIST_H_
