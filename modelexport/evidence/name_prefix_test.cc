#include "modelexport/evidence/name_prefix.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace modelexport {
namespace {

// Known are "a" to "e".
std::string PrefixOf(const std::vector<absl::string_view>& names) {
  return FindNamePrefix(names, [](absl::string_view name) {
    return name.size() == 1 && name[0] >= 'a' && name[0] <= 'e';
  });
}

TEST(NamePrefix, IsWhatMostNamesHaveBeforeAKnownOne) {
  EXPECT_EQ(PrefixOf({"m1_a", "m1_b", "x", "m1_x", "m2_c"}), "m1_");
  EXPECT_EQ(PrefixOf({"onnx::a", "onnx::b"}), "onnx::");
}

TEST(NamePrefix, IsNoneWhereNamesAreKnownAsTheyAre) {
  EXPECT_EQ(PrefixOf({"a", "b", "m1_c", "m1_d"}), "");
  EXPECT_EQ(PrefixOf({"a", "b", "x", "y", "z", "m1_c"}), "");
}

TEST(NamePrefix, IsNoneWhereNamesDisagreeOrAreFew) {
  EXPECT_EQ(PrefixOf({"m1_a"}), "");
  EXPECT_EQ(PrefixOf({"m1_a", "m1_b", "m2_c", "m2_d"}), "");
  EXPECT_EQ(PrefixOf({"x", "y"}), "");
  EXPECT_EQ(PrefixOf({}), "");
}

// A name may be long.
TEST(NamePrefix, IsNotLong) {
  const std::string long_name = std::string(65, '-') + "a";
  EXPECT_EQ(PrefixOf({long_name, long_name}), "");
}

}  // namespace
}  // namespace modelexport
