#include "modelexport/evidence/wrapper_prefix.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using Names = std::vector<absl::string_view>;

// What is said of the chosen prefix, and the first name with it applied.
std::string Chosen(absl::string_view modules, const Names& names) {
  const Hierarchy hierarchy = testing::HierarchyOf(modules);
  const WrapperPrefix prefix = WrapperPrefix::ChooseForPaths(
      hierarchy, names, [&](absl::string_view name) { return hierarchy.FindModule(name).valid(); });
  return absl::StrCat(prefix.Describe(), " -> ", prefix.Apply(names[0]));
}

TEST(WrapperPrefix, NamesThatAreKnownStayAsTheyAre) {
  EXPECT_EQ(Chosen("\"\" my.Net\na my.A\na.a my.B", {"a.a", "a"}), " -> a.a");
}

TEST(WrapperPrefix, TheFileHasAWrapper) {
  EXPECT_EQ(Chosen("\"\" my.Net\na my.A\nb my.B", {"model.a", "model.b", "model", ""}),
            "the file's names begin with \"model\", a wrapper that the hierarchy does not have"
            " -> a");
}

TEST(WrapperPrefix, TheHierarchyHasAWrapper) {
  EXPECT_EQ(Chosen("\"\" my.Wrapper\nnet my.Net\nnet.a my.A\nnet.b my.B", {"a", "b", "c"}),
            "the file's names begin at \"net\", below a wrapper that the file does not have"
            " -> net.a");
}

// A wrapper that makes no name known is none; nor is one that only some names have.
TEST(WrapperPrefix, NothingIsBetter) {
  constexpr absl::string_view kModules = "\"\" my.Net\na my.A\nb my.B";
  EXPECT_EQ(Chosen(kModules, {"model.c", "model.d"}), " -> model.c");
  EXPECT_EQ(Chosen(kModules, {"model.a", "other.b"}), " -> model.a");
  EXPECT_EQ(Chosen(kModules, {"model"}), " -> model");
}

// Every second of 4096 names, beginning with the first.
TEST(WrapperPrefix, OfManyNamesAFewThousandAreLookedAt) {
  const Names names(4096, "x/y");
  size_t most = 0;
  const WrapperPrefix prefix = WrapperPrefix::Choose(
      WrapperPrefix::kScopes, names, [](auto) { return std::vector<std::string>(); },
      [&](const WrapperPrefix& tried, absl::Span<const absl::string_view> sample) {
        most = std::max(most, sample.size());
        return tried.dropped() == "x" ? sample.size() : 0;
      });
  EXPECT_EQ(most, 2048);
  EXPECT_EQ(prefix.Describe(),
            "the file's scopes lie below \"x\", a wrapper that the hierarchy does not have");
}

}  // namespace
}  // namespace modelexport
