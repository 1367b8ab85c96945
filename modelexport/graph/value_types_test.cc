#include "modelexport/graph/value_types.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// One line for each value: its name, its type, and whether that is from a ValueInfoProto.
std::string Types(absl::string_view text) {
  const TextGraph graph(text);
  const absl::StatusOr<Declarations> declared = Declarations::Read(graph.index());
  if (!declared.ok()) return std::string(declared.status().message());
  const absl::StatusOr<ValueTypes> types = ValueTypes::Read(graph.view(), *declared);
  if (!types.ok()) return std::string(types.status().message());
  std::string out;
  for (size_t v = 0; v < graph.view().values().size(); ++v) {
    const ValueId id(v);
    absl::StrAppend(&out, graph.view().name(id), ": ", ToString(types->type(id)),
                    types->declaration(id).size() > 0 ? ", declared" : "", "\n");
  }
  return out;
}

TEST(ValueTypes, OfInputsOutputsInnerValuesAndInitializers) {
  EXPECT_EQ(Types(R"(
    main (float[N, 4] x, u) => (float[N, ?] y)
        <float[N, 4] a, int64[2, 3] w = {1, ...}, sparse float[9] s = {1, 2} at {3, 4}> {
      a = Relu (x)
      b = MatMul (a, w)
      y = Add (b, nowhere)
    })"),
            "x: float[N, 4], declared\n"
            "u: ?\n"
            "w: int64[2, 3]\n"
            "s: ?\n"
            "a: float[N, 4], declared\n"
            "b: ?\n"
            "y: float[N, ?], declared\n"
            "nowhere: ?\n");
}

// The default of an input is not its type; the tensor of another initializer is.
TEST(ValueTypes, TheOrderOfSources) {
  EXPECT_EQ(Types(R"(
    main (float[2] given = {1, 2}, untyped) => (v, float[9] o, float[8] o)
        <float[?] w, float[2] w = {1, 2}, float[7] o, float[1] v, float[2] v, int64[5] untyped> {
      v = F (given, untyped)
      o = F (w)
    })"),
            "given: float[2], declared\n"
            "untyped: int64[5], declared\n"
            "w: float[2]\n"
            "v: float[1], declared\n"
            "o: float[9], declared\n");
}

// Equal names in different graphs are different values.
TEST(ValueTypes, OfBodiesAndFunctions) {
  EXPECT_EQ(Types(R"(
    main (bool c) => (float[1] y) {
      y = If (c) <then_branch = yes () => (float[2] t) <float[3] y> { y = F (c) t = F (y) },
                  else_branch = no () => (float[4] t) <float[5] c> { t = F (c) }>
    }
    <domain: "d"> f (c) => (y) { y = If (c) <then_branch = z () => (float[6] t) { t = F (c) }> })"),
            "c: bool, declared\n"
            "y: float[1], declared\n"
            "y: float[3], declared\n"
            "t: float[2], declared\n"
            "t: float[4], declared\n"
            "c: ?\n"
            "y: ?\n"
            "t: float[6], declared\n");
}

TEST(ValueTypes, AnInputThatIsLeftOutHasNone) {
  const TextGraph graph("main (float x) => () { = F (x, \"\") }");
  const absl::StatusOr<Declarations> declared = Declarations::Read(graph.index());
  ASSERT_TRUE(declared.ok());
  const absl::StatusOr<ValueTypes> types = ValueTypes::Read(graph.view(), *declared);
  ASSERT_TRUE(types.ok());
  EXPECT_EQ(ToString(types->type(graph.view().inputs(NodeId(0))[0])), "float");
  EXPECT_EQ(ToString(types->type(graph.view().inputs(NodeId(0))[1])), "?");
}

}  // namespace
}  // namespace modelexport
