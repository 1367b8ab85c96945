#include "modelexport/ownership/sidecar_fit.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/ownership/names_fit.h"
#include "modelexport/ownership/weights_fit.h"

namespace modelexport {
namespace {

// The share of names that has to fit. tests/accuracy/wrong_sidecar.py measures it: where files and
// sidecars belong together most names of a kind fit, or its names were lost; else next to none do.
constexpr double kHalf = 0.5;

// The share of weights that has to be known: contents hardly ever agree by chance. Of the model's a
// part is enough, because it may contain the described one; of the hierarchy's most.
constexpr double kOfModel = 1.0 / 3;
constexpr double kOfHierarchy = 2.0 / 3;

// Names that fit beside shapes that do not are those of a model of another size.
constexpr double kShapesBesideNames = 0.3;

// Where shapes are all that fits, as after training, nearly all of them must, and be of some
// variety.
constexpr double kShapesAlone = 0.95;
constexpr size_t kVariety = 4;
constexpr double kTensorsTaken = 0.9;  // A folded one leaves no weight.
constexpr double kVectorsBesideShapes = 0.7;

// From this share of names on, other shapes are those of the same kind of model.
constexpr double kSameNames = 0.8;

// Less than this many say nothing.
constexpr size_t kFewWeights = 3;
constexpr size_t kFewParameters = 5;

bool IsShare(size_t part, size_t whole, double share) {
  return whole > 0 && static_cast<double>(part) >= share * static_cast<double>(whole);
}

struct AllFits {
  bool has_tensors = false;
  ScopesFit scopes;
  ParametersFit parameters;
  WeightsFit weights;
};

// Known weights, and as many of the alike ones as the comparison of a few lets expect.
size_t ExpectedKnown(const WeightsFit& fit) {
  return fit.compared == 0 ? fit.known()
                           : fit.known() + fit.alike * fit.compared_equal / fit.compared;
}

bool IsAnotherSize(const AllFits& fits) {
  return fits.parameters.resized + fits.weights.resized >
         std::max(fits.parameters.known, fits.weights.known());
}

// What stands beside weights, from both sides.
bool VectorsAgree(const WeightsFit& fit, double share) {
  return (fit.biases == 0 || IsShare(fit.biases_alike, fit.biases, share)) &&
         (fit.vectors == 0 || IsShare(fit.vectors_alike, fit.vectors, share));
}

// The weights that were compared are all other ones, as after training.
bool ContentsDiffer(const WeightsFit& fit) {
  return fit.compared >= kVariety && fit.compared_equal == 0;
}

// Not even half of what stands beside such weights is there.
bool IsAnotherOfTheKind(const WeightsFit& fit) {
  return ContentsDiffer(fit) && !VectorsAgree(fit, kHalf);
}

bool WeightsAgree(const WeightsFit& fit) {
  return IsShare(ExpectedKnown(fit), fit.weights, kOfModel) ||
         (fit.tensors >= kFewWeights && IsShare(fit.found, fit.tensors, kOfHierarchy));
}

bool ScopesAgree(const ScopesFit& scopes, const WeightsFit& fit) {
  const bool few = fit.weights < kFewWeights || fit.tensors < kFewWeights;
  return IsShare(scopes.known, scopes.scopes, kHalf) &&
         (few || IsShare(fit.possible(), fit.weights, kShapesBesideNames));
}

// Where the hierarchy lists no tensors, names of parameters alone are those of many models.
bool ParametersAgree(const AllFits& fits) {
  const ParametersFit& fit = fits.parameters;
  const ScopesFit& scopes = fits.scopes;
  const bool many = fit.parameters >= kFewParameters || fit.known == fit.parameters;
  const bool may_tell = fits.has_tensors || scopes.scopes < kFewParameters ||
                        IsShare(scopes.known, scopes.scopes, kShapesBesideNames);
  return many && may_tell && IsShare(fit.known, fit.parameters, kHalf);
}

bool OffersNames(const AllFits& fits) {
  return fits.scopes.scopes > 0 || fits.parameters.parameters > 0;
}

// All of the model's, or all of the hierarchy's in half of the model's; both, if contents differ.
bool ShapesAgree(const AllFits& fits) {
  const WeightsFit& fit = fits.weights;
  if (fit.weights < kFewWeights && OffersNames(fits)) return false;
  const bool whole_model = IsShare(fit.possible(), fit.weights, kShapesAlone) &&
                           IsShare(fit.shapes_known, fit.shapes, kShapesAlone) &&
                           (fit.shapes_known >= kVariety || IsShare(fit.taken, fit.tensors, kHalf));
  const bool whole_hierarchy = fit.taken == fit.tensors && fit.shapes_known >= kVariety &&
                               IsShare(fit.possible(), fit.weights, kHalf);
  const bool both = !ContentsDiffer(fit) || IsShare(fit.taken, fit.tensors, kTensorsTaken);
  return (whole_model || whole_hierarchy) && both && VectorsAgree(fit, kVectorsBesideShapes);
}

bool OffersNothing(const AllFits& fits) {
  return !OffersNames(fits) && (fits.weights.weights == 0 || fits.weights.tensors == 0);
}

bool IsPlausible(const AllFits& fits) {
  if (OffersNothing(fits)) return true;
  if (IsAnotherSize(fits)) return false;
  if (WeightsAgree(fits.weights)) return true;
  if (IsAnotherOfTheKind(fits.weights)) return false;
  return ScopesAgree(fits.scopes, fits.weights) || ParametersAgree(fits) || ShapesAgree(fits);
}

std::string Resized(const ParametersFit& fit, bool plausible) {
  if (fit.resized == 0) return "";
  const bool same_names = IsShare(fit.known + fit.resized, fit.parameters, kSameNames);
  return absl::StrCat(
      !plausible && same_names ? "a model of the same names and another size: " : "", fit.resized,
      " of ", fit.parameters, " parameters differ in shape, as ", fit.first_resized);
}

// Of each kind but the alignment, which places every node, the first that names a module.
std::vector<std::string> Examples(const MatchContext& context, const Strategy& strategy,
                                  const std::vector<MatchResult>& results) {
  std::vector<std::string> examples;
  for (size_t i = 0; i < results.size(); ++i) {
    const Matcher& matcher = *strategy.matchers[i];
    if (FactsOf(matcher.kind()).basis == EvidenceBasis::kAlignment) continue;
    for (const Candidate& candidate : results[i].candidates) {
      if (!candidate.exact || candidate.module == Hierarchy::root()) continue;
      examples.push_back(absl::StrCat(context.graph.Place(candidate.node), " ",
                                      matcher.Reason(context, candidate), " -> ",
                                      context.hierarchy.module(candidate.module).path));
      break;
    }
  }
  return examples;
}

}  // namespace

SidecarFit JudgeSidecar(const MatchContext& context, const Strategy& strategy,
                        const std::vector<MatchResult>& results) {
  SidecarFit fit;
  bool reads_tensors = false;
  for (size_t i = 0; i < results.size(); ++i) {
    const Matcher& matcher = *strategy.matchers[i];
    reads_tensors = reads_tensors || FactsOf(matcher.kind()).basis == EvidenceBasis::kReads;
    if (!matcher.judges_sidecar()) continue;
    fit.rows.push_back({std::string(NameOf(matcher.kind())), results[i].offer});
  }
  AllFits fits;
  fits.has_tensors = !context.hierarchy.tensors().empty();
  fits.scopes = FitScopes(context, strategy, results);
  fits.parameters = FitParameters(context);
  if (reads_tensors) fits.weights = FitWeights(context);
  fit.rows.push_back({"parameter names", {fits.parameters.parameters, fits.parameters.known}});
  fit.plausible = IsPlausible(fits);
  fit.resized = Resized(fits.parameters, fit.plausible);
  if (fit.plausible) return fit;
  fit.fitting = Examples(context, strategy, results);
  const WeightsFit& weights = fits.weights;
  if (!reads_tensors || weights.tensors == 0) return fit;
  fit.rows.push_back({"weights", {weights.weights, ExpectedKnown(weights)}});
  fit.rows.push_back({"shapes of weights", {weights.weights, weights.possible()}});
  return fit;
}

}  // namespace modelexport
