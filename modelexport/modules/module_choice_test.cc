#include "modelexport/modules/module_choice.h"

#include <string>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/modules/call_nodes.h"
#include "modelexport/testing/test_owned.h"

namespace modelexport {
namespace {

using testing::TestOwned;

constexpr char kModel[] = R"(main (x) => (y) {
  [layers.0.act] a = Relu (x)
  [shared::0] b = Neg (a)
  [layers.1.act] c = Relu (b)
  [shared::1] d = Neg (c)
  y = Abs (d)
})";
constexpr char kHierarchy[] = R"(
  "" my.Net
  layers torch.nn.ModuleList
  layers.0 my.Layer
  layers.0.act my.Act
  layers.1 my.Layer
  layers.1.act my.Act
  shared my.Shared
  call ""
    call layers.0
      call layers.0.act
      call shared
    call layers.1
      call layers.1.act
      call shared
)";

std::string Chosen(const std::string& text) {
  const TestOwned model(kModel, kHierarchy);
  const auto modules = ChooseModules(model.owned(), text);
  if (!modules.ok()) return std::string(modules.status().message());
  return absl::StrJoin(*modules, " ", [&](std::string* out, ModuleId module) {
    absl::StrAppend(out, WrittenPath(model.hierarchy(), module));
  });
}

TEST(ChooseModules, ByPathRangeOrPattern) {
  EXPECT_EQ(Chosen("layers.1"), "layers.1");
  EXPECT_EQ(Chosen("."), ".");
  EXPECT_EQ(Chosen("layers.0..1"), "layers.0 layers.1");
  EXPECT_EQ(Chosen("class:Layer"), "layers.0 layers.1");
  EXPECT_EQ(Chosen("layers,layers.1,**.act"), "layers");
}

TEST(ChooseModules, AllOfARangeMustExist) {
  EXPECT_EQ(Chosen("layers.0..2"), "there is no module layers.2");
  EXPECT_EQ(Chosen("layers.1..0"), "the range ends before it begins");
  EXPECT_EQ(Chosen("layers.0..x"), "pattern \"layers.0..x\": a segment is empty");
}

std::string NodesOf(const std::string& path, absl::optional<uint32_t> call = {}) {
  const TestOwned model(kModel, kHierarchy);
  const auto nodes = CallNodes(model.owned(), model.hierarchy().FindModule(path), call);
  return nodes.ok() ? model.Places(*nodes) : std::string(nodes.status().message());
}

TEST(CallNodes, FollowsCallsNotPaths) {
  EXPECT_EQ(NodesOf("layers.0"), "#0 #1");
  EXPECT_EQ(NodesOf("layers.1"), "#2 #3");
  EXPECT_EQ(NodesOf("layers"), "#0 #2");
  EXPECT_EQ(NodesOf(""), "#0 #1 #2 #3 #4");
}

TEST(CallNodes, OfSeveralCallsOneIsChosen) {
  EXPECT_EQ(NodesOf("shared", 0), "#1");
  EXPECT_EQ(NodesOf("shared", 1), "#3");
  EXPECT_EQ(NodesOf("shared"), "is called 2 times: --call=0 to --call=1 chooses one");
  EXPECT_EQ(NodesOf("shared", 2), "there is no call 2: it has calls 0 to 1");
  EXPECT_EQ(NodesOf("layers", 0), "there is no call 0: its calls are not known, or it has none");
}

}  // namespace
}  // namespace modelexport
