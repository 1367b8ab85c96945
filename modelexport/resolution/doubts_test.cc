#include "modelexport/resolution/doubts.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

// Calls: root 0, act 1, lin 2, other 3, act 4, tail 5.
constexpr absl::string_view kModules = R"(
  ""     my.Model 1
  act    my.Act   2
  lin    my.Lin   1
  other  my.Other 1
  tail   my.Tail  1
  call ""
    call act
    call lin
    call other
    call act
    call tail
)";

// A node is named for the calls that it may belong to, as "3|4"; "lin" names a settled module, and
// "lin|act" options without calls. Returns "<operator> -> <owner>" for each node in doubt.
std::string Settle(absl::string_view model) {
  const Hierarchy hierarchy = HierarchyOf(kModules);
  const TextGraph graph(model);
  std::vector<Owner> owners(graph.view().num_nodes());
  std::vector<Doubt> doubts;
  for (size_t n = 0; n < owners.size(); ++n) {
    Doubt doubt{NodeId(n), {}};
    for (absl::string_view name : absl::StrSplit(graph.view().name(NodeId(n)), '|')) {
      const bool is_call = name[0] >= '0' && name[0] <= '9';
      const CallId call = is_call ? CallId(name[0] - '0') : CallId();
      const ModuleId module =
          is_call ? hierarchy.call(call).module : hierarchy.FindModule(name == "." ? "" : name);
      doubt.options.push_back({NodeId(n), module, call, true});
    }
    owners[n].module = doubt.options[0].module;
    owners[n].call = doubt.options.size() == 1 ? doubt.options[0].call : CallId();
    owners[n].evidence = EvidenceKind::kNodeName;
    if (doubt.options.size() > 1) doubts.push_back(doubt);
  }
  SettleDoubts({graph.view(), hierarchy}, doubts, &owners);
  std::string text;
  for (const Doubt& doubt : doubts) {
    const Owner& owner = owners[doubt.node.index()];
    const absl::string_view path = hierarchy.module(owner.module).path;
    absl::StrAppend(&text, graph.view().op_type(doubt.node), " -> ", path.empty() ? "." : path,
                    owner.call.valid() ? absl::StrCat(" call ", owner.call.index()) : "",
                    owner.evidence == EvidenceKind::kNone ? " none" : "", "\n");
  }
  return text;
}

TEST(Doubts, TheNodesAroundLeaveOneCall) {
  EXPECT_EQ(Settle(R"(main (x) => (y) {
      ["2"] a = Gemm (x)
      ["1|4"] b = Mul (a)
      ["1|4"] c = Add (b)
      ["5"] y = Relu (c)
    })"),
            "Mul -> act call 4\nAdd -> act call 4\n");
}

// As relu and relu_1, one operator each.
TEST(Doubts, AsManyNodesOfOneOperatorAsCalls) {
  EXPECT_EQ(Settle(R"(main (x) => (y) {
      ["2"] a = Gemm (x)
      ["3|4"] b = Relu (a)
      ["3|4"] c = Relu (b)
      ["5"] y = Abs (c)
    })"),
            "Relu -> other call 3\nRelu -> act call 4\n");
}

// The first call of `act` is settled and shows what its second one runs; the rest is `other`.
// Constants do not count.
TEST(Doubts, OperatorsOfAnotherCallTellWhereAPartBegins) {
  EXPECT_EQ(Settle(R"(main (x) => (y) {
      ["1"] k = Constant ()
      ["1"] a = Mul (x, k)
      ["1"] b = Tanh (a)
      ["2"] c = Gemm (b)
      ["3|4"] d = Exp (c)
      ["3|4"] e = Mul (d)
      ["3|4"] l = Constant ()
      ["3|4"] f = Mul (e, l)
      ["3|4"] g = Tanh (f)
      ["5"] y = Abs (g)
    })"),
            "Exp -> other call 3\nMul -> other call 3\nConstant -> act call 4\n"
            "Mul -> act call 4\nTanh -> act call 4\n");
}

// Two calls of which nothing is known share a run: where the one ends, nobody can tell.
TEST(Doubts, WithoutKnowledgeTheModuleAroundIsTaken) {
  EXPECT_EQ(Settle(R"(main (x) => (y) {
      ["2"] c = Gemm (x)
      ["3|4"] d = Exp (c)
      ["3|4"] e = Mul (d)
      ["3|4"] f = Add (e)
      ["5"] y = Abs (f)
    })"),
            "Exp -> . none\nMul -> . none\nAdd -> . none\n");
}

TEST(Doubts, CallsOfOneModuleThatCannotBeToldApartKeepTheModule) {
  EXPECT_EQ(Settle(R"(main (x) => (y) {
      ["1|4"] d = Exp (x)
      ["1|4"] e = Mul (d)
      ["1|4"] y = Add (e)
    })"),
            "Exp -> act\nMul -> act\nAdd -> act\n");
}

TEST(Doubts, WithoutCallsTheModuleAroundIsTaken) {
  EXPECT_EQ(Settle(R"(main (x) => (y) { ["lin|act"] y = Exp (x) })"), "Exp -> . none\n");
  EXPECT_EQ(Settle(R"(main (x) => (y) { [".|act"] y = Exp (x) })"), "Exp -> .\n");
}

TEST(Doubts, NoneNothingChanges) {
  EXPECT_EQ(Settle(R"(main (x) => (y) { ["2"] y = Exp (x) })"), "");
}

}  // namespace
}  // namespace modelexport
