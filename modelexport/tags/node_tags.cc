#include "modelexport/tags/node_tags.h"

#include "modelexport/tags/keys.h"

namespace modelexport {

std::vector<std::string> NodeTagKeys() {
  std::vector<std::string> keys;
  for (const absl::string_view key :
       {kModuleKey, kTagKey, kEvidenceKey, kCallKey, kAlsoKey, kSubmoduleKey}) {
    keys.emplace_back(key);
  }
  return keys;
}

NodeTags TagsOf(const GraphView& graph, NodeId node) {
  const ModelIndex& index = graph.index();
  NodeTags tags;
  const absl::Span<const MetadataEntry> entries = index.metadata(node);
  // From the last to the first, whose value stays.
  for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
    const MetadataEntry& entry = *at;
    if (!entry.loaded.valid()) continue;
    const absl::string_view key = index.text(entry.key);
    const absl::string_view value = index.text(entry.loaded);
    if (key == kModuleKey) tags.module = value;
    if (key == kTagKey) tags.tag = value;
    if (key == kEvidenceKey) tags.evidence = value;
    if (key == kCallKey) tags.call = value;
    if (key == kAlsoKey) tags.also = value;
    if (key == kSubmoduleKey) tags.submodule = value;
  }
  return tags;
}

}  // namespace modelexport
