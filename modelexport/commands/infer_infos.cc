#include "modelexport/commands/infer_infos.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/edits/light_inference.h"
#include "modelexport/graph/value_types.h"

namespace modelexport {
namespace {

bool AreComplete(absl::Span<const ValueInfo> infos) {
  return std::all_of(infos.begin(), infos.end(),
                     [](const ValueInfo& info) { return info.is_complete(); });
}

}  // namespace

absl::StatusOr<std::vector<ValueInfo>> InferInfos(const GraphView& graph,
                                                  const Declarations& declared,
                                                  absl::Span<const ValueId> values,
                                                  const TypeInference& inference,
                                                  std::vector<std::string>* warnings) {
  MX_ASSIGN_OR_RETURN(const ValueTypes types, ValueTypes::Read(graph, declared));
  MX_ASSIGN_OR_RETURN(std::vector<ValueInfo> infos, DeclaredInfos(graph, types, values));
  if (AreComplete(infos) || !inference) return infos;
  const absl::StatusOr<std::vector<InferredType>> inferred = InferTypes(graph, declared, inference);
  if (absl::IsFailedPrecondition(inferred.status())) {
    warnings->push_back(absl::StrCat("types could not be inferred: ", inferred.status().message()));
    return infos;
  }
  MX_RETURN_IF_ERROR(inferred.status());
  MX_RETURN_IF_ERROR(TakeInferred(graph, *inferred, &infos));
  return infos;
}

absl::Status RefuseIncomplete(const GraphView& graph, absl::Span<const ValueInfo> infos) {
  if (AreComplete(infos)) return absl::OkStatus();
  const auto is_incomplete = [](const ValueInfo& info) { return !info.is_complete(); };
  const size_t count = std::count_if(infos.begin(), infos.end(), is_incomplete);
  const auto first = std::find_if(infos.begin(), infos.end(), is_incomplete);
  return WithFault(
      absl::FailedPreconditionError(absl::StrCat(
          "the type or rank of ", count, count == 1 ? " value is" : " values is",
          " not known, first of \"", absl::Utf8SafeCHexEscape(graph.name(first->value)), "\"")),
      Fault::kJudged);
}

}  // namespace modelexport
