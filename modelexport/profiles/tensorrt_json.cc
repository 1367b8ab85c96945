#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/json/schema_json.h"
#include "modelexport/profiles/profile_forms.h"
#include "modelexport/profiles/tensorrt_layers.h"

namespace modelexport {
namespace {

enum Id : int { kTop, kEntry, kCount, kName, kTime, kLayers, kLayer, kMetadata };

constexpr JsonMember kEntryMembers[] = {
    {"count", {kCount, kJsonInteger}},
    {"name", {kName, kJsonString}},
    {"timeMs", {kTime, kJsonNumber}},
};
constexpr JsonSchema kEntrySchema = {kEntry, kJsonObject, kEntryMembers};
constexpr JsonSchema kProfileSchema = {kTop, kJsonList, {}, &kEntrySchema};

constexpr JsonMember kLayerMembers[] = {
    {"Name", {kName, kJsonString}},
    {"Metadata", {kMetadata, kJsonString}},
};
constexpr JsonSchema kLayerSchema = {kLayer, kJsonObject | kJsonString, kLayerMembers};
constexpr JsonMember kLayersMembers[] = {
    {"Layers", {kLayers, kJsonList, {}, &kLayerSchema}, /*required=*/true},
};
constexpr JsonSchema kLayersSchema = {kTop, kJsonObject, kLayersMembers};

struct Layer {
  std::string name, metadata;
  double milliseconds = 0;
};

class ProfileSink final : public JsonSink {
 public:
  void OnInteger(int, int64_t value) override { count = value; }
  void OnNumber(int, double value) override { layer_.milliseconds = value; }
  void OnString(int, absl::string_view value) override { layer_.name = std::string(value); }

  absl::Status OnEnd(int id) override {
    if (id != kEntry || layer_.name.empty()) return absl::OkStatus();
    if (layer_.milliseconds < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("layer \"", layer_.name, "\": timeMs is ", layer_.milliseconds));
    }
    layers.push_back(std::exchange(layer_, {}));
    return absl::OkStatus();
  }

  int64_t count = 0;  // How many runs the times are sums of.
  std::vector<Layer> layers;

 private:
  Layer layer_;
};

class LayersSink final : public JsonSink {
 public:
  void OnString(int id, absl::string_view value) override {
    if (id == kMetadata) {
      layer_.metadata = std::string(value);
      return;
    }
    layer_.name = std::string(value);
    // Without details a layer is its name.
    if (id == kLayer) layers.push_back(std::exchange(layer_, {}));
  }

  absl::Status OnEnd(int id) override {
    if (id == kLayer) layers.push_back(std::exchange(layer_, {}));
    return absl::OkStatus();
  }

  std::vector<Layer> layers;

 private:
  Layer layer_;
};

// Names have raw control characters: the separators of metadata.
std::string WithControlsEscaped(absl::string_view text) {
  std::string escaped;
  for (char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t') {
      escaped.push_back(c);
    } else {
      absl::StrAppendFormat(&escaped, "\\u%04x", static_cast<int>(c));
    }
  }
  return escaped;
}

absl::StatusOr<std::vector<Layer>> ReadLayers(const std::string& path,
                                              const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const auto file, OpenFile(path, cancelled));
  MX_ASSIGN_OR_RETURN(const std::string text, file->ReadString({0, file->size()}));
  LayersSink sink;
  const absl::Status read = ReadJson(WithControlsEscaped(text), kLayersSchema, &sink, cancelled);
  if (!read.ok()) return Annotate(read, path);
  return std::move(sink.layers);
}

// The metadata of each layer of a profile: by position where both files list the same layers, else
// by the name, the n-th of a name being that of the n-th.
std::vector<std::string> MetadataOf(const std::vector<Layer>& profile,
                                    const std::vector<Layer>& described) {
  absl::flat_hash_map<std::string, std::vector<const Layer*>> by_name;
  for (const Layer& layer : described) by_name[layer.name].push_back(&layer);
  absl::flat_hash_map<std::string, size_t> met;
  std::vector<std::string> metadata;
  for (const Layer& layer : profile) {
    const auto found = by_name.find(layer.name);
    const size_t n = met[layer.name]++;
    const bool is_known = found != by_name.end() && n < found->second.size();
    metadata.push_back(is_known ? found->second[n]->metadata : "");
  }
  return metadata;
}

Profile ProfileOf(const ProfileSink& sink, const std::vector<Layer>& described) {
  Profile profile;
  const std::vector<std::string> metadata = MetadataOf(sink.layers, described);
  profile.runs.kept = profile.runs.seen = std::max<int64_t>(sink.count, 1);
  for (size_t i = 0; i < sink.layers.size(); ++i) {
    Kernel& kernel = profile.kernels.emplace_back();
    kernel.name = sink.layers[i].name;
    kernel.own = 1000 * sink.layers[i].milliseconds;
    kernel.executions = profile.runs.kept;
    LayerParts parts = PartsOfMetadata(metadata[i]);
    if (parts.names.empty()) parts = PartsOfLayerName(kernel.name);
    kernel.parts = std::move(parts.names);
    kernel.parts_are_ends = parts.are_ends;
  }
  return profile;
}

// Names are written as they are, with quotes and backslashes: those of lines as TensorRT writes
// them are escaped here.
std::string WithNamesEscaped(absl::string_view text) {
  constexpr absl::string_view kBefore = "\"name\" : \"", kAfter = "\", \"timeMs\"";
  std::string escaped;
  while (true) {
    const size_t begin = text.find(kBefore);
    const size_t end = text.find(kAfter, begin);
    if (begin == absl::string_view::npos || end == absl::string_view::npos) break;
    absl::StrAppend(&escaped, text.substr(0, begin + kBefore.size() - 1));
    AppendJsonString(text.substr(begin + kBefore.size(), end - begin - kBefore.size()), &escaped);
    text.remove_prefix(end + 1);
  }
  return absl::StrCat(escaped, text);
}

}  // namespace

absl::StatusOr<Profile> ReadTensorRtProfile(const ByteSource& source,
                                            const ProfileOptions& options) {
  std::vector<Layer> described;
  if (!options.layers.empty()) {
    MX_ASSIGN_OR_RETURN(described, ReadLayers(options.layers, options.cancelled));
  }
  MX_ASSIGN_OR_RETURN(const std::string text, source.ReadString({0, source.size()}));
  ProfileSink sink;
  const absl::Status as_it_is = ReadJson(text, kProfileSchema, &sink, options.cancelled);
  if (as_it_is.ok()) return ProfileOf(sink, described);
  ProfileSink escaped;
  const absl::Status read =
      ReadJson(WithNamesEscaped(text), kProfileSchema, &escaped, options.cancelled);
  if (!read.ok()) return as_it_is;
  return ProfileOf(escaped, described);
}

}  // namespace modelexport
