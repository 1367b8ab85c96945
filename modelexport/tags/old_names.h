// The names that a file had before `rename` (docs/tags.md, "Names").
#ifndef MODELEXPORT_TAGS_OLD_NAMES_H_
#define MODELEXPORT_TAGS_OLD_NAMES_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/onnx/name_edits.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/onnx/spliced_source.h"

namespace modelexport {

// Whether the model's metadata have kRenamedKey. Reads the fields of the ModelProto alone; false
// also for what is no model.
bool IsRenamed(const ByteSource& source);

// A file as it reads with its old names and without the entries that keep them. Nothing is written,
// and weights are read only where they are read from source().
class OldNames {
 public:
  // `renamed` must outlive the object. A file that keeps no names reads as it is. Errors:
  // kInvalidArgument where `renamed` is malformed, kFailedPrecondition where a value cannot have
  // its old name because another one has it, what the source cannot read, kCancelled once
  // `*cancelled` is true; null: never.
  static absl::StatusOr<std::unique_ptr<OldNames>> Read(
      const ByteSource& renamed, const std::atomic<bool>* cancelled = nullptr);

  const ByteSource& source() const { return *source_; }

  // Of `renamed`.
  const ModelIndex& index() const { return index_; }

  // How many nodes and values of `renamed` have another name in source().
  size_t nodes() const { return nodes_; }
  size_t values() const { return values_; }

  // Nodes with an entry that keeps a name that the node, or its output, has anyway, and entries for
  // outputs that there are not.
  const std::vector<NodeId>& idle() const { return idle_; }

  // Whether giving new names to source() can restore `renamed`: NameEdits::headers_were_minimal()
  // and SplicePlan::lengths_were_minimal().
  bool minimal() const { return names_.headers_were_minimal() && plan_->lengths_were_minimal(); }

 private:
  explicit OldNames(ModelIndex index) : index_(std::move(index)), names_(index_) {}

  absl::Status ReadNotes(const std::atomic<bool>* cancelled);
  absl::Status ReadNode(NodeId node, GraphId root);
  absl::Status ReadOutput(NodeId node, GraphId root, size_t output, absl::string_view old_name);
  absl::Status CheckFree() const;
  void Erase(MessageRef message, const MetadataEntry& entry);

  const ModelIndex index_;
  NameEdits names_;
  std::vector<Edit> edits_;
  std::unique_ptr<const SplicePlan> plan_;
  std::unique_ptr<const SplicedSource> source_;
  size_t nodes_ = 0, values_ = 0;
  std::vector<NodeId> idle_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_TAGS_OLD_NAMES_H_
