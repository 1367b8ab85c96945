// Recognises other kinds of files in place of an ONNX model, so that the error can name them.
#ifndef MODELEXPORT_FILES_FILE_KIND_H_
#define MODELEXPORT_FILES_FILE_KIND_H_

#include "absl/strings/string_view.h"

namespace modelexport {

// Describes a file by its first bytes (64 suffice), as "a Git LFS pointer; `git lfs pull` fetches
// the file". Empty if nothing is recognised.
absl::string_view DescribeForeignFile(absl::string_view first_bytes);

}  // namespace modelexport

#endif  // MODELEXPORT_FILES_FILE_KIND_H_
