// From edits of single messages to the splices of a whole file: the lengths of all messages
// around an edit change with it.
#ifndef MODELEXPORT_ONNX_SPLICE_PLAN_H_
#define MODELEXPORT_ONNX_SPLICE_PLAN_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/output_file.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/proto/encode.h"

namespace modelexport {

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

// The splices that carry out a set of edits. Immutable.
class SplicePlan {
 public:
  // Edits may come in any order; they must not overlap, and of several insertions at one offset
  // the first given comes first. They must outlive the plan; `index` is not used after the call.
  SplicePlan(const ModelIndex& index, absl::Span<const Edit> edits);
  SplicePlan(const SplicePlan&) = delete;
  SplicePlan& operator=(const SplicePlan&) = delete;

  // In file order. They must not outlive the plan.
  std::vector<Splice> splices() const;

  uint64_t output_size() const { return output_size_; }

  // Those of output_size() that the source did not have, length prefixes among them.
  uint64_t new_bytes() const { return new_bytes_; }

  // Whether each length prefix that the plan rewrites had its minimal form: only then does undoing
  // the edits give back the same bytes.
  bool lengths_were_minimal() const { return lengths_were_minimal_; }

  // Writes the edited file: ranges of `source`, which the plan was made for, and new bytes.
  absl::Status Write(const ByteSource& source, OutputFile& out) const;

 private:
  // A length prefix that changes. There may be as many as nodes.
  struct Length {
    uint64_t begin;
    uint8_t old_size, new_size;
    char bytes[kMaxVarintSize];
  };

  int64_t ResizeMessages(const ModelIndex& index);
  int64_t Resize(const Framed& message, int64_t content_growth);
  absl::Status Visit(absl::FunctionRef<absl::Status(const Splice&)> visitor) const;

  absl::Span<const Edit> edits_;  // In file order.
  std::vector<Edit> sorted_;      // What they refer to if they came in another.
  std::vector<Length> lengths_;   // In file order.
  uint64_t output_size_ = 0;
  uint64_t new_bytes_ = 0;
  bool lengths_were_minimal_ = true;
};

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_SPLICE_PLAN_H_
