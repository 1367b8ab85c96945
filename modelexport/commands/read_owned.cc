#include "modelexport/commands/read_owned.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/stages.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command.h"
#include "modelexport/ownership/read_hierarchy.h"

namespace modelexport {

Flag SourceFlag(std::string* source) {
  return {"hierarchy", "FILE|tags|embedded|names",
          "Where the modules of nodes come from: a sidecar, IN's own tags, the scopes that IN's "
          "exporter wrote, names alone. Default: the first of the last three that IN has.",
          [source](const std::string& value) {
            if (value.empty()) return absl::InvalidArgumentError("is empty");
            *source = value == kTagsHierarchy ? value : HierarchyPath(value);
            return absl::OkStatus();
          }};
}

absl::StatusOr<OwnedModel> ReadOwned(const std::string& path, const std::string& source,
                                     const std::atomic<bool>* cancelled,
                                     const std::vector<std::string>& load) {
  MX_ASSIGN_OR_RETURN(const Strategy strategy, ChooseStrategy("auto"));
  MX_ASSIGN_OR_RETURN(OwnedModel owned,
                      OwnModel({path, source, load}, strategy, Stages({cancelled, {}}), cancelled));
  MX_RETURN_IF_ERROR(RefuseOtherModel(owned.fit, path, owned.source, ""));
  return owned;
}

absl::Status RefuseOtherModel(const SidecarFit& fit, absl::string_view model,
                              absl::string_view hierarchy, absl::string_view advice) {
  if (fit.plausible) return absl::OkStatus();
  std::string offers;
  for (const SidecarFit::Row& row : fit.rows) {
    if (row.offer.offered == 0) continue;
    absl::StrAppend(&offers, offers.empty() ? "" : ", ", row.kind, " ", row.offer.resolved, " of ",
                    row.offer.offered);
  }
  std::string more;
  if (!fit.resized.empty()) absl::StrAppend(&more, "; ", fit.resized);
  if (!fit.fitting.empty()) {
    absl::StrAppend(&more, "; what fits: ", absl::StrJoin(fit.fitting, "; "));
  }
  const std::string what =
      IsOfModel(hierarchy) ? absl::StrCat(model, ": its own") : absl::StrCat(hierarchy, ":");
  return WithFault(
      absl::FailedPreconditionError(absl::StrCat(what, " hierarchy does not describe this model (",
                                                 offers, " resolve", more, ")", advice)),
      Fault::kJudged);
}

}  // namespace modelexport
