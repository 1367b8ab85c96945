// Keys of the program's own in metadata where it writes none: all but that of nodes and the model.
#ifndef MODELEXPORT_VALIDATION_MISPLACED_KEYS_H_
#define MODELEXPORT_VALIDATION_MISPLACED_KEYS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "modelexport/proto/cursor.h"

namespace modelexport {

// What has metadata, or holds what has. kEntry is one entry of it.
enum class MetadataHolder : uint8_t {
  kNone,
  kTrainingInfo,
  kGraph,
  kFunction,
  kNode,
  kAttribute,
  kTensor,
  kSparseTensor,
  kValueInfo,
  kEntry,
};

// What field `number` of a message of kind `holder` is.
MetadataHolder HolderInField(MetadataHolder holder, uint32_t number);

// The keys that were found in one place.
class MisplacedKeys {
 public:
  // Takes in what `at`, a field at which `cursor` is, holds at any depth. Payloads are not read.
  // Malformed entries and value infos are passed over, and of what is longer only the first 64 KiB
  // of a value info and 4 KiB of an entry are looked at; other malformed messages are errors of
  // `cursor`. A field of another type than the schema gives it is passed over.
  void FindIn(MetadataHolder holder, const Field& at, Cursor* cursor) {
    FindIn(holder, at, 0, cursor);
  }

  bool empty() const { return count_ == 0; }

  // For a finding: the first key, and how many entries there are besides.
  std::string ToText() const;

 private:
  void FindIn(MetadataHolder holder, const Field& at, int depth, Cursor* cursor);
  void FindInValueInfo(absl::string_view value_info);
  void TakeEntry(absl::string_view entry);

  uint64_t count_ = 0;
  std::string first_;
};

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_MISPLACED_KEYS_H_
