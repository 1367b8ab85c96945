#include "modelexport/files/file_kind.h"

#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "modelexport/testing/model_text.h"

namespace modelexport {
namespace {

TEST(FileKind, KnownKinds) {
  const struct {
    absl::string_view bytes, kind;
  } kCases[] = {
      {"", "an empty file"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146", "git lfs pull"},
      {absl::string_view("PK\x03\x04\x00\x00", 6), "zip archive"},
      {absl::string_view("\x18\x00\x00\x00ORTM\x00", 9), ".ort format"},
      {absl::string_view("\x89HDF\r\n\x1a\n", 8), "HDF5"},
      {"{\"irVersion\": 8}", "JSON"},
      {"<\n  ir_version: 8,\n  opset_import: [\"\" : 18]\n>", "ONNX text"},
  };
  for (const auto& [bytes, kind] : kCases) {
    EXPECT_TRUE(absl::StrContains(DescribeForeignFile(bytes), kind)) << bytes;
  }
}

TEST(FileKind, NothingIsMadeUp) {
  const absl::string_view kCases[] = {
      "version 2", "PK", "ORTM", "<html>", "hello", "\x89PNG", absl::string_view("\0", 1)};
  for (const absl::string_view bytes : kCases) EXPECT_EQ(DescribeForeignFile(bytes), "") << bytes;
  EXPECT_EQ(DescribeForeignFile(testing::Model("main () => () {}")), "");
}

// A file may be shorter than what would mark its kind.
TEST(FileKind, EveryPrefixOfAMarkIsUnknownAndSafe) {
  const absl::string_view mark("\x18\x00\x00\x00ORTM", 8);
  for (size_t size = 1; size < mark.size(); ++size) {
    const std::string copy(mark.substr(0, size));
    EXPECT_EQ(DescribeForeignFile(copy), "") << size;
  }
}

}  // namespace
}  // namespace modelexport
