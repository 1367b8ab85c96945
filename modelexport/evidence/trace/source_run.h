// The operators of the run: one side of an alignment.
#ifndef MODELEXPORT_EVIDENCE_TRACE_SOURCE_RUN_H_
#define MODELEXPORT_EVIDENCE_TRACE_SOURCE_RUN_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "modelexport/base/rows.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/hierarchy/module_ranges.h"

namespace modelexport {

// An operator at some distance along `reads`.
struct NearOp {
  uint32_t op;
  uint8_t distance;  // The number of operators between the two; 0 if one reads the other's result.
};

// Immutable. Operators are numbered as in the Hierarchy, which must outlive the object.
class SourceRun {
 public:
  static constexpr int kMaxDistance = 4;  // NearOp::distance is below it.

  // Soon after `*cancelled` becomes true it ends, as an object that may only be destroyed; null:
  // never.
  explicit SourceRun(const Hierarchy& hierarchy, const std::atomic<bool>* cancelled = nullptr);

  const Hierarchy& hierarchy() const { return hierarchy_; }
  const ModuleRanges& module_ranges() const { return module_ranges_; }
  size_t size() const { return kind_.size(); }

  // The kind is the operator's name, as "aten.add.Tensor". If there are more than a thousand names,
  // the last ones share a kind.
  uint32_t kind(size_t op) const { return kind_[op]; }
  const std::vector<absl::string_view>& kinds() const { return kinds_; }

  // Whether the operator returned a tensor that it read, so that exporters may have left it out.
  bool returns_read(size_t op) const { return hierarchy_.ops()[op].returns_read; }

  const Call& call(size_t op) const { return hierarchy_.call(hierarchy_.ops()[op].call); }

  // The operators that read this one's result, directly or through others, in order; there may be
  // any number. Each operator is listed for the nearest of those that it reads, up to some dozens.
  absl::Span<const NearOp> behind(size_t op) const { return behind_[op]; }

  // The operators whose results this one reads directly, in the order of its arguments, each once.
  // Behind one that returned what it read is what this one read.
  absl::Span<const uint32_t> reads(size_t op) const { return reads_[op]; }

  // Whether the operator reads parameters or buffers.
  bool reads_tensors(size_t op) const { return reads_tensors_[op]; }

  // Whether it is known of any operator what it reads. If not, the hierarchy does not say it.
  bool knows_reads() const { return knows_reads_; }

  // Whether control flow is one operator of the run, as torch.cond, so that those of its bodies are
  // not listed.
  bool has_unlisted_bodies() const { return has_unlisted_bodies_; }

  // The operators that read a tensor, in order.
  absl::Span<const uint32_t> readers(TensorId tensor) const { return readers_[tensor.index()]; }

 private:
  void NameKinds();
  void LinkReads();
  void LinkNear(const std::atomic<bool>* cancelled);
  void LinkTensors();

  const Hierarchy& hierarchy_;
  const ModuleRanges module_ranges_;
  std::vector<uint32_t> kind_;
  std::vector<absl::string_view> kinds_;
  Rows<uint32_t> reads_;
  Rows<NearOp> behind_;
  std::vector<bool> reads_tensors_;
  bool knows_reads_ = false;
  bool has_unlisted_bodies_ = false;
  Rows<uint32_t> readers_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_SOURCE_RUN_H_
