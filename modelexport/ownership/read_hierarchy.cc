#include "modelexport/ownership/read_hierarchy.h"

#include <algorithm>
#include <cstdint>

#include "modelexport/base/fault.h"
#include "modelexport/base/nearest.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/evidence/names/named_hierarchy.h"
#include "modelexport/files/byte_source.h"
#include "modelexport/files/folder.h"
#include "modelexport/graph/model_file.h"
#include "modelexport/hierarchy/readers/embedded_hierarchy.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"
#include "modelexport/hierarchy/readers/tagged_model.h"
#include "modelexport/ownership/owners_from_tags.h"

namespace modelexport {
namespace {

// For `path` that cannot be opened and may be a mistyped word.
absl::Status HintAtWord(const absl::Status& error, const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::string hint =
      DidYouMean(name, {std::string(kEmbeddedHierarchy), std::string(kNamesHierarchy)});
  return hint.empty() ? error : AddHint(error, hint.substr(2));
}

}  // namespace

bool IsOfModel(absl::string_view hierarchy) {
  return hierarchy.empty() || hierarchy == kTagsHierarchy || hierarchy == kEmbeddedHierarchy ||
         hierarchy == kNamesHierarchy;
}

absl::StatusOr<Hierarchy> ReadHierarchyFile(const std::string& path,
                                            const std::atomic<bool>* cancelled) {
  if (IsModelFile(path)) {
    return ReadTaggedFile(
        path, []() -> const ModelIndex* { return nullptr; }, cancelled);
  }
  const auto file = OpenFile(path);
  if (!file.ok()) return HintAtWord(file.status(), path);
  MX_ASSIGN_OR_RETURN(const std::string json, (*file)->ReadString({0, (*file)->size()}));
  absl::StatusOr<Hierarchy> parsed = ParseHierarchy(json, cancelled);
  if (!parsed.ok()) return Annotate(parsed.status(), path);
  return parsed;
}

bool IsModelFile(const std::string& path) {
  constexpr uint64_t kEnough = 64;
  const auto file = OpenFile(path);
  if (!file.ok()) return false;
  const auto begin = (*file)->ReadString({0, std::min(kEnough, (*file)->size())});
  return begin.ok() && SeemsModel(*begin);
}

absl::StatusOr<Hierarchy> ReadTaggedFile(const std::string& path,
                                         absl::FunctionRef<const ModelIndex*()> other,
                                         const std::atomic<bool>* cancelled) {
  MX_ASSIGN_OR_RETURN(const ModelFile file, ModelFile::Open(path, TaggedModelKeys()));
  absl::StatusOr<Hierarchy> read =
      ReadTaggedModel(file.graph(), {FolderOf(path), other(), cancelled});
  if (!read.ok()) return Annotate(read.status(), path);
  return read;
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
