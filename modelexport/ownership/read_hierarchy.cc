#include "modelexport/ownership/read_hierarchy.h"

#include "modelexport/base/fault.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/evidence/names/named_hierarchy.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/hierarchy/readers/embedded_hierarchy.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"
#include "modelexport/ownership/owners_from_tags.h"

namespace modelexport {

absl::StatusOr<Hierarchy> ReadHierarchyFile(const std::string& path) {
  MX_ASSIGN_OR_RETURN(const auto file, OpenFile(path));
  MX_ASSIGN_OR_RETURN(const std::string json, file->ReadString({0, file->size()}));
  absl::StatusOr<Hierarchy> parsed = ParseHierarchy(json);
  if (!parsed.ok()) return Annotate(parsed.status(), path);
  return parsed;
}

absl::StatusOr<absl::string_view> DefaultSource(const ModelIndex& index) {
  if (HasTags(index)) return kTagsHierarchy;
  MX_ASSIGN_OR_RETURN(const bool carries, CarriesHierarchy(index));
  return carries ? kEmbeddedHierarchy : kNamesHierarchy;
}

absl::StatusOr<absl::string_view> SourceFor(const ModelIndex& index, absl::string_view word) {
  if (word.empty()) return DefaultSource(index);
  if (word != kEmbeddedHierarchy) return word;
  MX_ASSIGN_OR_RETURN(const bool carries, CarriesHierarchy(index));
  return carries ? word : kNamesHierarchy;
}

absl::StatusOr<Hierarchy> ReadHierarchyOf(const ModelIndex& index, absl::string_view source) {
  if (source == kTagsHierarchy) return ReadTaggedHierarchy(index);
  absl::StatusOr<Hierarchy> read =
      source == kEmbeddedHierarchy ? ReadEmbeddedHierarchy(index) : ReadHierarchyOfNames(index);
  if (!read.ok()) return Annotate(read.status(), index.source().name());
  return read;
}

}  // namespace modelexport
