#include "modelexport/evidence/names/op_renumbering.h"

#include "absl/algorithm/container.h"

namespace modelexport {

Renumbering::Renumbering(const MatchContext& context, const OpKinds& kinds,
                         const std::vector<bool>& is_false, const NamedOps& named)
    : kinds_(kinds), is_false_(is_false), new_(context.hierarchy.ops().size()) {
  std::vector<bool> has_node = HasNode(context.hierarchy, named);
  for (size_t op = 0; op < new_.size(); ++op) {
    if (is_false_[kinds_.of(OpId(op))]) has_node[op] = true;
  }
  const std::vector<OpSet> in_run = ReadInRun(context.hierarchy, has_node);
  for (size_t op = 0; op < new_.size(); ++op) {
    if (!is_false_[kinds_.of(OpId(op))] || in_run[op].open) continue;
    const auto [found, is_new] = by_reads_.try_emplace(KeyOf(OpId(op), in_run[op]), OpId(op));
    if (!is_new) found->second = OpId();
  }
  Assign(named, ReadInGraph(context, named));
}

Renumbering::Key Renumbering::KeyOf(OpId op, const OpSet& reads) const {
  Key key{kinds_.of(op), {}};
  for (OpId read : reads.ops) key.second.push_back(static_cast<uint32_t>(read.index()));
  absl::c_sort(key.second);
  return key;
}

// In the order of the file, so that what a node reads is told before it.
void Renumbering::Assign(const NamedOps& named, const std::vector<OpSet>& in_graph) {
  std::vector<bool> done(new_.size()), taken(new_.size());
  for (OpId op : named) {
    if (!op.valid() || done[op.index()] || !is_false_[kinds_.of(op)]) continue;
    done[op.index()] = true;
    OpSet reads;
    bool known = !in_graph[op.index()].open && !in_graph[op.index()].ops.empty();
    for (OpId read : in_graph[op.index()].ops) {
      if (is_false_[kinds_.of(read)]) read = new_[read.index()];
      known = known && read.valid();
      if (known) reads.Add(read);
    }
    const auto found = known ? by_reads_.find(KeyOf(op, reads)) : by_reads_.end();
    if (found == by_reads_.end() || !found->second.valid()) continue;
    if (taken[found->second.index()]) continue;
    taken[found->second.index()] = true;
    new_[op.index()] = found->second;
  }
}

}  // namespace modelexport
