#include "modelexport/base/string_arena.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

// Sizes around that of a block, and enough of them to fill several.
TEST(StringArena, WhatIsStoredStays) {
  StringArena arena;
  std::vector<std::pair<std::string, absl::string_view>> stored;
  for (size_t size : {0, 1, 1000, 32767, 32768, 32769, 100000}) {
    for (char c = 'a'; c <= 'e'; ++c) {
      std::string text(size, c);
      const absl::string_view kept = arena.Store(text);
      EXPECT_TRUE(text.empty() || kept.data() != text.data());
      stored.emplace_back(std::move(text), kept);
    }
  }
  for (const auto& pair : stored) EXPECT_EQ(pair.second, pair.first);
}

TEST(StringArena, ClearMakesRoomForOtherTexts) {
  StringArena arena;
  arena.Clear();
  const char* const first = arena.Store("abc").data();
  arena.Store(std::string(100000, 'x'));
  arena.Clear();
  const absl::string_view again = arena.Store("defg");
  EXPECT_EQ(again.data(), first);
  const std::string large(100000, 'y');
  EXPECT_EQ(arena.Store(large), large);
  EXPECT_EQ(again, "defg");
}

}  // namespace
}  // namespace modelexport
