// What the walk makes of single scopes; scope_name_matcher_test.cc has the naming rules.
#include "modelexport/evidence/names/scope_walk.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;

// What each scope means, then the note on wrappers.
std::string Walked(absl::string_view hierarchy_lines, const std::vector<std::string>& scopes) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  ScopeWalk walk(hierarchy);
  std::vector<uint32_t> numbers;
  for (const std::string& scope : scopes) numbers.push_back(walk.AddScope(scope));
  const std::string note = walk.Resolve(ScopeTree(hierarchy));
  std::string text;
  for (uint32_t number : numbers) {
    absl::StrAppend(&text, walk.scope(number), " ->");
    const char* separator = walk.complete(number) ? " " : " within ";
    for (const ScopeTree::Entry& entry : walk.entries(number)) {
      const absl::string_view path = hierarchy.module(entry.module).path;
      absl::StrAppend(&text, separator, path.empty() ? "." : path);
      if (entry.call.valid()) {
        absl::StrAppend(&text, " call ", hierarchy.call(entry.call).ordinal);
      }
      separator = " or ";
    }
    absl::StrAppend(&text, walk.entries(number).empty() ? " nothing\n" : "\n");
  }
  return absl::StrCat(text, note, note.empty() ? "" : "\n");
}

TEST(ScopeWalk, EqualScopesHaveOneNumber) {
  const Hierarchy hierarchy = HierarchyOf("\"\" my.Model");
  ScopeWalk walk(hierarchy);
  const uint32_t a = walk.AddScope("a");
  EXPECT_NE(walk.AddScope("a/b"), a);
  EXPECT_EQ(walk.AddScope("a"), a);
  EXPECT_EQ(walk.scope(a), "a");
}

constexpr absl::string_view kRepeated = R"(
  ""          my.Model
  shared      my.Block
  shared.q    torch.nn.modules.linear.Linear
  shared.act  torch.nn.modules.activation.ReLU
  call ""
    call shared
      call shared.q
      call shared.act
      call shared.act
    call shared
      call shared.q
      call shared.act
      call shared.act
)";

// Calls without nodes of their own (here the 1st or 2nd of `act`) get no number in the file.
TEST(ScopeWalk, ACallWithoutNodesLeavesTheOthersInDoubt) {
  EXPECT_EQ(Walked(kRepeated, {"shared/act", "shared/act_1", "shared/act_2"}),
            R"(shared/act -> shared.act call 0 or shared.act call 1
shared/act_1 -> shared.act call 1 or shared.act call 2
shared/act_2 -> shared.act call 2 or shared.act call 3
)");
}

TEST(ScopeWalk, MoreCallsInTheFileThanInTheSidecar) {
  EXPECT_EQ(Walked(kRepeated, {"shared/q", "shared/q_1", "shared/q_7"}),
            R"(shared/q -> shared.q call 0
shared/q_1 -> shared.q call 1
shared/q_7 -> shared.q
)");
}

// The number of calls, where it is known, says that a number is possible.
TEST(ScopeWalk, NumbersOfCallsAloneLeaveTheSameDoubt) {
  EXPECT_EQ(Walked(R"(
    ""       my.Model                           1
    relu     torch.nn.modules.activation.ReLU   2
    relu_1   torch.nn.modules.activation.ReLU   1
  )",
                   {"relu_1"}),
            "relu_1 -> relu_1 or relu\n");
}

// Nothing but a name: LayerNorm was called once, so the number cannot be one of a call.
TEST(ScopeWalk, NamesThatEndInANumberByNature) {
  constexpr absl::string_view kNorms = R"(
    ""           my.Model
    LayerNorm    torch.nn.modules.normalization.LayerNorm
    LayerNorm_1  torch.nn.modules.normalization.LayerNorm
    Constant_1   my.Constant
    call ""
      call LayerNorm
      call LayerNorm_1
      call Constant_1
      call Constant_1
  )";
  EXPECT_EQ(Walked(kNorms, {"LayerNorm", "LayerNorm_1", "Constant_1", "Constant_1_1"}),
            R"(LayerNorm -> LayerNorm call 0
LayerNorm_1 -> LayerNorm_1 call 0
Constant_1 -> Constant_1 call 0
Constant_1_1 -> Constant_1 call 1
)");
}

constexpr absl::string_view kIterated = R"(
  ""           my.Model
  sub          torch.nn.modules.container.Sequential
  sub.0        torch.nn.modules.linear.Linear
  sub.1        torch.nn.modules.container.Sequential
  sub.1.0      torch.nn.modules.linear.Linear
  call ""
    call sub.0
    call sub.1
      call sub.1.0
)";

constexpr absl::string_view kWrapped = R"(
  ""                  my.Wrapper
  model               my.Model
  model.enc           my.Encoder
  model.enc.linear2   torch.nn.modules.linear.Linear
  call ""
    call model
      call model.enc
        call model.enc.linear2
)";

// Nothing is left of "encoder" below a wrapper of that name: that is no sign of one.
TEST(ScopeWalk, ASingleUnknownScopeIsNoWrapper) {
  EXPECT_EQ(Walked(kIterated, {"encoder", "", "encoder_1"}),
            "encoder -> nothing\n -> . call 0\nencoder_1 -> nothing\n");
  EXPECT_EQ(Walked(kWrapped, {"enc"}),
            "enc -> model.enc call 0\nthe file's scopes begin at \"model\", below a wrapper that "
            "the file does not have\n");
}

// A wrapper lengthens the segments of those whose whole path is numbers.
TEST(ScopeWalk, TheWrappedRootMayBeASequential) {
  EXPECT_EQ(Walked(R"(
    ""   torch.nn.modules.container.Sequential
    0    torch.nn.modules.linear.Linear
    1    torch.nn.modules.container.Sequential
    1.0  torch.nn.modules.activation.ReLU
    call ""
      call 0
      call 1
        call 1.0
      call 0
  )",
                   {"model/model.0", "model/model.1/model.1.0", "model/model.0_1"}),
            R"(model/model.0 -> 0 call 0
model/model.1/model.1.0 -> 1.0 call 0
model/model.0_1 -> 0 call 1
the file's scopes lie below "model", a wrapper that the hierarchy does not have
)");
  EXPECT_EQ(Walked(R"(
    ""         my.Wrapper
    model      torch.nn.modules.container.Sequential
    model.0    torch.nn.modules.linear.Linear
    model.1    torch.nn.modules.container.Sequential
    model.1.0  torch.nn.modules.activation.ReLU
    call ""
      call model
        call model.0
        call model.1
          call model.1.0
        call model.0
  )",
                   {"0", "1/1.0", "0_1"}),
            R"(0 -> model.0 call 0
1/1.0 -> model.1.0 call 0
0_1 -> model.0 call 1
the file's scopes begin at "model", below a wrapper that the file does not have
)");
}

// Of hundreds of calls, most without nodes, a number says nothing: the module is left.
TEST(ScopeWalk, TooManyCallsInDoubtAreLeftToOthers) {
  std::string lines = "\"\" my.Model\nact my.Act\ncall \"\"\n";
  for (int i = 0; i < 17; ++i) absl::StrAppend(&lines, "  call act\n");
  EXPECT_EQ(Walked(lines, {"act"}), "act -> act\n");
  EXPECT_EQ(Walked(lines, {"act_16"}), "act_16 -> act call 16\n");
  EXPECT_EQ(Walked(lines, {"act_17"}), "act_17 -> act\n");
}

}  // namespace
}  // namespace modelexport
