#include "modelexport/modules/visible_rows.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/modules/pattern.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

const TestOwned& Model() {
  static const TestOwned* const kModel = new TestOwned(R"(
    main (x) => (y) {
      [encoder.layer.0.norm] p = Neg (x)
      [encoder.layer.0] q = Neg (p)
      [encoder.layer.1.norm] r = Neg (q)
      [encoder.layer.1] s = Neg (r)
      [head] t = Neg (s)
      [head] y = Neg (t)
    })",
                                                       R"(
    ""                   my.Net
    encoder              my.Encoder
    encoder.layer        torch.nn.modules.container.ModuleList
    encoder.layer.0      my.Layer
    encoder.layer.0.norm my.Norm
    encoder.layer.0.drop my.Dropout
    encoder.layer.1      my.Layer
    encoder.layer.1.norm my.Norm
    encoder.layer.1.drop my.Dropout
    head                 my.Head)");
  return *kModel;
}

std::string Chosen(RowChoice choice, Folding folding = Folding::kOn, bool sort = false) {
  const ModuleRows rows(Model().owned(), folding);
  const FiguresOfModel figures = FiguresOf(Model().owned(), rows);
  if (sort) {
    choice.before = [&](uint32_t a, uint32_t b) {
      return figures.rows[a].own.nodes > figures.rows[b].own.nodes;
    };
  }
  std::string text;
  for (const VisibleRow& row : ChooseRows(Model().hierarchy(), rows, figures, choice)) {
    absl::StrAppend(&text, std::string(2 * row.depth, ' '), "\"", row.name, "\"\n");
  }
  return text;
}

TEST(VisibleRows, All) {
  EXPECT_EQ(Chosen({}), R"(""
  "encoder"
    "layer"
      "0-1"
        "norm"
        "drop"
  "head"
)");
}

TEST(VisibleRows, WithoutContainersAndWhatHasNoNodes) {
  RowChoice choice;
  choice.compact = true;
  EXPECT_EQ(Chosen(choice), R"(""
  "encoder"
    "layer.0-1"
      "norm"
  "head"
)");
  // Of two rows below it a container is shown.
  EXPECT_EQ(Chosen(choice, Folding::kOff), R"(""
  "encoder"
    "layer"
      "0"
        "norm"
      "1"
        "norm"
  "head"
)");
}

TEST(VisibleRows, ToADepth) {
  RowChoice choice;
  choice.max_depth = 1;
  EXPECT_EQ(Chosen(choice), "\"\"\n  \"encoder\"\n  \"head\"\n");
}

TEST(VisibleRows, ThatMatchAPattern) {
  RowChoice choice;
  choice.filter = *Pattern::Parse({"**.norm,head"})->Modules(Model().owned());
  EXPECT_EQ(Chosen(choice, Folding::kOff),
            "\"encoder.layer.0.norm\"\n\"encoder.layer.1.norm\"\n\"head\"\n");
  choice.filter = *Pattern::Parse({"encoder.layer.1,."})->Modules(Model().owned());
  EXPECT_EQ(Chosen(choice, Folding::kOff), Chosen({}, Folding::kOff));
}

TEST(VisibleRows, Sorted) {
  EXPECT_EQ(Chosen({}, Folding::kOff, true), R"(""
  "head"
  "encoder"
    "layer"
      "0"
        "norm"
        "drop"
      "1"
        "norm"
        "drop"
)");
}

}  // namespace
}  // namespace modelexport
