// Which ONNX operators stand for the operators of a run, by what exporters write.
#ifndef MODELEXPORT_RESOLUTION_OPERATOR_IMAGES_H_
#define MODELEXPORT_RESOLUTION_OPERATOR_IMAGES_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "modelexport/evidence/trace/operator_odds.h"
#include "modelexport/evidence/trace/operator_table.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

// Names numbered in the order of their first appearance; more than a thousand share the last
// number, which bounds the table of pairs.
class NumberedNames {
 public:
  void Add(absl::string_view name);

  uint32_t of(size_t item) const { return number_[item]; }
  const std::vector<absl::string_view>& names() const { return names_; }
  const std::vector<uint32_t>& counts() const { return counts_; }

 private:
  absl::flat_hash_map<absl::string_view, uint32_t> found_;
  std::vector<uint32_t> number_, counts_;
  std::vector<absl::string_view> names_;
};

class OperatorImages {
 public:
  // Both must outlive the object. Soon after `*cancelled` becomes true it ends, and the object may
  // only be destroyed; null: never.
  OperatorImages(const GraphView& graph, const Hierarchy& hierarchy,
                 const std::atomic<bool>* cancelled);

  // How much likelier an image of the operator is a node of this type than any node is, as a
  // logarithm. To be compared between operators.
  float Odds(NodeId node, OpId op) const {
    return odds_->of(kinds_.of(op.index()), types_.of(node.index()));
  }

  // Whether exporters are known to write nodes of this type for the operator, other than in
  // helpers of helpers.
  bool IsWritten(NodeId node, OpId op) const;

  // Whether it is known what exporters write for the operator.
  bool IsKnown(OpId op) const {
    const uint32_t kind = kinds_.of(op.index());
    return written_[kind] != nullptr || is_onnx_[kind];
  }

  // Whether the operator hands on what it reads, unless the model is trained: exporters write
  // nothing for it.
  bool DoesNothing(OpId op) const {
    return returns_read_[op.index()] || does_nothing_[kinds_.of(op.index())];
  }

 private:
  const GraphView& graph_;
  NumberedNames kinds_, types_;
  std::unique_ptr<const OperatorOdds> odds_;
  std::vector<const std::vector<OperatorTable::Entry>*> written_;  // By kind; null: not known.
  std::vector<bool> is_onnx_;                                      // By kind.
  std::vector<bool> does_nothing_;                                 // By kind.
  std::vector<bool> returns_read_;                                 // By operator.
};

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_OPERATOR_IMAGES_H_
