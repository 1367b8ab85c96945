#include "modelexport/matching/matcher.h"

#include <utility>

#include "absl/base/call_once.h"
#include "modelexport/matching/tensor_identity.h"

namespace modelexport {

struct MatchContext::Lazy {
  wire::DataFolder folder;
  absl::once_flag once;
  std::unique_ptr<const TensorIdentity> tensors;
};

MatchContext::MatchContext(const GraphView& graph, const Hierarchy& hierarchy,
                           wire::DataFolder folder)
    : graph(graph), hierarchy(hierarchy), lazy_(std::make_shared<Lazy>()) {
  lazy_->folder = std::move(folder);
}

MatchContext MatchContext::WithSettled(absl::Span<const Candidate> settled) const {
  MatchContext context = *this;
  context.settled_ = settled;
  return context;
}

const TensorIdentity& MatchContext::tensors() const {
  absl::call_once(lazy_->once, [this] {
    lazy_->tensors = std::make_unique<TensorIdentity>(graph, hierarchy, lazy_->folder);
  });
  return *lazy_->tensors;
}

}  // namespace modelexport
