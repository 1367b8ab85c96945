#include "modelexport/modules/label_counts.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

std::string Text(const std::vector<LabelCount>& counts, const NodeLabels& labels) {
  std::string text;
  for (const auto& [label, count] : counts) {
    absl::StrAppend(&text, " ", labels.labels()[label], " ", count);
  }
  return text + "\n";
}

TEST(LabelCounts, OfEachRowWithThoseBelowIt) {
  const TestOwned model(R"(
    main (x) => (y) {
      [a.q] p = Mul (x)
      [a] q = Add (p)
      [a.q] r = Neg (q)
      [b] s = Neg (r)
      t = Abs (s)
      y = Abs (t)
    })",
                        R"("" my.Net
                           a my.A
                           a.q my.Q
                           b my.A)");
  NodeLabels labels(6);
  for (size_t n : {0, 2, 5}) labels.Set(NodeId(n), "odd");
  for (size_t n : {1, 3}) labels.Set(NodeId(n), "even");
  EXPECT_EQ(labels.NumLabelled(), 5);
  const ModuleRows rows(model.owned(), Folding::kOff);
  const LabelCounts counts = CountLabels(model.owned(), rows, labels);
  std::string text;
  for (uint32_t row = 0; row < rows.rows().size(); ++row) {
    text += absl::StrCat("\"", rows.Path(row), "\"", Text(counts.rows[row], labels));
  }
  EXPECT_EQ(text + "none" + Text(counts.unattributed, labels),
            "\"\" odd 2 even 2\n"
            "\"a\" odd 2 even 1\n"
            "\"a.q\" odd 2\n"
            "\"b\" even 1\n"
            "none odd 1\n");
}

}  // namespace
}  // namespace modelexport
