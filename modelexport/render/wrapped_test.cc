#include "modelexport/render/wrapped.h"

#include "gtest/gtest.h"

namespace modelexport {
namespace {

TEST(WrappedTest, FillsLinesAndKeepsParagraphs) {
  EXPECT_EQ(Wrapped("One two three\nfour five.\n\nAnother paragraph.\n", 15),
            "One two three\n"
            "four five.\n"
            "\n"
            "Another\n"
            "paragraph.\n");
}

TEST(WrappedTest, IndentCountsToTheWidth) {
  EXPECT_EQ(Wrapped("ab cd ef", 7, 2),
            "  ab cd\n"
            "  ef\n");
}

TEST(WrappedTest, AWordThatIsTooLongHasItsOwnLine) {
  EXPECT_EQ(Wrapped("a bcdefghij k", 4),
            "a\n"
            "bcdefghij\n"
            "k\n");
}

TEST(WrappedTest, NothingIsNothing) { EXPECT_EQ(Wrapped("", 10), ""); }

}  // namespace
}  // namespace modelexport
