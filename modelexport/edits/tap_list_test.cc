#include "modelexport/edits/tap_list.h"

#include "gtest/gtest.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/onnx/spliced_source.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

constexpr char kModel[] = R"(main (float[2] x) => (float[2] y) {
    p = Neg (x)
    y = Neg (p)
  })";

std::string BytesOf(const ByteSource& source) { return *source.ReadString({0, source.size()}); }

std::string Edited(const ModelIndex& index, absl::Span<const Edit> edits) {
  const SplicePlan plan(index, edits);
  return BytesOf(SplicedSource(index.source(), plan));
}

// What declares x declares p too.
std::vector<ValueInfo> InfoOfP() {
  ValueInfo info;
  info.value = ValueId(1);
  info.content = "\n\1p";
  return {info};
}

TEST(TapList, AddsOutputsAfterTheOthersAndTakesThemOutAgain) {
  const TextGraph model(kModel);
  const TapList list(model.view(), InfoOfP());
  const std::string copy = Edited(model.index(), list.edits());
  EXPECT_EQ(copy, testing::Model(R"(main (float[2] x) => (float[2] y, p) {
    p = Neg (x)
    y = Neg (p)
  })"));
  const auto source = BytesInMemory(copy);
  const auto index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(Edited(*index, list.Undo(*index)), testing::Model(kModel));
}

TEST(TapList, WithoutValuesNothingChanges) {
  const TextGraph model(kModel);
  const TapList list(model.view(), {});
  EXPECT_EQ(list.edits().size(), 0);
  EXPECT_EQ(list.Undo(model.index()).size(), 0);
}

}  // namespace
}  // namespace modelexport
