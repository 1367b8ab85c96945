#include "modelexport/hierarchy/hierarchy_builder.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_text.h"

namespace modelexport {
namespace {

// Adds, then builds; the text of the hierarchy, or the message of the first error.
template <typename Add>
std::string Built(Add add) {
  HierarchyBuilder builder;
  const absl::Status added = add(builder);
  if (!added.ok()) return std::string(added.message());
  const absl::StatusOr<Hierarchy> hierarchy = std::move(builder).Build();
  return hierarchy.ok() ? ToText(*hierarchy) : std::string(hierarchy.status().message());
}

std::string BuiltOf(const std::vector<ModuleEntry>& modules) {
  return Built([&modules](HierarchyBuilder& builder) {
    absl::Status status;
    for (const ModuleEntry& module : modules) status.Update(builder.AddModule(module));
    return status;
  });
}

TEST(HierarchyBuilder, AContainerIsImpliedJustBeforeItsFirstChild) {
  EXPECT_EQ(BuiltOf({{"", "M"}, {"a", "A"}, {"b.c.d", "D"}, {"b.e", "E"}, {"f", "F"}}),
            "module 0 \"\": M\n"
            "module 1 \"a\": A, parent 0\n"
            "module 2 \"b\": implied, parent 0\n"
            "module 3 \"b.c\": implied, parent 2\n"
            "module 4 \"b.c.d\": D, parent 3\n"
            "module 5 \"b.e\": E, parent 2\n"
            "module 6 \"f\": F, parent 0\n");
}

// The alias is of "b", the fourth added, which becomes the third module.
TEST(HierarchyBuilder, AParentListedAfterItsChildIsPutBeforeIt) {
  const std::vector<absl::string_view> aliases = {"x"};
  EXPECT_EQ(BuiltOf({{"", "M"}, {"a", "A"}, {"b.c", "C"}, {"b", "B", 2, aliases}}),
            "module 0 \"\": M\n"
            "module 1 \"a\": A, parent 0\n"
            "module 2 \"b\": B, calls 2, aliases \"x\", parent 0\n"
            "module 3 \"b.c\": C, parent 2\n");
}

TEST(HierarchyBuilder, AnImpliedContainerWasNotCalledIfAnyCallsAreRecorded) {
  EXPECT_EQ(BuiltOf({{"", "M", 1}, {"b.c", "C"}}),
            "module 0 \"\": M, calls 1\n"
            "module 1 \"b\": implied, calls 0, parent 0\n"
            "module 2 \"b.c\": C, parent 1\n");
}

// In a branch not taken, or below a scripted module: the writer says so by leaving out the count.
TEST(HierarchyBuilder, WhereOthersAreCountedAModuleWithoutCallsIsNotRecorded) {
  const auto built = [](absl::optional<int64_t> calls_of_root) {
    return Built([=](HierarchyBuilder& builder) {
      absl::Status status = builder.AddModule({"", "M", calls_of_root});
      status.Update(builder.AddModule({"a", "A"}));
      status.Update(builder.AddModule({"b", "B"}));
      status.Update(builder.AddCall("", absl::nullopt));
      status.Update(builder.AddCall("b", 0));
      return status;
    });
  };
  constexpr absl::string_view kCalls = "call 0: module 0 #0\ncall 1: module 2 #0, parent 0\n";
  EXPECT_EQ(built(1), absl::StrCat("module 0 \"\": M, calls 1\n"
                                   "module 1 \"a\": A, parent 0\n"
                                   "module 2 \"b\": B, calls 1, parent 0\n",
                                   kCalls));
  EXPECT_EQ(built({}), absl::StrCat("module 0 \"\": M, calls 1\n"
                                    "module 1 \"a\": A, calls 0, parent 0\n"
                                    "module 2 \"b\": B, calls 1, parent 0\n",
                                    kCalls));
}

TEST(HierarchyBuilder, TheOwnerOfATensorIsTheNearestModuleAboveIt) {
  const std::vector<absl::string_view> aliases = {"last"};
  EXPECT_EQ(Built([&aliases](HierarchyBuilder& builder) {
              absl::Status status;
              // Before the modules, as a file may list them.
              for (absl::string_view name :
                   {"scale", "layer1.w", "layer10.w", "layer1.a.b.w", "last.w", "last.q.w"}) {
                status.Update(builder.AddTensor({name}));
              }
              status.Update(builder.AddModule({"", "M"}));
              status.Update(builder.AddModule({"layer1", "L", {}, aliases}));
              status.Update(builder.AddModule({"layer1.q", "Q"}));
              return status;
            }),
            "module 0 \"\": M\n"
            "module 1 \"layer1\": L, aliases \"last\", parent 0\n"
            "module 2 \"layer1.q\": Q, parent 1\n"
            "tensor 0 \"scale\":   [], owner 0\n"
            "tensor 1 \"layer1.w\":   [], owner 1\n"
            "tensor 2 \"layer10.w\":   [], owner 0\n"
            "tensor 3 \"layer1.a.b.w\":   [], owner 1\n"
            "tensor 4 \"last.w\":   [], owner 1\n"
            "tensor 5 \"last.q.w\":   [], owner 2\n");
}

TEST(HierarchyBuilder, AReadByAnAliasOrOfNothingKnown) {
  const std::vector<absl::string_view> aliases = {"tied"};
  const std::vector<ReadEntry> reads = {{{}, "tied"}, {{}, "none"}, {}};
  EXPECT_EQ(Built([&](HierarchyBuilder& builder) {
              absl::Status status = builder.AddModule({""});
              status.Update(builder.AddOp({"aten.mul.Tensor", "", 0, reads}));
              status.Update(builder.AddTensor({"w", "buffer", "float16", {2}, aliases}));
              status.Update(builder.AddCall("", absl::nullopt));
              return status;
            }),
            "module 0 \"\": calls 1\n"
            "tensor 0 \"w\": buffer float16 [2], aliases \"tied\", owner 0\n"
            "call 0: module 0 #0\n"
            "op 0 aten.mul.Tensor: call 0, reads tensor 0 - -\n"
            "warning: $.ops[0].reads[1]: no tensor \"none\"\n");
}

TEST(HierarchyBuilder, ManyWarningsOfOneKindAreCounted) {
  std::vector<std::string> paths;
  for (int i = 0; i < 8; ++i) paths.push_back(absl::StrCat("m", i));
  HierarchyBuilder builder;
  ASSERT_TRUE(builder.AddModule({"", "", 1}).ok());
  for (const std::string& path : paths) ASSERT_TRUE(builder.AddModule({path, "", 9}).ok());
  ASSERT_TRUE(builder.AddCall("", absl::nullopt).ok());
  const absl::StatusOr<Hierarchy> hierarchy = std::move(builder).Build();
  ASSERT_TRUE(hierarchy.ok());
  EXPECT_EQ(
      hierarchy->warnings(),
      (std::vector<std::string>{
          "$.modules[1].calls: 9, but calls lists 0", "$.modules[2].calls: 9, but calls lists 0",
          "$.modules[3].calls: 9, but calls lists 0", "$.modules[4].calls: 9, but calls lists 0",
          "$.modules[5].calls: 9, but calls lists 0", "and 3 more modules whose calls differ"}));
}

TEST(HierarchyBuilder, AReaderNamesPlacesInItsOwnWay) {
  HierarchyBuilder builder(
      [](const SidecarLocation& place) { return absl::StrCat("line ", place.index + 1); });
  ASSERT_TRUE(builder.AddModule({""}).ok());
  ASSERT_TRUE(builder.AddModule({"a"}).ok());
  EXPECT_EQ(builder.AddModule({"a"}).message(), "line 3: duplicate path \"a\", first at line 2");
}

TEST(HierarchyBuilder, NoModuleAtAll) {
  EXPECT_EQ(BuiltOf({}), "$.modules[0].path: missing: the first module must be the root \"\"");
}

// It would imply a container for every second byte.
TEST(HierarchyBuilder, ANameHasALimit) {
  const std::string longest(Hierarchy::kMaxNameSize, 'a');
  EXPECT_EQ(BuiltOf({{""}, {longest}}),
            absl::StrCat("module 0 \"\"\nmodule 1 \"", longest, "\": parent 0\n"));
  EXPECT_EQ(BuiltOf({{""}, {longest + "a"}}), "$.modules[1].path: longer than 4096 bytes");
}

TEST(HierarchyBuilder, APathHasALimitOfSegments) {
  std::string deepest = "m";
  for (size_t i = 1; i < Hierarchy::kMaxSegments; ++i) deepest += ".m";
  HierarchyBuilder builder;
  ASSERT_TRUE(builder.AddModule({""}).ok());
  ASSERT_TRUE(builder.AddModule({deepest}).ok());
  const std::string deeper = deepest + ".m";
  const std::vector<absl::string_view> aliases = {deeper};
  EXPECT_EQ(builder.AddModule({deeper}).message(), "$.modules[2].path: more than 256 segments");
  EXPECT_EQ(BuiltOf({{""}, {"a", "A", {}, aliases}}),
            "$.modules[1].aliases[0]: more than 256 segments");
  EXPECT_EQ(builder.AddTensor({deeper}).message(), "$.tensors[0].name: more than 256 segments");
}

TEST(HierarchyBuilder, ClassesHaveALimitAndThoseAroundThemCount) {
  const std::string half(Hierarchy::kMaxNameSize / 2, 'C');
  const std::string qualified = "package." + half;
  EXPECT_EQ(BuiltOf({{""}, {"a", half + half + "C"}}),
            "$.modules[1].class: longer than 4096 bytes");
  EXPECT_EQ(BuiltOf({{""}, {"a", qualified}, {"b", qualified}, {"a.x.c", half}}).substr(0, 11),
            "module 0 \"\"");
  EXPECT_EQ(BuiltOf({{"", "N"}, {"a", qualified}, {"a.x.c", half}}),
            "$.modules[2].class: with the classes of the modules around it longer than 4096 bytes");
}

TEST(HierarchyBuilder, CallsAreNestedToALimit) {
  HierarchyBuilder builder;
  ASSERT_TRUE(builder.AddModule({""}).ok());
  ASSERT_TRUE(builder.AddCall("", absl::nullopt).ok());
  for (uint32_t i = 1; i <= HierarchyBuilder::kMaxCallDepth; ++i) {
    ASSERT_TRUE(builder.AddCall("", i - 1).ok());
  }
  EXPECT_EQ(std::move(builder).Build().status().message(),
            "$.calls[1024].parent: calls nested over 1024 deep");
}

TEST(HierarchyBuilder, APathBelowAnAliasIsAClash) {
  const std::vector<absl::string_view> aliases = {"last"};
  EXPECT_EQ(BuiltOf({{""}, {"last.a.b"}, {"shared", "S", {}, aliases}}),
            "$.modules[1].path: \"last.a.b\" is below \"last\", an alias of \"shared\"");
}

}  // namespace
}  // namespace modelexport
