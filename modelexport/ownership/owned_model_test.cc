#include "modelexport/ownership/owned_model.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/ownership/standard_strategies.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

constexpr absl::string_view kModel = R"(main () => () {
  [/n/Op] x = Op () {"modelexport.module": "b", "modelexport.evidence": "fx_name"}
  [/n/Op_1] y = Op ()
})";

// What was taken, a line for each node, and the notes.
std::string Own(absl::string_view model, const std::string& hierarchy) {
  const testing::TempDir dir;
  dir.Write("model.onnx", testing::Model(model));
  const auto owned =
      OwnModel({dir.Path("model.onnx"), hierarchy, {}}, StandardStrategies()[0], Stages());
  if (!owned.ok()) return std::string(owned.status().message());
  std::string text = absl::StrCat(owned->source, "\n");
  for (const Owner& owner : owned->owners) {
    absl::StrAppend(&text, "\"", owned->hierarchy->module(owner.module).path, "\" ",
                    NameOf(owner.evidence), "\n");
  }
  for (const std::string& note : owned->notes) absl::StrAppend(&text, note, "\n");
  return text;
}

TEST(OwnModel, TakesTheTagsOfATaggedModel) {
  const std::string by_tags = "tags\n\"b\" fx_name\n\"\" none\n1 node without tags: #1 (Op)\n";
  EXPECT_EQ(Own(kModel, ""), by_tags);
  EXPECT_EQ(Own(kModel, "tags"), by_tags);
  EXPECT_EQ(Own(kModel, "names"), "names\n\"n\" node_name\n\"n\" node_name\n");
}

TEST(OwnModel, ReadsNamesWhereTheModelCarriesNothing) {
  EXPECT_EQ(Own(kModel, "embedded"),
            "names\n\"n\" node_name\n\"n\" node_name\n"
            "the model carries no hierarchy: modules are read off its names\n");
}

}  // namespace
}  // namespace modelexport
