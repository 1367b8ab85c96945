// Turns edits of single messages into the splices of a whole file: the length prefixes of all
// messages around an edit change with it.
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
#include "modelexport/onnx/message_ref.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/proto/encode.h"

namespace modelexport {

// Replaces the bytes in `erase` with `bytes`, which must stay in memory as long as any plan that
// uses them. An empty `erase` is an insertion before the byte at that offset.
struct Splice {
  Range erase;
  absl::string_view bytes;
};

// A splice among the fields of one message.
//
// `splice.erase` is within ContentOf(message) and does not begin inside a field of it that is a
// message of its own (a node of a graph, a graph of an attribute): such a field is erased as a
// whole or edited by edits of its own. An insertion may be at the end of the content.
struct Edit {
  MessageRef message;
  Splice splice;
};

// The splices that carry out a set of edits. Immutable.
class SplicePlan {
 public:
  // Edits may come in any order but must not overlap: nothing may be edited in a message that is
  // erased with the field that holds it. Where several edits begin at one offset,
  // - those of the inner message come first (an insertion at the end of a node is part of the node,
  //   an insertion into its graph at the same offset follows the node);
  // - in one message, insertions come before the bytes that are erased, in the order given.
  //
  // The edits must stay in memory as long as the plan; `index` is not used after the call.
  SplicePlan(const ModelIndex& index, absl::Span<const Edit> edits);
  SplicePlan(const SplicePlan&) = delete;
  SplicePlan& operator=(const SplicePlan&) = delete;

  // In file order. Valid as long as the plan.
  std::vector<Splice> splices() const;

  uint64_t output_size() const { return output_size_; }

  // How many of output_size() bytes are not copied from the source: what the edits insert and the
  // length prefixes that change.
  uint64_t new_bytes() const { return new_bytes_; }

  // Whether each length prefix that the plan rewrites had its shortest form. Only then does undoing
  // the edits restore the source byte for byte.
  bool lengths_were_minimal() const { return lengths_were_minimal_; }

  // Appends the edited file to `out`: ranges of `source`, which must be the source of the index
  // that the plan was made for, and new bytes. Errors of either are passed on.
  absl::Status Write(const ByteSource& source, OutputFile& out) const;

 private:
  // A length prefix that changes. There may be as many as there are nodes.
  struct Length {
    uint64_t begin;
    uint8_t old_size, new_size;
    char bytes[kMaxVarintSize];
  };

  class Growth;

  int64_t ResizeMessages(const ModelIndex& index);
  void SortLengths();
  int64_t Resize(const Framed& message, int64_t content_growth);
  absl::Status Visit(absl::FunctionRef<absl::Status(const Splice&)> visitor) const;

  absl::Span<const Edit> edits_;  // In file order.
  std::vector<Edit> sorted_;      // Holds them if they came in another order.
  std::vector<Length> lengths_;   // In file order.
  uint64_t output_size_ = 0;
  uint64_t new_bytes_ = 0;
  bool lengths_were_minimal_ = true;
};

}  // namespace modelexport

#endif  // MODELEXPORT_ONNX_SPLICE_PLAN_H_
