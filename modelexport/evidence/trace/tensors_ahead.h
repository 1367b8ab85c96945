// What the flow of data from an image to known tensors rules out.
//
//   run:   a = arange     m = embedding(a, enc.w)      file:   v1 = Range       m = Gather (enc.w,
//   v1)
//          b = where      n = embedding(b, dec.w)              v2 = Where (x)   n = Gather (dec.w,
//          v2)
//
// v2 leads to a node that reads dec.w, `a` to an operator that reads enc.w alone: v2 is no image of
// `a`, whatever is like it in the order of the file.
#ifndef MODELEXPORT_EVIDENCE_TRACE_TENSORS_AHEAD_H_
#define MODELEXPORT_EVIDENCE_TRACE_TENSORS_AHEAD_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "modelexport/base/rows.h"
#include "modelexport/evidence/trace/image.h"
#include "modelexport/evidence/trace/source_run.h"

namespace modelexport {

// The tensors ahead of an image or an operator are those that are read first on each way from it
// on. Only tensors count that the file is known to have. An image of an operator has some of them
// in common with the operator, if both have any.
class TensorsAhead {
 public:
  // `read` has the tensors that each image reads, or may read. Images and operators whose tensors
  // prove that they belong together are asked first; tensors on which the two sides disagree then
  // are left out, as where a tool changed how they are read. Takes time in proportion to both
  // sides. Soon after `*cancelled` becomes true nothing is excluded; null: never.
  TensorsAhead(const SourceRun& source, const Image& image, const Rows<TensorId>& read,
               const std::atomic<bool>* cancelled);

  // A set of tensors, of which each has one of the bits. That several share one makes sets larger,
  // and what they exclude less.
  using Set = uint64_t;
  static constexpr Set kAll = ~Set{0};

  // An image is none of an operator if the two have no bit in common. kAll for those that read
  // tensors themselves, and where no tensor is ahead.
  Set of_image(size_t image) const { return image_[image]; }
  Set of_op(size_t op) const { return op_[op]; }

 private:
  static Set BitOf(TensorId tensor) { return Set{1} << (tensor.index() % 64); }

  void FindReadByOps(const SourceRun& source, const Rows<TensorId>& read);
  void FindAhead(const SourceRun& source, const Image& image, const Rows<TensorId>& read);
  Set FindDisagreement(const SourceRun& source, const Rows<TensorId>& read) const;
  void Finish(const Rows<TensorId>& read);

  std::vector<bool> is_known_;  // By tensor: some image reads it.
  std::vector<Set> read_by_op_;
  std::vector<bool> is_of_tensors_;  // By operator: it reads nothing else.
  Set usable_ = kAll;
  std::vector<Set> behind_op_;   // Ahead of what reads an operator's result.
  std::vector<Set> image_, op_;  // Ahead.
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TRACE_TENSORS_AHEAD_H_
