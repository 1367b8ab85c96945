#include "modelexport/files/gathered_source.h"

#include "gtest/gtest.h"

namespace modelexport {
namespace {

// With "." for zero bytes.
std::string Shown(const ByteSource& source, Range range) {
  std::string bytes = *source.ReadString(range);
  for (char& byte : bytes) byte = byte == '\0' ? '.' : byte;
  return bytes;
}

TEST(GatheredSource, ReadsAnyRangeOfItsPieces) {
  const std::shared_ptr<const ByteSource> letters = BytesInMemory("abcdefgh");
  GatheredSource source("all");
  EXPECT_EQ(source.Append(letters, {2, 5}, 1), 0);
  EXPECT_EQ(source.Append(letters, {0, 0}, 16), 3);
  EXPECT_EQ(source.Append(letters, {6, 8}, 4), 4);
  EXPECT_EQ(source.Append(BytesInMemory("xyz"), {0, 3}, 8), 8);
  EXPECT_EQ(Shown(source, {0, source.size()}), "cde.gh..xyz");
  EXPECT_EQ(Shown(source, {2, 9}), "e.gh..x");
  EXPECT_EQ(Shown(source, {6, 8}), "..");
  EXPECT_EQ(Shown(source, {9, 11}), "yz");
  EXPECT_EQ(Shown(source, {11, 11}), "");
}

TEST(GatheredSource, WithoutPiecesIsEmpty) { EXPECT_EQ(GatheredSource("none").size(), 0); }

}  // namespace
}  // namespace modelexport
