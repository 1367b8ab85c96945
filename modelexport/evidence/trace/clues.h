// What is known of an image besides its operator: the tensors that it reads, what stronger evidence
// has settled, and what follows from that for the images around it. Clues do not change while an
// alignment is searched for.
#ifndef MODELEXPORT_EVIDENCE_TRACE_CLUES_H_
#define MODELEXPORT_EVIDENCE_TRACE_CLUES_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/possible_ops.h"
#include "modelexport/evidence/trace/source_run.h"
#include "modelexport/evidence/trace/tensors_ahead.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// What is settled about a node; nothing but `within` if `module` is invalid.
struct Anchor {
  ModuleId module;
  CallId call;        // Invalid if unknown.
  bool exact = true;  // False: the node ran in `module` or below it.
  OpId op{};          // The operator whose result the node makes; invalid if unknown.
  // The node ran in this module or below it, as the flow of data proves; invalid if unknown. Asked
  // only where nothing is settled.
  ModuleId within{};
};

// The tensors that a value may hold; empty if none is known.
using HeldTensors = absl::FunctionRef<std::vector<TensorId>(ValueId)>;

class Clues {
 public:
  struct Weight {
    uint32_t op;
    float weight;
  };

  // `anchors` are by node, or empty. All arguments but `held` must outlive the object.
  // Soon after `*cancelled` becomes true it ends, and the object may only be destroyed; null:
  // never.
  Clues(const SourceRun& source, const Image& image, HeldTensors held,
        absl::Span<const Anchor> anchors, const std::atomic<bool>* cancelled = nullptr);

  // For an image that reads no tensors, this is added to the score of each operator that reads
  // some.
  static constexpr float kReadsNoTensor = -0.5f;

  // What is added, for this image, to the scores of all operators, and to those of single
  // operators.
  float base(size_t image) const { return bases_[image]; }
  absl::Span<const Weight> weights(size_t image) const { return weights_[image]; }
  bool reads_tensors(size_t image) const { return reads_tensors_[image]; }

  // Whether the image reads known tensors and no operator reads any of them, or is in the body of a
  // control-flow operator which the run lists as one. The run then lacks the image's operator.
  bool is_of_other(size_t image) const { return is_of_other_[image]; }

  // Whether the image has an anchor whose module or call ran operators.
  bool has_anchor(size_t image) const { return anchored_[image]; }

  // Whether the image makes the result of its operator, so that its readers belong to later ones.
  bool makes_result(size_t image) const { return makes_result_[image]; }

  // Whether the image's anchor forbids this operator, or any operator. Without an anchor, the flow
  // of data decides (possible_ops.h, and Anchor::within).
  bool Forbids(size_t image, size_t op) const;
  bool ForbidsAny(size_t image) const {
    return anchored_[image] || bounded_[image] || !possible_[image].empty();
  }

  // An image without an anchor does not belong to an operator with other tensors ahead either.
  const TensorsAhead& tensors_ahead() const { return *tensors_ahead_; }

  // The first and the last operator that are not forbidden; some between them may be.
  std::pair<uint32_t, uint32_t> AllowedOps(size_t image) const;

  // The operator of an image, if its tensors, its anchor or the flow of data leave only one; kNone
  // otherwise.
  static constexpr uint32_t kNone = kNoOp;
  uint32_t only_op(size_t image) const { return only_op_[image]; }

  // Whether some image reads a tensor that this operator alone reads.
  bool has_tensors_read(size_t op) const { return has_tensors_read_[op]; }

 private:
  struct Shapes;

  void FindAnchors();
  void FindPossible(const std::atomic<bool>* cancelled);
  std::vector<TensorId> TensorsOf(NodeId node, HeldTensors held) const;
  bool IsReadByNone(const std::vector<TensorId>& tensors) const;
  bool IsInUnlistedBody(NodeId node) const;
  bool IsBelow(size_t op, ModuleId module) const;
  void WeighTensors(const std::vector<TensorId>& tensors);
  void WeighShapes(NodeId node, HeldTensors held, const Shapes& shapes);
  void EndImage(bool reads_tensors);

  const SourceRun& source_;
  const Image& image_;
  const absl::Span<const Anchor> anchors_;
  std::vector<float> bases_;
  Rows<Weight> weights_;
  std::vector<bool> reads_tensors_, is_of_other_, anchored_, bounded_, makes_result_,
      has_tensors_read_;
  std::vector<uint32_t> only_op_;
  Rows<uint32_t> possible_;  // By image; empty: all.
  std::unique_ptr<const TensorsAhead> tensors_ahead_;
  std::vector<std::pair<uint32_t, uint32_t>> ops_of_call_;  // First and last; by call.

  // Of the image at hand.
  float base_ = 0;
  std::vector<Weight> row_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_CLUES_H_
