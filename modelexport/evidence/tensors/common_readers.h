// Who reads all the tensors of a node, where each value may be one of several tensors.
#ifndef MODELEXPORT_EVIDENCE_TENSORS_COMMON_READERS_H_
#define MODELEXPORT_EVIDENCE_TENSORS_COMMON_READERS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "modelexport/evidence/tensors/tensor_readers.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Keeps every answer, as the nodes of an unrolled loop all ask the same. Not for several threads.
class CommonReaders {
 public:
  // Of more modules than this, none is named.
  static constexpr size_t kMaxModules = 64;

  using ListId = uint32_t;

  // What reads a value, each reader once.
  struct List {
    std::vector<TensorReader> in_order;  // As TensorReaders has them, tensor by tensor.
    std::vector<uint32_t> sorted;        // Positions in `in_order`, by module and call.
    ModuleId around;                     // The common ancestor of what the readers stand for.
  };

  // What reads all values of a node.
  struct Common {
    // In the order of the first list. Without calls if there are more readers than the limit;
    // empty if no one reads all of them, or too many modules do.
    std::vector<TensorReader> readers;
    bool too_many = false;
    // If no one does, the common ancestor of all that read any; if too many do, of these. What they
    // stand for counts.
    ModuleId around;
  };

  // All must outlive the object. More than `max_calls` readers are told without their calls.
  // `stands_for` says, by module, which one to take in its place where a common ancestor is sought;
  // if it is empty each stands for itself.
  CommonReaders(const Hierarchy& hierarchy, const TensorReaders& readers, size_t max_calls,
                absl::Span<const ModuleId> stands_for = {})
      : hierarchy_(hierarchy), readers_(readers), max_calls_(max_calls), stands_for_(stands_for) {}

  // The readers of any of `tensors`, at least one. Linear in them when it is first asked for.
  ListId ListOf(absl::Span<const TensorId> tensors);

  const List& list(ListId id) const { return lists_[id]; }

  // Those in each of `lists`, at least one, as a list, in the order of the first. Its `around` is
  // that of all that are in any. The first time it takes as long as InAll().
  ListId ListOfAll(const std::vector<ListId>& lists);

  // Whether `list` has a reader.
  bool Has(const List& list, const TensorReader& reader) const;

  // Whether `list` has a reader of the module, in whatever call.
  bool HasModule(const List& list, ModuleId module) const;

  // Those in each of `lists`, at least one. The first time that these lists are asked for it takes
  // the shortest of them times the logarithms of the others. The answer lives as long as the
  // object.
  const Common& InAll(const std::vector<ListId>& lists);

  // How many answers were too many.
  size_t num_too_many() const { return num_too_many_; }

 private:
  List MakeList(absl::Span<const TensorId> tensors) const;
  void Sort(List* list) const;
  ModuleId AroundReaders(const List& list) const;
  const List& Shortest(const std::vector<ListId>& lists) const;
  std::vector<TensorReader> ReadersInAll(const std::vector<ListId>& lists) const;
  ModuleId AroundAll(const std::vector<ListId>& lists) const;
  ModuleId StandsFor(ModuleId module) const {
    return stands_for_.empty() ? module : stands_for_[module.index()];
  }
  Common Intersect(const std::vector<ListId>& lists) const;
  void ForgetCalls(Common* common) const;
  // Where a reader is in in_order; -1 if it is not.
  static int64_t PositionIn(const List& list, const TensorReader& reader);

  const Hierarchy& hierarchy_;
  const TensorReaders& readers_;
  const size_t max_calls_;
  const absl::Span<const ModuleId> stands_for_;
  size_t num_too_many_ = 0;
  std::deque<List> lists_;
  absl::flat_hash_map<std::vector<TensorId>, ListId> list_of_;
  absl::flat_hash_map<std::vector<ListId>, ListId> list_of_all_;
  std::deque<Common> commons_;
  absl::flat_hash_map<std::vector<ListId>, size_t> common_of_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_TENSORS_COMMON_READERS_H_
