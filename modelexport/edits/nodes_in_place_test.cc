#include "modelexport/edits/nodes_in_place.h"

#include <algorithm>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

// "+" for what stays, "-" for what moves.
std::string Choice(const std::vector<PlacedPart>& parts) {
  std::string text;
  for (const bool stays : ChooseInPlace(parts)) text += stays ? "+" : "-";
  return text;
}

TEST(ChooseInPlace, WhatIsInOrderStays) {
  EXPECT_EQ(Choice({}), "");
  EXPECT_EQ(Choice({{1, 5}, {4, 5}, {9, 5}}), "+++");
}

TEST(ChooseInPlace, TheLargerPartStays) {
  EXPECT_EQ(Choice({{7, 1}, {1, 5}, {4, 5}, {9, 5}}), "-+++");
  EXPECT_EQ(Choice({{7, 99}, {1, 5}, {4, 5}, {9, 5}}), "+--+");
}

TEST(ChooseInPlace, IsTheBestThereIs) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::vector<PlacedPart> parts;
    for (uint64_t p = 0; p < 8; ++p) parts.push_back({p, random() % 9 + 1});
    std::shuffle(parts.begin(), parts.end(), random);
    uint64_t best = 0;
    for (int set = 0; set < 256; ++set) {
      uint64_t size = 0, end = 0;
      bool ascends = true;
      for (size_t p = 0; p < parts.size(); ++p) {
        if ((set >> p & 1) == 0) continue;
        ascends = ascends && parts[p].place + 1 > end;
        end = parts[p].place + 1;
        size += parts[p].size;
      }
      if (ascends) best = std::max(best, size);
    }
    const std::vector<bool> stays = ChooseInPlace(parts);
    uint64_t size = 0, end = 0;
    for (size_t p = 0; p < parts.size(); ++p) {
      if (!stays[p]) continue;
      EXPECT_GE(parts[p].place, end);
      end = parts[p].place + 1;
      size += parts[p].size;
    }
    EXPECT_EQ(size, best);
  }
}

}  // namespace
}  // namespace modelexport
