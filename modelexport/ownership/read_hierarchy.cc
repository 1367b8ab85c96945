#include "modelexport/ownership/read_hierarchy.h"

#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/evidence/names/named_hierarchy.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/hierarchy/readers/embedded_hierarchy.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"
#include "modelexport/ownership/owners_from_tags.h"

namespace modelexport {

absl::StatusOr<Hierarchy> ReadHierarchyFile(const std::string& path,
                                            const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const auto file, OpenFile(path));
  MX_ASSIGN_OR_RETURN(const std::string json, file->ReadString({0, file->size()}));
  absl::StatusOr<Hierarchy> parsed = ParseHierarchy(json, cancelled);
  if (!parsed.ok()) return Annotate(parsed.status(), path);
  return parsed;
}

absl::StatusOr<absl::string_view> DefaultSource(const ModelIndex& index,
                                                const std::atomic<bool>* cancelled) {
  if (HasTags(index)) return kTagsHierarchy;
  MX_ASSIGN_OR_RETURN(const bool carries, CarriesHierarchy(index, cancelled));
  return carries ? kEmbeddedHierarchy : kNamesHierarchy;
}

absl::StatusOr<absl::string_view> SourceFor(const ModelIndex& index, absl::string_view word,
                                            const std::atomic<bool>* cancelled) {
  if (word.empty()) return DefaultSource(index, cancelled);
  if (word != kEmbeddedHierarchy) return word;
  MX_ASSIGN_OR_RETURN(const bool carries, CarriesHierarchy(index, cancelled));
  return carries ? word : kNamesHierarchy;
}

absl::StatusOr<Hierarchy> ReadHierarchyOf(const ModelIndex& index, absl::string_view source,
                                          const std::atomic<bool>* cancelled) {
  if (source == kTagsHierarchy) return ReadTaggedHierarchy(index, cancelled);
  absl::StatusOr<Hierarchy> read = source == kEmbeddedHierarchy
                                       ? ReadEmbeddedHierarchy(index, cancelled)
                                       : ReadHierarchyOfNames(index, cancelled);
  if (!read.ok()) return Annotate(read.status(), index.source().name());
  return read;
}

}  // namespace modelexport
