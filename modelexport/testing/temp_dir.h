// A folder for one test, removed with everything in it.
//
//   TempDir dir;
//   dir.Write("sub/in.onnx", "bytes");
//   EXPECT_EQ(dir.Listing(), "sub/\nsub/in.onnx 5\n");
#ifndef MODELEXPORT_TESTING_TEMP_DIR_H_
#define MODELEXPORT_TESTING_TEMP_DIR_H_

#include <string>

#include "absl/strings/string_view.h"

namespace modelexport::testing {

// The bytes of a file, such as one of testdata/. A failure of the running test if there is none.
std::string ReadFile(const std::string& path);

// The folder is below the one that Bazel gives to a test, otherwise below /tmp. If something cannot
// be done, the running test fails.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  // The absolute path of the folder, or of `name` in it.
  const std::string& path() const { return path_; }
  std::string Path(absl::string_view name) const;

  // Makes or overwrites the file `name`, with the folders on the way; returns its path.
  std::string Write(absl::string_view name, absl::string_view bytes) const;

  // Makes the symlink `name`, which points to `target`; returns its path.
  std::string Link(absl::string_view name, absl::string_view target) const;

  // The bytes of the file `name`.
  std::string Read(absl::string_view name) const;

  // One line for each thing at any depth, sorted: `sub/`, `file <size>`, `link -> target`, and
  // `name ?` for anything else. Symlinks are not followed.
  std::string Listing() const;

 private:
  std::string path_;
};

}  // namespace modelexport::testing

#endif  // MODELEXPORT_TESTING_TEMP_DIR_H_
