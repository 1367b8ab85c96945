#include "modelexport/matching/matcher.h"

#include <mutex>
#include <utility>

#include "modelexport/matching/scope_tree.h"
#include "modelexport/matching/tensor_identity.h"
#include "modelexport/matching/trace_placement.h"

namespace modelexport {

struct MatchContext::Lazy {
  wire::DataFolder folder;
  const std::atomic<bool>* cancelled = nullptr;
  // Of the standard library, which ThreadSanitizer sees into; Abseil's is linked as it is.
  std::once_flag once_for_tensors, once_for_scopes, once_for_placement;
  std::unique_ptr<const TensorIdentity> tensors;
  std::unique_ptr<const ScopeTree> scopes;
  std::unique_ptr<const TracePlacement> placement;
};

namespace {

// By node, whether there is nothing more to know of its owner.
std::vector<bool> NeedsNoMore(const GraphView& graph, const Hierarchy& hierarchy,
                              absl::Span<const Candidate> settled) {
  std::vector<size_t> calls_of(hierarchy.modules().size());
  for (const Call& call : hierarchy.calls()) ++calls_of[call.module.index()];
  std::vector<bool> needs_no_more(graph.num_nodes());
  for (const Candidate& candidate : settled) {
    needs_no_more[candidate.node.index()] =
        candidate.exact && (candidate.call.valid() || calls_of[candidate.module.index()] <= 1);
  }
  return needs_no_more;
}

}  // namespace

MatchContext::MatchContext(const GraphView& graph, const Hierarchy& hierarchy,
                           wire::DataFolder folder, const std::atomic<bool>* cancelled)
    : graph(graph), hierarchy(hierarchy), lazy_(std::make_shared<Lazy>()) {
  lazy_->folder = std::move(folder);
  lazy_->cancelled = cancelled;
}

MatchContext MatchContext::WithSettled(absl::Span<const Candidate> settled) const {
  MatchContext context = *this;
  context.settled_ = settled;
  return context;
}

const TensorIdentity& MatchContext::tensors() const {
  std::call_once(lazy_->once_for_tensors, [this] {
    lazy_->tensors = std::make_unique<TensorIdentity>(
        graph, hierarchy, lazy_->folder, NeedsNoMore(graph, hierarchy, settled_), lazy_->cancelled);
  });
  return *lazy_->tensors;
}

const ScopeTree& MatchContext::scopes() const {
  std::call_once(lazy_->once_for_scopes,
                 [this] { lazy_->scopes = std::make_unique<ScopeTree>(hierarchy); });
  return *lazy_->scopes;
}

const TracePlacement& MatchContext::placement() const {
  std::call_once(lazy_->once_for_placement, [this] {
    std::vector<Anchor> anchors(graph.num_nodes());
    for (const Candidate& settled : settled_) {
      anchors[settled.node.index()] = {settled.module, settled.call, settled.exact, settled.op};
    }
    lazy_->placement = std::make_unique<TracePlacement>(graph, hierarchy, tensors(), anchors);
  });
  return *lazy_->placement;
}

}  // namespace modelexport
