#include "modelexport/validation/undone.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

constexpr char kOriginal[] = "main (x) => (y) { y = Neg (x) }";
constexpr char kNamed[] = R"(main (x) => (y) { ["abc"] y = Neg (x) })";

// The findings where a copy loses the name of its node, which names write as five bytes. Nodes
// written from text have their name before the operator, so the field is looked for.
std::string Undone(const std::string& original, const std::string& copy) {
  const TextGraph model(copy);
  const MessageRef node = MessageRef::Of(NodeId(0));
  const std::string bytes = *model.source().ReadString({0, model.source().size()});
  const uint64_t name = bytes.find(
      "\x1a\x03"
      "abc");
  const std::vector<Edit> edits = {{node, {{name, name + 5}, ""}}};
  const SplicePlan undo(model.index(), edits);
  Findings findings;
  const absl::Status status =
      CheckUndone(TextGraph(original).source(), model.source(), undo, nullptr, &findings);
  return absl::StrCat(status.message(), findings.ToText());
}

TEST(Undone, GivesTheOriginal) { EXPECT_EQ(Undone(kOriginal, kNamed), ""); }

TEST(Undone, OtherBytesDiffer) {
  EXPECT_EQ(Undone("main (x) => (y) { y = Nag (x) }", kNamed).substr(0, 62),
            "error diff.bytes model: without what was added it differs from");
}

TEST(Undone, MissingAndFurtherBytesDiffer) {
  EXPECT_NE(Undone(absl::StrCat(kOriginal, "<domain: \"d\"> F (a) => (b) { b = Neg (a) }"), kNamed),
            "");
  EXPECT_NE(Undone(kOriginal, absl::StrCat(kNamed, "<domain: \"d\"> F (a) => (b) { b = Neg (a) }")),
            "");
}

// The findings where a copy is compared with an original of which some bytes are skipped.
std::string Compared(const std::string& original, const std::string& copy,
                     const std::vector<Range>& skipped) {
  const TextGraph model(copy);
  const SplicePlan undo(model.index(), {});
  Findings findings;
  const absl::Status status =
      CheckUndone(TextGraph(original).source(), model.source(), undo, nullptr, &findings, skipped);
  return absl::StrCat(status.message(), findings.ToText());
}

TEST(Undone, OfSkippedRangesTheLengthCounts) {
  const std::string other = "main (x) => (y) { y = Nag (x) }";
  const uint64_t size = TextGraph(kOriginal).source().size();
  EXPECT_NE(Compared(kOriginal, other, {}), "");
  EXPECT_EQ(Compared(kOriginal, other, {{0, size}}), "");
  EXPECT_EQ(Compared(kOriginal, kOriginal, {{1, 2}, {2, 5}, {size - 1, size}}), "");
  EXPECT_NE(Compared(kOriginal, other, {{0, 2}, {size - 1, size}}), "");
  EXPECT_NE(Compared(kOriginal, "main (x) => (y) { y = Nega (x) }", {{0, size}}), "");
}

}  // namespace
}  // namespace modelexport
