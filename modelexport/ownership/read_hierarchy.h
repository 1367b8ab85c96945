// A hierarchy as commands name it: a file, another tagged model, or what the model itself carries.
#ifndef MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_
#define MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_

#include <atomic>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "modelexport/hierarchy/hierarchy.h"
#include "modelexport/onnx/model_index.h"

namespace modelexport {

// The hierarchy that the model itself carries (hierarchy/readers/embedded_hierarchy.h), as the path
// of one. A file of that name is reached as "./embedded".
inline constexpr absl::string_view kEmbeddedHierarchy = "embedded";

// Modules that are read off the names in the model (evidence/names/named_hierarchy.h).
inline constexpr absl::string_view kNamesHierarchy = "names";

// The tags of the model itself (owners_from_tags.h), for commands that read owners. Those that find
// owners anew take it for a path.
inline constexpr absl::string_view kTagsHierarchy = "tags";

// Whether `hierarchy` is none of a file, but what the model itself says: one of these words, or "".
bool IsOfModel(absl::string_view hierarchy);

// A sidecar or another tagged model, by content. Errors name the file and the JSON path, or the
// node or byte offset. The functions of this header end soon, with kCancelled, once `*cancelled` is
// true; null: never.
absl::StatusOr<Hierarchy> ReadHierarchyFile(const std::string& path,
                                            const std::atomic<bool>* cancelled = nullptr);

// Whether the file at `path` seems to be a model (SeemsModel() in tagged_model.h); false if it
// cannot be read.
bool IsModelFile(const std::string& path);

// The hierarchy of the tagged model at `path`. `other` is called once it is known to be a model,
// and returns what it is to be matched with, or null (TaggedModelOptions::other).
absl::StatusOr<Hierarchy> ReadTaggedFile(const std::string& path,
                                         absl::FunctionRef<const ModelIndex*()> other,
                                         const std::atomic<bool>* cancelled = nullptr);

// Which of these words a command that reads owners takes if none is given: kTagsHierarchy if any
// node is tagged, else kEmbeddedHierarchy if the model carries a hierarchy, else kNamesHierarchy.
// An error if the model's metadata cannot be read.
absl::StatusOr<absl::string_view> DefaultSource(const ModelIndex& index,
                                                const std::atomic<bool>* cancelled = nullptr);

// The word by which a model is read for which `word` is asked for: kNamesHierarchy for
// kEmbeddedHierarchy where the model carries no hierarchy, and DefaultSource() for "". The same
// errors.
absl::StatusOr<absl::string_view> SourceFor(const ModelIndex& index, absl::string_view word,
                                            const std::atomic<bool>* cancelled = nullptr);

// What the model of `index` says by itself, as `source`, one of the words above. Errors name the
// model.
absl::StatusOr<Hierarchy> ReadHierarchyOf(const ModelIndex& index, absl::string_view source,
                                          const std::atomic<bool>* cancelled = nullptr);

}  // namespace modelexport

#endif  // MODELEXPORT_OWNERSHIP_READ_HIERARCHY_H_
