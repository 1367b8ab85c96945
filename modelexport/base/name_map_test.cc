#include "modelexport/base/name_map.h"

#include <deque>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "modelexport/base/strong_id.h"

namespace modelexport {
namespace {

using Id = StrongId<struct IdTag>;

TEST(NameMap, FindsNothingInAnEmptyOne) {
  const NameMap<Id> map;
  EXPECT_FALSE(map.Find("a").valid());
  EXPECT_EQ(map.FindName("a"), nullptr);
}

TEST(NameMap, TheFirstIdOfANameStays) {
  NameMap<Id> map;
  EXPECT_EQ(map.Insert("", Id(7)), std::make_pair(Id(7), true));
  EXPECT_EQ(map.Insert("", Id(8)), std::make_pair(Id(7), false));
  EXPECT_EQ(map.Find(""), Id(7));
}

TEST(NameMap, KeepsTheViewThatWasInserted) {
  const std::string first = "name", second = "name";
  NameMap<Id> map;
  map.Insert(first, Id(0));
  map.Insert(second, Id(1));
  EXPECT_EQ(map.FindName("name")->data(), first.data());
}

// Every size from none on, so that each growth is met just before and just after.
TEST(NameMap, FindsEveryNameWhileItGrows) {
  std::deque<std::string> names;
  NameMap<Id> map;
  for (size_t size = 0; size < 400; ++size) {
    for (size_t i = 0; i < size; ++i) ASSERT_EQ(map.Find(names[i]), Id(i)) << size;
    names.push_back("module." + std::to_string(size));
    ASSERT_FALSE(map.Find(names.back()).valid()) << size;
    map.Insert(names.back(), Id(size));
  }
}

TEST(NameMap, ReservingKeepsTheNames) {
  NameMap<Id> map;
  map.Insert("a", Id(1));
  map.Reserve(1000);
  map.Insert("b", Id(2));
  map.Reserve(0);
  EXPECT_EQ(map.Find("a"), Id(1));
  EXPECT_EQ(map.Find("b"), Id(2));
}

}  // namespace
}  // namespace modelexport
