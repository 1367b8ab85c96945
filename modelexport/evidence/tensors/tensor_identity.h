// Which tensors of the source model a value of the graph holds, by name or by content.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_TENSOR_IDENTITY_H_
#define MODELEXPORT_EVIDENCE_TENSORS_TENSOR_IDENTITY_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/evidence/match_context.h"
#include "modelexport/evidence/tensors/carried_tensors.h"
#include "modelexport/evidence/tensors/tensor_search.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/tensor_elements.h"

namespace modelexport {

// Names come first (carried_tensors.h), also those of tensors that replace their equals
// (merged_tensors.h). Initializers and constants whose names say nothing are
// compared with the tensors by content (tensor_search.h, split_tensors.h). That reads weights, and
// only where the sidecar has a tensor with stats that no name of the file resolves to, or that is
// tied, and that the value may be by its dims, or a part or a piece of it. What a value holds, its
// copies in another form hold too: results of Identity, Transpose, Cast, Reshape, Flatten, Squeeze,
// Unsqueeze, QuantizeLinear and DequantizeLinear, as far as their inputs lead back to it.
class TensorIdentity {
 public:
  enum class Source : uint8_t { kNothing, kName, kContent };

  struct Held {
    Source source = Source::kNothing;
    // For each part of the value, in order, the tensors that it may be, in the sidecar's order:
    // several where they cannot be told apart. Almost always one part: the value is one tensor.
    // With Source::kNothing there is none.
    absl::Span<const std::vector<TensorId>> parts;
    bool is_piece = false;  // The value holds a piece of the tensor, others the rest.

    // The one tensor that the value surely holds, whole; invalid where it is not like that.
    TensorId only() const {
      const bool sure = !is_piece && parts.size() == 1 && parts[0].size() == 1;
      return sure ? parts[0][0] : TensorId();
    }
  };

  // Reads what names do not tell, as far as a node wants to know: one that is not `settled`, by
  // node (empty: none is), and does more than change a tensor's form. `graph`, with the source of
  // its index, and `hierarchy` must outlive the object. External data lies in `folder`. Stops
  // reading soon after `*cancelled` becomes true, with what it has; null: never.
  TensorIdentity(const GraphView& graph, const Hierarchy& hierarchy, DataFolder folder,
                 const std::vector<bool>& settled = {},
                 const std::atomic<bool>* cancelled = nullptr);

  // What any value of the graph holds. The spans live as long as the object.
  Held of(ValueId value) const {
    const Entry& entry = entries_[entry_of_[value.index()]];
    return {entry.source, entry.parts, entry.is_piece};
  }

  // How many stored values were found by content.
  size_t num_found() const { return num_found_; }

  // For the report: what could not be read, and what was like too many tensors.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Entry {
    Source source = Source::kNothing;
    HeldParts parts;
    bool is_piece = false;
  };

  void TakeNames(const CarriedTensors& carried, const GraphView& graph, const Hierarchy& hierarchy,
                 const std::atomic<bool>* cancelled);
  void Compare(const CarriedTensors& carried, const GraphView& graph, const Hierarchy& hierarchy,
               DataFolder folder, const std::vector<bool>& settled,
               const std::atomic<bool>* cancelled);
  void CarryOn(const GraphView& graph);
  uint32_t AddEntry(Source source, HeldParts parts, bool is_piece = false);

  std::vector<Entry> entries_;      // The first stands for nothing.
  std::vector<uint32_t> entry_of_;  // By value.
  size_t num_found_ = 0;
  std::vector<std::string> notes_;
};

// That of `context`, shared by all who ask. Weights are read only for nodes whose module, and call
// if the module is called several times, context.settled() does not determine.
const TensorIdentity& TensorsOf(const MatchContext& context);

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_TENSOR_IDENTITY_H_
