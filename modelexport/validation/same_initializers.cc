#include "modelexport/validation/same_initializers.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "modelexport/base/quoted.h"
#include "modelexport/base/status_macros.h"
#include "modelexport/validation/same_bytes.h"

namespace modelexport {
namespace {

absl::StatusOr<bool> AreSame(const ModelIndex& my_index, const TensorRecord& mine,
                             const ModelIndex& their_index, const TensorRecord& theirs,
                             ValidationLevel level) {
  if (mine.data_type != theirs.data_type) return false;
  if (my_index.dims(mine) != their_index.dims(theirs)) return false;
  if (mine.external_location.valid() != theirs.external_location.valid()) return false;
  if (mine.external_location.valid()) return true;
  if (level != ValidationLevel::kFull) return mine.range.size() == theirs.range.size();
  return HaveSameBytes(my_index.source(), mine.range, their_index.source(), theirs.range);
}

}  // namespace

absl::Status CompareInitializers(const InitializersOf& mine, const InitializersOf& theirs,
                                 ValidationLevel level, Findings* findings) {
  absl::flat_hash_map<absl::string_view, const TensorRecord*> expected;
  for (const uint32_t t : theirs.tensors) {
    const TensorRecord& tensor = theirs.index.tensors()[t];
    if (tensor.role == TensorRecord::Role::kAttribute) continue;
    expected.emplace(theirs.index.text(tensor.name), &tensor);
  }
  for (const uint32_t t : mine.tensors) {
    const TensorRecord& tensor = mine.index.tensors()[t];
    if (tensor.role == TensorRecord::Role::kAttribute) continue;
    const absl::string_view name = mine.index.text(tensor.name);
    const auto found = expected.find(name);
    const bool known = found != expected.end();
    MX_ASSIGN_OR_RETURN(
        const bool same,
        known ? AreSame(mine.index, tensor, theirs.index, *found->second, level) : false);
    if (same || !findings->Count(known ? "diff.payload" : "diff.extra")) continue;
    findings->Keep(known ? "diff.payload" : "diff.extra",
                   absl::StrCat("initializer ", Quoted(name)),
                   known ? "is not that of the original" : "the original has none");
  }
  return absl::OkStatus();
}

}  // namespace modelexport
