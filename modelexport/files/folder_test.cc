#include "modelexport/files/folder.h"

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(FolderOf, EndsWithASlashOrIsTheWorkingDirectory) {
  EXPECT_EQ(FolderOf("/a/b/m.onnx"), "/a/b/");
  EXPECT_EQ(FolderOf("b/m.onnx"), "b/");
  EXPECT_EQ(FolderOf("m.onnx"), "");
}

}  // namespace
}  // namespace modelexport
