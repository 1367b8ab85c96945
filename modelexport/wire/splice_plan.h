// From edits of single messages to the splices of a whole file: the lengths of all messages
// around an edit change with it.
#ifndef MODELEXPORT_WIRE_SPLICE_PLAN_H_
#define MODELEXPORT_WIRE_SPLICE_PLAN_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/wire/byte_source.h"
#include "modelexport/wire/model_index.h"
#include "modelexport/wire/output_file.h"

namespace modelexport::wire {

// Replaces the bytes of `erase` by `bytes`, which must outlive what is made of it.
struct Splice {
  Range erase;
  absl::string_view bytes;
};

// A splice inside the message of one node, or of the model itself, but of nothing between them.
struct Edit {
  NodeId node;  // Invalid: directly in the ModelProto.
  Splice splice;
};

// The splices that carry out a set of edits, in file order. Immutable.
class SplicePlan {
 public:
  // Edits may come in any order; they must not overlap, and of several insertions at one offset
  // the first given comes first. `index` is not used after the call.
  SplicePlan(const ModelIndex& index, absl::Span<const Edit> edits);

  absl::Span<const Splice> splices() const { return splices_; }
  uint64_t output_size() const { return output_size_; }

  // Whether each length prefix that the plan rewrites had its minimal form: only then does undoing
  // the edits give back the same bytes.
  bool lengths_were_minimal() const { return lengths_were_minimal_; }

  // Writes the edited file: ranges of `source`, which the plan was made for, and new bytes.
  absl::Status Write(const ByteSource& source, OutputFile& out) const;

 private:
  int64_t ResizeMessages(const ModelIndex& index, absl::Span<const Edit> edits);
  void MergeIn(absl::Span<const Edit> edits);
  int64_t Resize(const Framed& message, int64_t content_growth);

  std::vector<Splice> splices_;
  std::unique_ptr<char[]> lengths_;  // The new length prefixes.
  char* next_length_ = nullptr;
  uint64_t output_size_ = 0;
  bool lengths_were_minimal_ = true;
};

}  // namespace modelexport::wire

#endif  // MODELEXPORT_WIRE_SPLICE_PLAN_H_
