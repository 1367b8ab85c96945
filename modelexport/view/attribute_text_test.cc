#include "modelexport/view/attribute_text.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

// A line for each attribute of the first node.
std::string Texts(const std::string& attributes) {
  const testing::TextGraph graph(absl::StrCat("main (x) => (y) { y = Op <", attributes, "> (x) }"));
  const absl::StatusOr<Attributes> read = Attributes::Read(graph.index(), NodeId(0));
  std::string lines;
  for (const AttributeRecord& attribute : read->all()) {
    absl::StrAppend(&lines, attribute.name, " ", AttributeText(attribute), "\n");
  }
  return lines;
}

TEST(AttributeText, OfEachKind) {
  EXPECT_EQ(Texts(R"(a = 1, b = -0.5, c = "text", d = [1, 2], e = [0.5, 1.0], f = ["x", "y"],
                     g: ints = [], h = float[2] {1, 2}, i = sub () => () {}, j: int = @outer)"),
            "a 1\nb -0.5\nc text\nd [1, 2]\ne [0.5, 1]\nf [x, y]\n"
            "g []\nh tensor\ni graph\nj @outer\n");
}

TEST(AttributeText, CutsLongOnes) {
  const std::string text(kMaxAttributeView, 'a');
  EXPECT_EQ(Texts(absl::StrCat("a = \"", text, "\"")), absl::StrCat("a ", text, "\n"));
  EXPECT_EQ(Texts(absl::StrCat("a = \"", text, "b\"")), absl::StrCat("a ", text, "...\n"));
  std::string list = "[1";
  for (size_t i = 0; i < 1000; ++i) list += ", 1";
  EXPECT_EQ(Texts(absl::StrCat("a = ", list, "]")),
            absl::StrCat("a ", list.substr(0, kMaxAttributeView), "...\n"));
}

}  // namespace
}  // namespace modelexport
