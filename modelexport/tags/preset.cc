#include "modelexport/tags/preset.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "modelexport/tags/also_value.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

bool RenderModelexport(const TagContext& context, const TagFacts& tag,
                       std::vector<TagEntry>* entries) {
  const Module& module = context.hierarchy.module(tag.module);
  if (tag.base.valid()) {
    entries->push_back(
        {kSubmoduleKey, std::string(context.hierarchy.PathBelow(tag.base, tag.module))});
  } else {
    entries->push_back({kModuleKey, std::string(module.path)});
    entries->push_back({kTagKey, context.class_paths.Of(tag.module)});
  }
  entries->push_back({kEvidenceKey, std::string(NameOf(tag.evidence))});
  if (tag.call.has_value() && !tag.base.valid()) {
    entries->push_back({kCallKey, absl::StrCat(*tag.call)});
  }
  if (!tag.also.empty() && !tag.base.valid()) {
    entries->push_back({kAlsoKey, RenderAlso(context.hierarchy, tag.also)});
  }
  return true;
}

bool RenderWinml(const TagContext& context, const TagFacts& tag, std::vector<TagEntry>* entries) {
  if (tag.base.valid()) return true;
  entries->push_back({kWinmlTagKey, context.class_paths.Of(tag.module)});
  entries->push_back({kWinmlDepthKey, absl::StrCat(context.class_paths.DepthOf(tag.module))});
  return true;
}

// The adapter splits at every slash, drops what is empty, and joins the rest by slashes again; the
// viewer takes "\/" for a slash in a name, and only what follows the last ";".
bool SurvivesModelExplorer(absl::string_view name_space) {
  for (const char* lost : {"\\\\", "\\//", ";"}) {
    if (absl::StrContains(name_space, lost)) return false;
  }
  return !name_space.empty() && !absl::EndsWith(name_space, "/");
}

bool RenderModelExplorer(const TagContext& context, const TagFacts& tag,
                         std::vector<TagEntry>* entries) {
  if (tag.base.valid()) return true;
  const std::string path = context.class_paths.Of(tag.module);
  const absl::string_view name_space = absl::StripPrefix(path, "/");
  if (!SurvivesModelExplorer(name_space)) return false;
  entries->push_back({kNamespaceKey, std::string(name_space)});
  return true;
}

bool RenderLayerAnn(const TagContext& context, const TagFacts& tag,
                    std::vector<TagEntry>* entries) {
  const absl::string_view path = context.hierarchy.module(tag.module).path;
  if (tag.base.valid() || path.empty()) return true;
  if (path.find_first_of("(),;") != path.npos) return false;
  entries->push_back({kLayerAnnKey, absl::StrCat(absl::StrReplaceAll(path, {{".", "/"}}), "/")});
  return true;
}

constexpr absl::string_view kModelexportKeys[] = {kModuleKey, kTagKey,       kEvidenceKey, kCallKey,
                                                  kAlsoKey,   kSubmoduleKey, kForeignKey};
constexpr absl::string_view kWinmlKeys[] = {kWinmlTagKey, kWinmlDepthKey};
constexpr absl::string_view kModelExplorerKeys[] = {kNamespaceKey};
constexpr absl::string_view kLayerAnnKeys[] = {kLayerAnnKey};

constexpr Preset kPresets[] = {
    {"modelexport", kModelexportKeys, RenderModelexport, ""},
    {"winml", kWinmlKeys, RenderWinml, ""},
    {"model_explorer", kModelExplorerKeys, RenderModelExplorer,
     "a name in the module's class path has ';' or '\\' or ends in '/'"},
    {"layer_ann", kLayerAnnKeys, RenderLayerAnn, "the module's path has '(', ')', ',' or ';'"},
};

}  // namespace

absl::Span<const Preset> Presets() { return kPresets; }

const Preset* FindPreset(absl::string_view name) {
  for (const Preset& preset : kPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

const Preset* FindPresetOfKey(absl::string_view key) {
  if (KeepsNames(key)) return nullptr;
  if (IsOwnKey(key)) return kPresets;
  for (const Preset& preset : kPresets) {
    if (std::find(preset.keys.begin(), preset.keys.end(), key) != preset.keys.end()) return &preset;
  }
  return nullptr;
}

}  // namespace modelexport
