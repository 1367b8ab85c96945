#include "modelexport/hierarchy/readers/python_list.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace modelexport {
namespace {

// The strings in bars, "none" if there is no list.
std::string Parsed(absl::string_view text) {
  const auto list = ParsePythonStringList(text);
  if (!list.has_value()) return "none";
  return list->empty() ? "" : absl::StrCat("|", absl::StrJoin(*list, "|"), "|");
}

TEST(PythonList, WhatReprWrites) {
  struct {
    absl::string_view text, strings;
  } const kRows[] = {
      {"[]", ""},
      {"['']", "||"},
      {"['a']", "|a|"},
      {"['', 'encoder', 'encoder.layer.0', 'linear_8']", "||encoder|encoder.layer.0|linear_8|"},
      // The quote that needs no escape is chosen for each string of its own.
      {R"(["it's", 'a'])", "|it's|a|"},
      {R"(['say "x"'])", "|say \"x\"|"},
      {R"(['both \' and "'])", "|both ' and \"|"},
      // Separators inside strings separate nothing.
      {R"(["a', 'b", '], [', 'c'])", "|a', 'b|], [|c|"},
      {R"(['a\\b', 'c\\'])", R"(|a\b|c\|)"},
      {R"(['\n\r\t'])", "|\n\r\t|"},
      {R"(["\""])", "|\"|"},
      {R"(['\x1b\x7f\x00.'])", absl::string_view("|\x1b\x7f\0.|", 6)},
      {R"(['\xe9\xFF'])", "|\u00e9\u00ff|"},
      {R"(['\u07ff\u0800\uffff'])", "|\u07ff\u0800\uffff|"},
      {R"(['\U00010000\U0010ffff'])", "|\U00010000\U0010ffff|"},
      {R"(['\x41b\u0041b'])", "|AbAb|"},
      // What is printable stands as it is.
      {"['\u00fc']", "|\u00fc|"},
  };
  for (const auto& row : kRows) EXPECT_EQ(Parsed(row.text), row.strings) << row.text;
}

TEST(PythonList, AnythingElseIsNoList) {
  for (absl::string_view text : {
           "",
           "[",
           "]",
           "a",
           "'a'",
           "('a',)",
           "['a'",
           "'a']",
           "['a]",
           "['a\"]",
           "[a]",
           "[None]",
           "['a', 1]",
           "['a',]",
           "['a', ]",
           "['a','b']",
           "['a' 'b']",
           "[, 'a']",
           "[[]]",
           "[ 'a']",
           "['a'] ",
           " ['a']",
           "['a']]",
           R"(['\'])",
           R"(['\)",
           R"(['\q'])",
           // Escapes cut short, without digits, or with what a parser of numbers lets pass.
           R"(['\x1'])",
           R"(['\u123'])",
           R"(['\U0000001'])",
           R"(['\xg0'])",
           R"(['\x 1'])",
           R"(['\x+1'])",
           R"(['\x-1'])",
           R"(['\u0x12'])",
           R"(['\U00110000'])",
           R"(['\Uffffffff'])",
       }) {
    EXPECT_EQ(Parsed(text), "none") << text;
  }
}

// No prefix of a list is one: a value that was cut short names nothing.
TEST(PythonList, NoPrefixOfAListIsOne) {
  const std::string text = R"(['', "it's", 'a\\b\x41\u0041'])";
  ASSERT_NE(Parsed(text), "none");
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(Parsed(text.substr(0, size)), "none") << text.substr(0, size);
  }
}

}  // namespace
}  // namespace modelexport
