#include "modelexport/resolution/run_facts.h"

#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace modelexport {

RunFacts::RunFacts(const Hierarchy& hierarchy) {
  FindDependent(hierarchy);
  FindEqual(hierarchy);
}

void RunFacts::FindDependent(const Hierarchy& hierarchy) {
  for (const Op& op : hierarchy.ops()) {
    bool depends = false;
    for (const OpRead& read : op.reads) {
      depends =
          depends || (read.op.valid() ? depends_on_input_[read.op.index()] : !read.tensor.valid());
    }
    depends_on_input_.push_back(depends);
  }
}

void RunFacts::FindEqual(const Hierarchy& hierarchy) {
  const auto module_of = [&](OpId op) { return hierarchy.call(hierarchy.op(op).call).module; };
  absl::flat_hash_map<std::pair<absl::string_view, OpId>, OpId> first;
  equal_.resize(hierarchy.ops().size());
  std::vector<OpId> reader(equal_.size());  // That read it last.
  for (size_t i = 0; i < equal_.size(); ++i) {
    const Op& op = hierarchy.ops()[i];
    if (op.reads.size() != 1 || !op.reads[0].op.valid()) continue;
    OpId& before = reader[op.reads[0].op.index()];
    const OpId last = std::exchange(before, OpId(i));
    if (!last.valid()) continue;
    first.try_emplace({hierarchy.op(last).name, op.reads[0].op}, last);
    const auto added = first.try_emplace({op.name, op.reads[0].op}, OpId(i));
    if (added.second || module_of(added.first->second) == module_of(OpId(i))) continue;
    equal_[i] = added.first->second;
    any_equal_ = true;
  }
}

}  // namespace modelexport
