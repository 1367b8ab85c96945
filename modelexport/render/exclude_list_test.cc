#include "modelexport/render/exclude_list.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

using Names = std::vector<absl::string_view>;

// What each target is given, or the errors.
std::string Rendered(const Names& selected, const Names& others) {
  const std::pair<const char*, ExcludeTarget> targets[] = {
      {"ort", ExcludeTarget::kOrt},     {"modelopt", ExcludeTarget::kModelopt},
      {"inc", ExcludeTarget::kInc},     {"olive", ExcludeTarget::kOlive},
      {"genai", ExcludeTarget::kGenai}, {"placement", ExcludeTarget::kPlacement}};
  std::string text;
  for (const auto& [name, target] : targets) {
    const auto list = RenderExcludeList(target, {selected, others}, "gpu:0");
    absl::StrAppend(&text, name, ": ",
                    list.ok() ? *list : absl::StrCat(list.status().message(), "\n"));
  }
  return text;
}

TEST(ExcludeList, EachAsItsToolMatches) {
  EXPECT_EQ(
      Rendered({"/layer.1/MatMul", "/layer.1/Add[0]*", "/layer.1/MatMul"}, {"/layer.10/Add", ""}),
      R"(ort: ["/layer.1/MatMul", "/layer.1/Add[0]*"]
modelopt: ^/layer\.1/MatMul$
^/layer\.1/Add\[0\]\*$
inc: ^/layer\.1/MatMul$
^/layer\.1/Add\[0\]\*$
olive: ["/layer.1/MatMul", "/layer.1/Add[[]0][*]"]
genai: /layer.1/MatMul,/layer.1/Add[0]*
placement: gpu:0(/layer.1/MatMul,/layer.1/Add[0]*)
)");
}

TEST(ExcludeList, NamesThatSomeCannotBeGiven) {
  EXPECT_EQ(Rendered({"a", "b,c", "d\n\"e\""}, {}), R"(ort: ["a", "b,c", "d\n\"e\""]
modelopt: ^a$
^b\,c$
^d\x0a\"e\"$
inc: ^a$
^b\,c$
^d\x0a\"e\"$
olive: ["a", "b,c", "d\n\"e\""]
genai: 2 names have a comma or a control character, which the list cannot have, the first: "b,c"
placement: 2 names have a character of ",;()=", a space at an end or a control character, which the setting cannot have, the first: "b,c"
)");
}

TEST(ExcludeList, NamesOfOtherNodes) {
  EXPECT_EQ(Rendered({"a", "b"}, {"b", "c", "b"}),
            R"(ort: 2 nodes that are not selected have the name of one, the first: "b"
modelopt: 2 nodes that are not selected have the name of one, the first: "b"
inc: 2 nodes that are not selected have the name of one, the first: "b"
olive: 2 nodes that are not selected have the name of one, the first: "b"
genai: 2 nodes that are not selected have the name of one, the first: "b"
placement: 2 nodes that are not selected have the name of one, the first: "b"
)");
}

TEST(ExcludeList, NamesWithinThoseOfOtherNodes) {
  EXPECT_EQ(Rendered({"/layer.1"}, {"/layer.10"}), R"(ort: ["/layer.1"]
modelopt: ^/layer\.1$
inc: ^/layer\.1$
olive: ["/layer.1"]
genai: /layer.1
placement: 1 nodes that are not selected have a name that contains one, the first: "/layer.10"
)");
}

TEST(ExcludeList, NodesWithoutNames) {
  const auto list = RenderExcludeList(ExcludeTarget::kOrt, {{"a", "", ""}, {}}, "");
  EXPECT_EQ(list.status().message(), "2 of 3 selected nodes have no name");
}

TEST(ExcludeList, WhatIsNotUtf8) {
  const auto list = RenderExcludeList(ExcludeTarget::kOrt, {{"\xff"}, {}}, "");
  EXPECT_EQ(list.status().message(), "1 names are not UTF-8, the first: \"\\ufffd\"");
}

TEST(LineOf, NamesThatAreNoLine) {
  EXPECT_EQ(LineOf("/a b|c"), "/a b|c");
  EXPECT_EQ(LineOf("\xc3\xa9"), "\xc3\xa9");
  EXPECT_EQ(LineOf("a\nb\x1b"), "\"a\\nb\\u001b\"");
  EXPECT_EQ(LineOf("\"a\""), "\"\\\"a\\\"\"");
  EXPECT_EQ(LineOf("\xff"), "\"\\ufffd\"");
  EXPECT_EQ(LineOf("\xc2\x9b"), "\"\\u009b\"");
  EXPECT_EQ(LineOf(""), "\"\"");
}

}  // namespace
}  // namespace modelexport
