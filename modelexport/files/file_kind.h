// What a file that is no ONNX model seems to be, so that the error can say it.
#ifndef MODELEXPORT_FILES_FILE_KIND_H_
#define MODELEXPORT_FILES_FILE_KIND_H_

#include "absl/strings/string_view.h"

namespace modelexport {

// Judges by the first bytes (64 suffice), as "a Git LFS pointer; `git lfs pull` fetches the file".
// Empty where nothing is recognised.
absl::string_view DescribeForeignFile(absl::string_view first_bytes);

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_FILE_KIND_H_
