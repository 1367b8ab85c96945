#include "modelexport/modelexport.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/commands/command_line.h"
#include "modelexport/commands/tag.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/tags/preset_set.h"

namespace modelexport {
namespace {

absl::StatusOr<Strategy> StrategyOf(const std::string& name) {
  for (Strategy& strategy : StandardStrategies()) {
    if (strategy.name == name) return std::move(strategy);
  }
  return UsageError(absl::StrCat("strategy \"", name, "\": there is none of this name"));
}

absl::StatusOr<PresetSet> PresetsOf(const std::vector<std::string>& keys) {
  PresetSet presets;
  for (const std::string& name : keys) {
    const Preset* const preset = FindPreset(name);
    if (preset == nullptr) {
      return UsageError(absl::StrCat("keys: there is no preset \"", name, "\""));
    }
    presets = presets | PresetSet(*preset);
  }
  if (presets.empty()) return UsageError("keys: no preset is given");
  return presets;
}

// What the system would understand as another path.
absl::Status CheckPath(absl::string_view name, absl::string_view path) {
  if (path.empty()) return UsageError(absl::StrCat(name, ": is empty"));
  if (absl::StrContains(path, '\0')) return UsageError(absl::StrCat(name, ": has a zero byte"));
  return absl::OkStatus();
}

absl::StatusOr<TagFileRequest> FileRequest(const TagRequest& request) {
  MX_RETURN_IF_ERROR(CheckPath("model", request.model));
  MX_RETURN_IF_ERROR(CheckPath("hierarchy", request.hierarchy));
  MX_RETURN_IF_ERROR(CheckPath("output", request.output));
  // Also refuses what is no number.
  if (!(request.min_coverage >= 0 && request.min_coverage <= 1)) {
    return UsageError("min_coverage: is no number from 0 to 1");
  }
  if (!(request.min_confidence >= 0 && request.min_confidence <= 1)) {
    return UsageError("min_confidence: is no number from 0 to 1");
  }
  TagFileRequest file;
  static_cast<TagOptions&>(file) = request;
  MX_ASSIGN_OR_RETURN(file.strategy, StrategyOf(request.strategy));
  MX_ASSIGN_OR_RETURN(file.presets, PresetsOf(request.keys));
  return file;
}

}  // namespace

absl::StatusOr<TagResult> Tag(const TagRequest& request) {
  MX_ASSIGN_OR_RETURN(const TagFileRequest file, FileRequest(request));
  TagOutcome outcome = TagFile(file);
  MX_RETURN_IF_ERROR(outcome.status);
  return TagResult{std::move(outcome.report)};
}

}  // namespace modelexport
