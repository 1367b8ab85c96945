#include "modelexport/evidence/trace/tensors_ahead.h"

#include "absl/types/span.h"
#include "modelexport/base/cancellation.h"
#include "modelexport/evidence/trace/possible_ops.h"

namespace modelexport {
namespace {

// How often tensors are left out before nothing is believed.
constexpr int kMaxRounds = 4;

// The operator that alone reads each of the tensors; kNoOp if there is none.
uint32_t OnlyReader(const SourceRun& source, absl::Span<const TensorId> tensors) {
  uint32_t only = kNoOp;
  for (const TensorId tensor : tensors) {
    const absl::Span<const uint32_t> readers = source.readers(tensor);
    if (readers.size() != 1 || (only != kNoOp && only != readers[0])) return kNoOp;
    only = readers[0];
  }
  return only;
}

}  // namespace

TensorsAhead::TensorsAhead(const SourceRun& source, const Image& image, const Rows<TensorId>& read,
                           const std::atomic<bool>* cancelled)
    : is_known_(source.hierarchy().tensors().size()),
      read_by_op_(source.size()),
      is_of_tensors_(source.size()),
      image_(image.size(), kAll),
      op_(source.size(), kAll) {
  FindReadByOps(source, read);
  for (int round = 0;; ++round) {
    if (IsCancelled(cancelled) || round == kMaxRounds) usable_ = 0;
    FindAhead(source, image, read);
    const Set disagreement = FindDisagreement(source, read);
    if (disagreement == 0) break;
    usable_ &= ~disagreement;
  }
  Finish(read);
}

// What an operator makes of tensors alone, as aten.t of a weight, is read in their stead.
void TensorsAhead::FindReadByOps(const SourceRun& source, const Rows<TensorId>& read) {
  for (size_t i = 0; i < image_.size(); ++i) {
    for (const TensorId tensor : read[i]) is_known_[tensor.index()] = true;
  }
  for (size_t op = 0; op < source.size(); ++op) {
    const absl::Span<const OpRead> reads = source.hierarchy().ops()[op].reads;
    bool of_tensors = !reads.empty();
    for (const OpRead& one : reads) {
      const bool is_made = one.op.valid() && is_of_tensors_[one.op.index()];
      of_tensors = of_tensors && (one.tensor.valid() || is_made);
      if (is_made) read_by_op_[op] |= read_by_op_[one.op.index()];
      if (one.tensor.valid() && is_known_[one.tensor.index()]) {
        read_by_op_[op] |= BitOf(one.tensor);
      }
    }
    is_of_tensors_[op] = of_tensors;
  }
}

// Where a graph is not sorted, what is ahead of some nodes is not known.
void TensorsAhead::FindAhead(const SourceRun& source, const Image& image,
                             const Rows<TensorId>& read) {
  behind_op_.assign(source.size(), 0);
  for (size_t op = source.size(); op-- > 0;) {
    const Set own = read_by_op_[op] & usable_;
    op_[op] = own | behind_op_[op];
    const Set before = own != 0 ? own : behind_op_[op];
    for (const uint32_t one : source.reads(op)) behind_op_[one] |= before;
  }
  for (size_t i = image.size(); i-- > 0;) {
    image_[i] = 0;
    for (const uint32_t consumer : image.consumers(i)) {
      Set own = 0;
      for (const TensorId tensor : read[consumer]) own |= BitOf(tensor) & usable_;
      image_[i] |= consumer <= i ? kAll : own != 0 ? own : image_[consumer];
    }
  }
}

TensorsAhead::Set TensorsAhead::FindDisagreement(const SourceRun& source,
                                                 const Rows<TensorId>& read) const {
  Set disagreement = 0;
  for (size_t i = 0; i < image_.size(); ++i) {
    const uint32_t op = OnlyReader(source, read[i]);
    if (op == kNoOp || is_of_tensors_[op] || image_[i] == 0 || behind_op_[op] == 0) continue;
    if ((image_[i] & op_[op]) == 0) disagreement |= image_[i] | behind_op_[op];
  }
  return disagreement;
}

void TensorsAhead::Finish(const Rows<TensorId>& read) {
  for (Set& set : op_) set = set == 0 ? kAll : set;
  for (size_t i = 0; i < image_.size(); ++i) {
    if (image_[i] == 0 || !read[i].empty()) image_[i] = kAll;
  }
}

}  // namespace modelexport
