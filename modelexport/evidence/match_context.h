// The input of matchers: graph, hierarchy, what is settled, and facts that several matchers need.
#ifndef MODELEXPORT_EVIDENCE_MATCH_CONTEXT_H_
#define MODELEXPORT_EVIDENCE_MATCH_CONTEXT_H_

#include <atomic>
#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "modelexport/evidence/candidate.h"
#include "modelexport/graph/graph_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/tensor_elements.h"

namespace modelexport {

class MatchContext {
 public:
  // `graph` and `hierarchy` must outlive the context and its copies. `folder` is the folder of the
  // model's external data. Once `*cancelled` is true, long work ends early and finds less; null
  // means never.
  MatchContext(const GraphView& graph, const Hierarchy& hierarchy,
               DataFolder folder = absl::nullopt, const std::atomic<bool>* cancelled = nullptr);

  const GraphView& graph;
  const Hierarchy& hierarchy;

  const DataFolder& folder() const;
  const std::atomic<bool>* cancelled() const;

  // The owners that strong evidence has settled: at most one candidate for a node, sorted by node.
  // Empty for matchers of the first round.
  absl::Span<const Candidate> settled() const { return settled_; }

  // A context of the same inputs without any facts, because facts may depend on `settled`. That
  // must outlive the context.
  MatchContext WithSettled(absl::Span<const Candidate> settled) const;

  // The one Fact of this context. `make` makes it on the first call; copies of the context share
  // it, and any thread may call. The header of each type of Fact declares a function that calls
  // this, so that every caller makes it in the same way.
  template <typename Fact>
  const Fact& Share(absl::FunctionRef<std::unique_ptr<const Fact>()> make) const {
    static constexpr char kTypeOfFact = 0;  // Its address is the type's.
    const auto make_shared = [&]() -> std::shared_ptr<const void> { return {make()}; };
    return *static_cast<const Fact*>(ShareOfType(&kTypeOfFact, make_shared));
  }

 private:
  struct Inputs;
  struct Facts;

  const void* ShareOfType(const void* type,
                          absl::FunctionRef<std::shared_ptr<const void>()> make) const;

  std::shared_ptr<const Inputs> inputs_;
  std::shared_ptr<Facts> facts_;
  absl::Span<const Candidate> settled_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_EVIDENCE_MATCH_CONTEXT_H_
