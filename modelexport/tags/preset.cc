#include "modelexport/tags/preset.h"

#include "absl/strings/str_cat.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

// The path of `module` below `base`, "" for `base` itself.
absl::string_view PathBelow(const Module& base, const Module& module) {
  absl::string_view path = module.path;
  path.remove_prefix(base.path.size());
  if (!path.empty() && path[0] == '.') path.remove_prefix(1);
  return path;
}

void RenderModelexport(const TagContext& context, const Tag& tag, std::vector<TagEntry>* entries) {
  const Module& module = context.hierarchy.module(tag.module);
  if (tag.base.valid()) {
    const Module& base = context.hierarchy.module(tag.base);
    entries->push_back({kSubmoduleKey, std::string(PathBelow(base, module))});
  } else {
    entries->push_back({kModuleKey, std::string(module.path)});
    entries->push_back({kTagKey, context.class_paths.Of(tag.module)});
  }
  entries->push_back({kEvidenceKey, std::string(NameOf(tag.evidence))});
  if (tag.call.has_value() && !tag.base.valid()) {
    entries->push_back({kCallKey, absl::StrCat(*tag.call)});
  }
}

constexpr Preset kPresets[] = {
    {"modelexport", RenderModelexport},
};

}  // namespace

absl::Span<const Preset> Presets() { return kPresets; }

const Preset* FindPreset(absl::string_view name) {
  for (const Preset& preset : kPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace modelexport
