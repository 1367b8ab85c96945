#include "modelexport/render/value_list.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

std::string Rendered(ValueTarget target, const std::vector<std::string>& names) {
  const auto list = RenderValueList(target, names);
  return list.ok() ? *list : absl::StrCat("error: ", list.status().message());
}

TEST(ValueList, AsEachToolTakesIt) {
  const std::vector<std::string> names = {"/encoder/Add_output_0", "it's a \"name\"", "$x"};
  EXPECT_EQ(Rendered(ValueTarget::kNames, names), "/encoder/Add_output_0\nit's a \"name\"\n$x\n");
  EXPECT_EQ(Rendered(ValueTarget::kPolygraphy, names),
            "/encoder/Add_output_0 'it'\\''s a \"name\"' '$x'\n");
  EXPECT_EQ(Rendered(ValueTarget::kTrtexec, names),
            "'/encoder/Add_output_0,it'\\''s a \"name\",$x'\n");
  EXPECT_EQ(Rendered(ValueTarget::kTrtexec, {"a", "b"}), "a,b\n");
}

TEST(ValueList, NamesThatAToolCannotBeGiven) {
  EXPECT_EQ(Rendered(ValueTarget::kNames, {"a\nb", "\"q"}), "\"a\\nb\"\n\"\\\"q\"\n");
  EXPECT_EQ(Rendered(ValueTarget::kPolygraphy, {"a", "b\nc"}),
            "error: the name \"b\\nc\" has control characters");
  EXPECT_EQ(Rendered(ValueTarget::kPolygraphy, {"-x"}),
            "error: the name -x would be taken for a flag");
  EXPECT_EQ(Rendered(ValueTarget::kTrtexec, {"a,b"}), "error: the name a,b has a comma");
  EXPECT_EQ(Rendered(ValueTarget::kTrtexec, {"-x"}), "-x\n");
}

}  // namespace
}  // namespace modelexport
