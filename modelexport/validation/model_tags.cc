#include "modelexport/validation/model_tags.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "modelexport/base/quoted.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/tags/keys.h"
#include "modelexport/tags/preset.h"

namespace modelexport {
namespace {

constexpr char kPlace[] = "model";

bool SameModule(const Module& a, const Module& b) {
  return a.path == b.path && a.class_name == b.class_name && a.calls == b.calls &&
         a.aliases == b.aliases && a.implied == b.implied && a.traced_tag == b.traced_tag;
}

// What differs first; "" if nothing does.
std::string Difference(const Hierarchy& embedded, const Hierarchy& given) {
  const auto& a = embedded.modules();
  const auto& b = given.modules();
  const auto differing = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), SameModule);
  if (differing.first == a.end() && differing.second == b.end()) return "";
  const std::string counts = absl::StrCat(" (", a.size(), " modules, given ", b.size(), ")");
  if (differing.first == a.end()) {
    return absl::StrCat("lacks module ", Quoted(differing.second->path), counts);
  }
  return absl::StrCat("differs from the given one in module ", Quoted(differing.first->path),
                      counts);
}

}  // namespace

void ModelTags::Add(absl::string_view key, absl::string_view value, Findings* findings) {
  if (key == kRenamedKey) return;
  if (!IsModelKey(key)) {
    findings->Add(IsNodeKey(key) ? "tag.misplaced" : "tag.unknown_key", kPlace,
                  absl::StrCat("key ", Quoted(key)));
    return;
  }
  absl::optional<std::string>& slot = key == kPresetsKey ? presets : hierarchy;
  if (slot.has_value()) {
    findings->Add("tag.duplicate_key", kPlace, absl::StrCat(key, " is there again"));
    return;
  }
  slot.emplace(value);
}

PresetSet CheckPresets(const ModelTags& tags, Findings* findings) {
  if (!tags.presets.has_value()) {
    findings->Add("model.presets", kPlace, absl::StrCat("no ", kPresetsKey));
    return PresetSet::Default();
  }
  PresetSet seen;
  for (const absl::string_view name : absl::StrSplit(*tags.presets, ',')) {
    const Preset* const preset = FindPreset(name);
    if (preset == nullptr) {
      findings->Add("model.presets", kPlace, absl::StrCat("no preset is called ", Quoted(name)));
    } else if (seen.contains(*preset)) {
      findings->Add("model.presets", kPlace, absl::StrCat(Quoted(name), " is there again"));
    } else {
      seen = seen | PresetSet(*preset);
    }
  }
  return PresetSet::Parse(*tags.presets);
}

absl::StatusOr<ModelOutline> ReadOutline(const ByteSource& source) {
  using namespace string_entry_proto;
  ModelOutline outline;
  Cursor cursor(source);
  Field entry, field;
  while (cursor.Next(&entry)) {
    if (entry.number == model_proto::kFunctions) outline.has_functions = true;
    if (entry.number != model_proto::kMetadata) continue;
    if (entry.type != WireType::kBytes) continue;
    Range key, value;
    const Cursor::Message message(cursor, entry);
    while (cursor.Next(&field)) {
      if (field.type != WireType::kBytes) continue;
      if (field.number == kKey) key = field.payload();
      if (field.number == kValue) value = field.payload();
    }
    if (outline.presets.has_value() || cursor.Bytes(key) != kPresetsKey) continue;
    outline.presets = PresetSet::Parse(cursor.Bytes(value));
  }
  MX_RETURN_IF_ERROR(cursor.status());
  return outline;
}

absl::optional<Hierarchy> CheckEmbedded(const ModelTags& tags, const Hierarchy* given,
                                        Findings* findings) {
  if (!tags.hierarchy.has_value()) return absl::nullopt;
  // Several times as fast as parsing, and what a file that was just tagged has.
  if (given != nullptr && *tags.hierarchy == RenderEmbedded(*given)) return absl::nullopt;
  absl::StatusOr<Hierarchy> embedded = ParseSidecar(*tags.hierarchy);
  if (!embedded.ok()) {
    findings->Add("model.hierarchy", kPlace,
                  absl::StrCat(kHierarchyKey, ": ", embedded.status().message()));
    return absl::nullopt;
  }
  const std::string difference = given == nullptr ? "" : Difference(*embedded, *given);
  if (!difference.empty()) {
    findings->Add("model.hierarchy", kPlace, absl::StrCat(kHierarchyKey, " ", difference));
  }
  return *std::move(embedded);
}

}  // namespace modelexport
