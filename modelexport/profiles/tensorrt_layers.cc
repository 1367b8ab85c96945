#include "modelexport/profiles/tensorrt_layers.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace modelexport {
namespace {

constexpr absl::string_view kEntry = "[ONNX Layer: ";
constexpr absl::string_view kFunction = " | Local Function:";

void AddOnce(absl::string_view name, std::vector<std::string>* names) {
  if (name.empty() || std::find(names->begin(), names->end(), name) != names->end()) return;
  names->emplace_back(name);
}

// Of one entry, from its name on: without the bracket at its end and what parts it from the next.
absl::string_view EntryName(absl::string_view entry) {
  while (!entry.empty() && (entry.back() == '\x1e' || entry.back() == '\x1f')) {
    entry.remove_suffix(1);
  }
  entry = absl::StripSuffix(entry, "]");
  return entry.substr(0, entry.find(kFunction));
}

// "PWN(a, PWN(b))" as "a", "b".
void AddPointwise(absl::string_view text, std::vector<std::string>* names) {
  text = absl::StripAsciiWhitespace(text);
  bool is_pointwise = false;
  while (absl::ConsumePrefix(&text, "PWN(")) is_pointwise = true;
  if (!is_pointwise) return AddOnce(text, names);
  for (absl::string_view part : absl::StrSplit(text, ", ")) {
    while (absl::ConsumePrefix(&part, "PWN(")) {
    }
    while (absl::ConsumeSuffix(&part, ")")) {
    }
    AddOnce(absl::StripAsciiWhitespace(part), names);
  }
}

}  // namespace

LayerParts PartsOfMetadata(absl::string_view metadata) {
  LayerParts parts;
  size_t begin = metadata.find(kEntry);
  while (begin != absl::string_view::npos) {
    begin += kEntry.size();
    const size_t next = metadata.find(kEntry, begin);
    AddOnce(
        EntryName(metadata.substr(begin, next == absl::string_view::npos ? next : next - begin)),
        &parts.names);
    begin = next;
  }
  return parts;
}

LayerParts PartsOfLayerName(absl::string_view name) {
  LayerParts parts;
  if (absl::ConsumePrefix(&name, "{ForeignNode[")) {
    absl::ConsumeSuffix(&name, "}");
    absl::ConsumeSuffix(&name, "]");
    const size_t dots = name.find("...");
    AddOnce(name.substr(0, dots), &parts.names);
    if (dots != absl::string_view::npos) AddOnce(name.substr(dots + 3), &parts.names);
    parts.are_ends = dots != absl::string_view::npos;
    return parts;
  }
  if (absl::StartsWith(name, "Reformatting CopyNode")) {
    const size_t to = name.find(" to ");
    if (to != absl::string_view::npos) name.remove_prefix(to + 4);
  }
  for (absl::string_view part : absl::StrSplit(name, " + ")) AddPointwise(part, &parts.names);
  return parts;
}

}  // namespace modelexport
