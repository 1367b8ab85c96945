#include "modelexport/files/resolved_path.h"

#include "gtest/gtest.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

TEST(ResolvedPath, IsOneForEachSpelling) {
  testing::TempDir dir;
  dir.Write("folder/file", "");
  dir.Link("link", "folder");
  const std::string file = ResolvedPath(dir.Path("folder/file"));
  EXPECT_EQ(ResolvedPath(dir.Path("link/./file")), file);
  EXPECT_EQ(ResolvedPath(dir.Path("folder/../folder//file")), file);
  EXPECT_NE(ResolvedPath(dir.Path("folder")), file);
}

TEST(ResolvedPath, NamesWhatIsAbsent) {
  testing::TempDir dir;
  dir.Write("folder/file", "");
  dir.Link("link", "folder");
  EXPECT_EQ(ResolvedPath(dir.Path("link/gone/./x")), ResolvedPath(dir.Path("folder/gone/x")));
  EXPECT_EQ(ResolvedPath(dir.Path("gone/../x")), ResolvedPath(dir.Path("x")));
}

}  // namespace
}  // namespace modelexport
