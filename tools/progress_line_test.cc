#include "tools/progress_line.h"

#include "gtest/gtest.h"

namespace modelexport::tools {
namespace {

TEST(ProgressText, CoversTheTextBefore) {
  EXPECT_EQ(ProgressText("hierarchy", 12), "\rhierarchy, 12 s                 ");
  EXPECT_EQ(ProgressText("write", 3), "\rwrite, 3 s                      ");
}

TEST(ProgressText, IsErasedWhole) {
  EXPECT_EQ(ProgressErased().size(), ProgressText("write", 3).size() + 1);
  EXPECT_EQ(ProgressErased(), "\r                                \r");
}

}  // namespace
}  // namespace modelexport::tools
