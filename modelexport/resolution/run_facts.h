// What the operators of a run alone tell of who may do their work.
#ifndef MODELEXPORT_RESOLUTION_RUN_FACTS_H_
#define MODELEXPORT_RESOLUTION_RUN_FACTS_H_

#include <vector>

#include "modelexport/hierarchy/hierarchy.h"

namespace modelexport {

class RunFacts {
 public:
  // Takes time in proportion to the operators and what they read.
  explicit RunFacts(const Hierarchy& hierarchy);

  // Whether the operator depends on what the model is given. Others are computed before.
  bool depends_on_input(OpId op) const { return depends_on_input_[op.index()]; }

  // Of an operator that reads one result alone, the first of another module that has the same name
  // and reads the same: they differ in attributes at most. Invalid if there is none.
  OpId equal(OpId op) const { return equal_[op.index()]; }
  bool any_equal() const { return any_equal_; }

 private:
  void FindDependent(const Hierarchy& hierarchy);
  void FindEqual(const Hierarchy& hierarchy);

  std::vector<bool> depends_on_input_;  // By operator.
  std::vector<OpId> equal_;             // Likewise.
  bool any_equal_ = false;
};

}  // namespace modelexport

#endif  // MODELEXPORT_RESOLUTION_RUN_FACTS_H_
