// Names of operators that differ in their number alone.
#ifndef MODELEXPORT_EVIDENCE_NAMES_OP_KINDS_H_
#define MODELEXPORT_EVIDENCE_NAMES_OP_KINDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "modelexport/evidence/names/op_reads.h"

namespace modelexport {

// The kinds of the names that nodes have: "add" of "add_7", which exporters number. Of more than
// sixteen the rarest are one. Immutable.
class OpKinds {
 public:
  static constexpr size_t kMost = 16;  // Bounds how often the flow is compared.
  static constexpr uint8_t kNone = kMost;

  OpKinds(const Hierarchy& hierarchy, const NamedOps& named);

  size_t size() const { return names_.size(); }
  const std::string& name(size_t kind) const { return names_[kind]; }

  // kNone if no node has a name of its kind.
  size_t of(OpId op) const { return of_op_[op.index()]; }

  // `named` without the operators of a kind.
  NamedOps Without(size_t kind, NamedOps named) const;

 private:
  std::vector<uint8_t> of_op_;
  std::vector<std::string> names_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_NAMES_OP_KINDS_H_
