#include "modelexport/hierarchy/call_tree.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;

// The calls, in order: root 0, enc 1, enc.a 2, enc.a 3, shared 4, dec 5, shared 6.
constexpr absl::string_view kCalled = R"(
  ""      my.Model 1
  enc     my.Enc   1
  enc.a   my.A     2
  shared  my.S     2
  dec     my.Dec   1
  call ""
    call enc
      call enc.a
      call enc.a
    call shared
    call dec
      call shared
)";

std::string ToText(const Hierarchy& hierarchy, const CallSite& place) {
  const absl::string_view path = hierarchy.module(place.module).path;
  return absl::StrCat(path.empty() ? "." : path, place.call.valid() ? " call " : "",
                      place.call.valid() ? absl::StrCat(place.call.index()) : "");
}

TEST(CallTree, OfTwoCallsTheInnermostAroundBoth) {
  const Hierarchy h = HierarchyOf(kCalled);
  const CallTree calls(h);
  const auto around = [&](size_t a, size_t b) {
    return ToText(h,
                  calls.Around({h.calls()[a].module, CallId(a)}, {h.calls()[b].module, CallId(b)}));
  };
  EXPECT_EQ(around(2, 2), "enc.a call 2");
  EXPECT_EQ(around(2, 3), "enc call 1");  // Two calls of one module: between them is its caller.
  EXPECT_EQ(around(1, 3), "enc call 1");
  EXPECT_EQ(around(3, 1), "enc call 1");
  EXPECT_EQ(around(6, 5), "dec call 5");  // Called from elsewhere than its path says.
  EXPECT_EQ(around(4, 6), ". call 0");
}

TEST(CallTree, AModuleCalledOnceIsInThatCall) {
  const Hierarchy h = HierarchyOf(kCalled);
  const CallTree calls(h);
  EXPECT_EQ(ToText(h, calls.PlaceOf(h.FindModule("dec"), CallId())), "dec call 5");
  EXPECT_EQ(ToText(h, calls.PlaceOf(h.FindModule("shared"), CallId())), "shared");
  EXPECT_EQ(ToText(h, calls.PlaceOf(h.FindModule("shared"), CallId(4))), "shared call 4");
}

// Which of its calls is unknown: between two nodes of them may lie anything around.
TEST(CallTree, CallsThatCannotBeToldApartAreEnclosedByTheModuleAround) {
  const Hierarchy h = HierarchyOf(kCalled);
  const CallTree calls(h);
  const CallSite a{h.FindModule("enc.a"), CallId()};
  EXPECT_EQ(ToText(h, calls.Around(a, a)), "enc call 1");
  EXPECT_EQ(ToText(h, calls.Around(a, {h.FindModule("enc"), CallId(1)})), "enc call 1");
}

// The two may have run in different calls of enc.s, as it has several.
TEST(CallTree, NorAreTheCallsOfTheModuleAroundIfThatHasSeveral) {
  const Hierarchy h = HierarchyOf(R"(
    ""       my.Model  1
    enc      my.Enc    1
    enc.s    my.Shared 3
    enc.s.a  my.A      3
    enc.s.b  my.B      3
  )");
  const CallSite a{h.FindModule("enc.s.a"), CallId()}, b{h.FindModule("enc.s.b"), CallId()};
  const CallTree calls(h);
  EXPECT_EQ(ToText(h, calls.Around(a, a)), "enc");
  EXPECT_EQ(ToText(h, calls.Around(a, b)), "enc");
}

TEST(CallTree, WithoutCallsThePathsDecideAndContainersAreNoPlace) {
  const Hierarchy h = HierarchyOf(R"(
    ""          my.Model
    layers      torch.nn.modules.container.ModuleList
    layers.0    my.Layer
    layers.0.a  my.A
    layers.0.b  my.B
    layers.1    my.Layer
  )");
  const CallTree calls(h);
  const auto around = [&](absl::string_view a, absl::string_view b) {
    return ToText(h, calls.Around({h.FindModule(a), CallId()}, {h.FindModule(b), CallId()}));
  };
  EXPECT_EQ(around("layers.0.a", "layers.0.a"), "layers.0.a");
  EXPECT_EQ(around("layers.0.a", "layers.0.b"), "layers.0");
  EXPECT_EQ(around("layers.0.a", "layers.1"), ".");
}

TEST(CallTree, IsWithin) {
  const Hierarchy h = HierarchyOf(kCalled);
  const CallTree calls(h);
  const auto place = [&](size_t call) { return CallSite{h.calls()[call].module, CallId(call)}; };
  EXPECT_TRUE(calls.IsWithin(place(3), place(1)));
  EXPECT_TRUE(calls.IsWithin(place(3), place(3)));
  EXPECT_FALSE(calls.IsWithin(place(1), place(3)));
  EXPECT_FALSE(calls.IsWithin(place(6), place(4)));
  EXPECT_TRUE(calls.IsWithin(place(6), place(5)));
}

}  // namespace
}  // namespace modelexport
