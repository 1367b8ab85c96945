// The common case of tagging, told apart in memory at the speed of memcmp.
#ifndef MODELEXPORT_VALIDATION_ADDED_ENTRIES_H_
#define MODELEXPORT_VALIDATION_ADDED_ENTRIES_H_

#include "absl/strings/string_view.h"

namespace modelexport {

// Whether `after`, the content of a NodeProto, is `before` with nothing but metadata entries behind
// it whose key `may_differ`. Sets `has_entries` to whether `after` has any such entry anywhere.
//
// False also where the answer would take more work: groups, malformed fields, keys of an entry that
// do not stand first.
bool OnlyEntriesAdded(absl::string_view before, absl::string_view after,
                      bool (*may_differ)(absl::string_view key), bool* has_entries);

}  // namespace modelexport

#endif  // MODELEXPORT_VALIDATION_ADDED_ENTRIES_H_
