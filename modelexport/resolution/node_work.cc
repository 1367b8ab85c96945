#include "modelexport/resolution/node_work.h"

#include <algorithm>
#include <cstddef>

#include "absl/types/span.h"

namespace modelexport {
namespace {

// Operators that one node may do, and what they read that is looked at to find these. Beyond,
// nothing is concluded.
constexpr size_t kMaxWork = 64;
constexpr size_t kMaxLookedAt = 1024;

// Nodes before one that are looked at.
constexpr size_t kMaxRead = 128;

template <typename T>
bool Contains(const std::vector<T>& all, T one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

template <typename T>
void AddOnce(T one, std::vector<T>* all) {
  if (!Contains(*all, one)) all->push_back(one);
}

}  // namespace

std::vector<OpId> NodeWork::Before(NodeId node, absl::FunctionRef<void(OpId)> take_behind) const {
  std::vector<OpId> open = Open(node);
  if (open.size() < 2) return open;
  const absl::optional<std::vector<NodeId>> read = NodesReadBy(node);
  return read.has_value() ? Fed(open, *read, take_behind) : open;
}

NodeId NodeWork::LaterOf(NodeId a, NodeId b) const {
  const auto reads = [this](NodeId later, NodeId earlier) {
    const absl::optional<std::vector<NodeId>> read = NodesReadBy(later);
    return read.has_value() && Contains(*read, earlier);
  };
  return reads(a, b) ? a : reads(b, a) ? b : NodeId();
}

// Whether the operator has no node, or none that does not only help this one.
bool NodeWork::MayBeDoneBy(NodeId node, OpId op) const {
  if (!facts_.depends_on_input(op)) return false;
  const NodeId own = nodes_.node_of(op);
  return !own.valid() || (own != node && nodes_.part_of(own) == node);
}

// Back from the operator whose result the node makes, as far as there are no other nodes.
std::vector<OpId> NodeWork::Open(NodeId node) const {
  std::vector<OpId> open{nodes_.op_of(node)};
  size_t num_looked_at = 0;
  for (size_t i = 0; i < open.size(); ++i) {
    for (const OpRead& read : hierarchy_.op(open[i]).reads) {
      if (++num_looked_at > kMaxLookedAt) return {};
      if (!read.op.valid() || !MayBeDoneBy(node, read.op)) continue;
      if (open.size() == kMaxWork) return {};
      AddOnce(read.op, &open);
    }
  }
  return open;
}

// The nearest nodes before it that are of operators, and those between. Absent if there are too
// many.
absl::optional<std::vector<NodeId>> NodeWork::NodesReadBy(NodeId node) const {
  std::vector<NodeId> read, queue{node};
  for (size_t i = 0; i < queue.size(); ++i) {
    for (const ValueId input : graph_.inputs(queue[i])) {
      const NodeId producer = input.valid() ? graph_.value(input).producer : NodeId();
      if (!producer.valid() || Contains(read, producer)) continue;
      if (read.size() == kMaxRead) return absl::nullopt;
      read.push_back(producer);
      const OpId op = nodes_.op_of(producer);
      const bool is_own = op.valid() && op == nodes_.op_of(node);
      if (!op.valid() || is_own || nodes_.part_of(producer) == node) queue.push_back(producer);
    }
  }
  return read;
}

bool NodeWork::IsProvided(OpId op, const std::vector<NodeId>& by) const {
  return std::any_of(by.begin(), by.end(), [&](NodeId node) {
    return node == nodes_.node_of(op) || node == done_by_[op.index()].node ||
           nodes_.op_of(node) == op;
  });
}

bool NodeWork::FollowsBehind(OpId op) const {
  bool follows = false;
  for (const OpRead& read : hierarchy_.op(op).reads) {
    if (read.tensor.valid()) return false;
    follows = follows || (read.op.valid() && done_by_[read.op.index()].is_behind);
  }
  return follows;
}

// The operator and all before it that are among `others`, in order.
std::vector<OpId> NodeWork::WithInputs(OpId op, const std::vector<OpId>& others) const {
  std::vector<OpId> all{op};
  for (size_t i = 0; i < all.size(); ++i) {
    for (const OpRead& read : hierarchy_.op(all[i]).reads) {
      if (read.op.valid() && Contains(others, read.op)) AddOnce(read.op, &all);
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

// Operators read earlier ones alone.
std::vector<OpId> NodeWork::Fed(const std::vector<OpId>& open, const std::vector<NodeId>& by,
                                absl::FunctionRef<void(OpId)> take_behind) const {
  std::vector<OpId> in_order(open.begin() + 1, open.end());
  std::sort(in_order.begin(), in_order.end());
  std::vector<OpId> fed{open[0]};
  const auto is_there = [&](const OpRead& read) {
    return !read.op.valid() || !facts_.depends_on_input(read.op) || Contains(fed, read.op) ||
           IsProvided(read.op, by);
  };
  for (const OpId op : in_order) {
    const absl::Span<const OpRead> reads = hierarchy_.op(op).reads;
    const bool is_fed = std::all_of(reads.begin(), reads.end(), is_there);
    if (is_fed && !FollowsBehind(op)) {
      fed.push_back(op);
      continue;
    }
    for (const OpId one : WithInputs(op, fed)) take_behind(one);
    const auto is_behind = [this](OpId one) { return done_by_[one.index()].is_behind; };
    fed.erase(std::remove_if(fed.begin() + 1, fed.end(), is_behind), fed.end());
    if (is_fed && !is_behind(op)) fed.push_back(op);
  }
  std::vector<OpId> work{open[0]};
  for (size_t i = 0; i < work.size(); ++i) {
    for (const OpRead& read : hierarchy_.op(work[i]).reads) {
      if (read.op.valid() && Contains(fed, read.op)) AddOnce(read.op, &work);
    }
  }
  return work;
}

}  // namespace modelexport
