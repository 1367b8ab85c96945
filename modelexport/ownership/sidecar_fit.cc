#include "modelexport/ownership/sidecar_fit.h"

#include <algorithm>

#include "absl/strings/string_view.h"

namespace modelexport {
namespace {

constexpr double kLeastShare = 0.05;

bool Resolves(const Hierarchy& hierarchy, absl::string_view name) {
  if (hierarchy.FindTensor(name).valid()) return true;
  // No path is longer: each beginning takes time in proportion to its length.
  size_t dot = std::min(name.size(), Hierarchy::kMaxNameSize + 1);
  while ((dot = name.substr(0, dot).rfind('.')) != absl::string_view::npos) {
    if (hierarchy.FindModule(name.substr(0, dot)).valid()) return true;
  }
  return false;
}

Offer ParameterNames(const MatchContext& context) {
  Offer offer;
  const ModelIndex& index = context.graph.index();
  for (const TensorRecord& tensor : index.tensors()) {
    const absl::string_view name = index.text(tensor.name);
    if (tensor.role == TensorRecord::Role::kAttribute || name.find('.') == name.npos) {
      continue;
    }
    ++offer.offered;
    offer.resolved += Resolves(context.hierarchy, name);
  }
  return offer;
}

}  // namespace

SidecarFit JudgeSidecar(const MatchContext& context, const Strategy& strategy,
                        const std::vector<MatchResult>& results) {
  SidecarFit fit;
  for (size_t i = 0; i < results.size(); ++i) {
    if (!strategy.matchers[i]->judges_sidecar()) continue;
    fit.rows.push_back({std::string(NameOf(strategy.matchers[i]->kind())), results[i].offer});
  }
  fit.rows.push_back({"parameter names", ParameterNames(context)});
  const bool offers_any = std::any_of(fit.rows.begin(), fit.rows.end(),
                                      [](const auto& row) { return row.offer.offered > 0; });
  const bool one_resolves = std::any_of(fit.rows.begin(), fit.rows.end(), [](const auto& row) {
    return row.offer.offered > 0 &&
           static_cast<double>(row.offer.resolved) >= kLeastShare * row.offer.offered;
  });
  fit.plausible = one_resolves || !offers_any;
  return fit;
}

}  // namespace modelexport
