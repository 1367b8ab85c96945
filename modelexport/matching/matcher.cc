#include "modelexport/matching/matcher.h"

#include <utility>

#include "absl/base/call_once.h"
#include "modelexport/matching/tensor_identity.h"

namespace modelexport {

struct MatchContext::Lazy {
  wire::DataFolder folder;
  const std::atomic<bool>* cancelled = nullptr;
  std::vector<bool> settled;     // By node.
  std::vector<size_t> calls_of;  // By module.
  absl::once_flag once;
  std::unique_ptr<const TensorIdentity> tensors;
};

MatchContext::MatchContext(const GraphView& graph, const Hierarchy& hierarchy,
                           wire::DataFolder folder, const std::atomic<bool>* cancelled)
    : graph(graph), hierarchy(hierarchy), lazy_(std::make_shared<Lazy>()) {
  lazy_->folder = std::move(folder);
  lazy_->cancelled = cancelled;
  lazy_->settled.resize(graph.num_nodes());
  lazy_->calls_of.resize(hierarchy.modules().size());
  for (const Call& call : hierarchy.calls()) ++lazy_->calls_of[call.module.index()];
}

void MatchContext::Settle(const MatchResult& result) {
  const std::vector<Candidate>& all = result.candidates;
  for (size_t i = 0; i < all.size(); ++i) {
    const NodeId node = all[i].node;
    const bool is_only =
        (i == 0 || all[i - 1].node != node) && (i + 1 == all.size() || all[i + 1].node != node);
    const bool knows_call = all[i].call.valid() || lazy_->calls_of[all[i].module.index()] <= 1;
    if (is_only && all[i].exact && knows_call) lazy_->settled[node.index()] = true;
  }
}

const TensorIdentity& MatchContext::tensors() const {
  absl::call_once(lazy_->once, [this] {
    lazy_->tensors = std::make_unique<TensorIdentity>(graph, hierarchy, lazy_->folder,
                                                      lazy_->settled, lazy_->cancelled);
  });
  return *lazy_->tensors;
}

}  // namespace modelexport
