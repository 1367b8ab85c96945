// Which calls of the source model read a tensor.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_TENSOR_READERS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_TENSOR_READERS_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// A module that reads a tensor, in one of its calls if that is known.
struct TensorReader {
  ModuleId module;
  CallId call;
};

class TensorReaders {
 public:
  // `hierarchy` must outlive the object.
  explicit TensorReaders(const Hierarchy& hierarchy);
  TensorReaders(const TensorReaders&) = delete;
  TensorReaders& operator=(const TensorReaders&) = delete;

  size_t num_tensors() const { return readers_.size(); }

  // The readers of a tensor, in the order of calls: by `ops` where the hierarchy has them and one
  // reads the tensor, else the calls of its owner or, if that was never called, of the nearest
  // module around it that was. Tensors of one module share one span. Lives as long as the object.
  absl::Span<const TensorReader> of(TensorId tensor) const { return readers_[tensor.index()]; }

  // How often the model reads it, as far as is known; at least 1.
  size_t times_read(TensorId tensor) const { return times_read_[tensor.index()]; }

  // Tensors of the same shape and stats, itself included: copies that a tool may have made one.
  absl::Span<const TensorId> equals(TensorId tensor) const;

 private:
  void ReadOps();
  void AssumeOwners();
  void GroupEquals();

  const Hierarchy& hierarchy_;
  std::vector<std::vector<TensorReader>> by_ops_;        // By tensor.
  std::vector<std::vector<TensorReader>> by_module_;     // Its calls; empty if nobody asked.
  std::vector<absl::Span<const TensorReader>> readers_;  // By tensor, in one of the above.
  std::vector<size_t> times_read_;
  std::vector<std::vector<TensorId>> groups_;
  std::vector<size_t> group_of_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_TENSOR_READERS_H_
