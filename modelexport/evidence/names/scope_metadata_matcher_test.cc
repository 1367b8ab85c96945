#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/evidence/names/name_matchers.h"
#include "modelexport/hierarchy/readers/name_scopes.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

std::string ModelOf(const std::vector<std::string>& values) {
  std::string nodes;
  for (size_t i = 0; i < values.size(); ++i) {
    absl::StrAppend(&nodes, "v", i, " = Op () {\"pkg.torch.onnx.name_scopes\": \"",
                    absl::CEscape(values[i]), "\"}\n");
  }
  return absl::StrCat("main () => () {\n", nodes, "}");
}

std::string ToText(const MatchContext& context, const MatchResult& result) {
  std::string text;
  for (const Candidate& c : result.candidates) {
    const absl::string_view path = context.hierarchy.module(c.module).path;
    absl::StrAppend(&text, context.graph.Place(c.node), " -> ", path.empty() ? "." : path,
                    c.call.valid() ? " call" : "", c.exact ? " exact" : " within", " (",
                    ScopeMetadataMatcher().Reason(context, c), ")\n");
  }
  for (const std::string& note : result.notes) absl::StrAppend(&text, note, "\n");
  return absl::StrCat(text, result.offer.resolved, " of ", result.offer.offered, "\n");
}

std::string Match(absl::string_view hierarchy_lines, const std::vector<std::string>& values,
                  absl::string_view load = kNameScopesKey) {
  const Hierarchy hierarchy = HierarchyOf(hierarchy_lines);
  const TextGraph graph(ModelOf(values), {std::string(load)});
  const MatchContext context{graph.view(), hierarchy};
  return ToText(context, ScopeMetadataMatcher().Match(context));
}

constexpr absl::string_view kModel = R"(
  ""                my.Model
  encoder           my.Encoder
  encoder.0         my.Layer    last
  encoder.0.q       torch.nn.modules.linear.Linear
  call ""
    call encoder
      call encoder.0
        call encoder.0.q
        call encoder.0.q
)";

TEST(ScopeMetadataMatcher, TheLastModuleOwnsTheNode) {
  EXPECT_EQ(
      Match(kModel, {"['', 'encoder', 'encoder.0', 'encoder.0.q', 'linear']",
                     "['', 'encoder', 'add']", "['', 'add_1']"}),
      R"(#0 -> encoder.0.q exact (pkg.torch.onnx.name_scopes ['', 'encoder', 'encoder.0', 'encoder.0.q', 'linear'])
#1 -> encoder exact (pkg.torch.onnx.name_scopes ['', 'encoder', 'add'])
#2 -> . exact (pkg.torch.onnx.name_scopes ['', 'add_1'])
2 of 2
)");
}

// As the exporter writes the path by which a module was called.
TEST(ScopeMetadataMatcher, PathsMayBeAliasesAndLieBelowThem) {
  EXPECT_EQ(Match(kModel, {"['', 'last', 'add']", "['', 'last', 'last.q', 'linear']"}),
            R"(#0 -> encoder.0 exact (pkg.torch.onnx.name_scopes ['', 'last', 'add'])
#1 -> encoder.0.q exact (pkg.torch.onnx.name_scopes ['', 'last', 'last.q', 'linear'])
2 of 2
)");
}

TEST(ScopeMetadataMatcher, TheMarkOfARepeatedCallIsNoPartOfThePath) {
  EXPECT_EQ(
      Match(kModel, {"['', 'encoder@1', 'encoder.0.q@12', 'linear']"}),
      R"(#0 -> encoder.0.q exact (pkg.torch.onnx.name_scopes ['', 'encoder@1', 'encoder.0.q@12', 'linear'])
1 of 1
)");
}

TEST(ScopeMetadataMatcher, OfAnUnknownPathTheKnownOneAroundItCounts) {
  EXPECT_EQ(
      Match(kModel, {"['', 'encoder', 'encoder.7', 'encoder.7.q', 'linear']"}),
      R"(#0 -> encoder within (pkg.torch.onnx.name_scopes ['', 'encoder', 'encoder.7', 'encoder.7.q', 'linear'], of which only the beginning is known)
1 of 1
)");
}

// Everything lies within the root: to say so is no evidence.
TEST(ScopeMetadataMatcher, WithinTheRootIsNothing) {
  EXPECT_EQ(Match(kModel, {"['', 'decoder', 'linear']"}), "0 of 1\n");
}

// Symbolic shapes and bodies of torch.cond: no module, and nothing that should have named one.
TEST(ScopeMetadataMatcher, NoModuleIsNamed) {
  EXPECT_EQ(Match(kModel, {"['_empty_nn_module_stack_from_metadata_hook', 'sym_size_int_1']",
                           "['linear']", "[]"}),
            "0 of 0\n");
}

TEST(ScopeMetadataMatcher, MalformedValuesSayNothing) {
  EXPECT_EQ(Match(kModel, {"", "encoder", "['', 'encoder', 'linear'", R"(["", "encoder", 1])",
                           R"({"a": ['encoder', 'x']})"}),
            "0 of 0\n");
}

TEST(ScopeMetadataMatcher, QuotesAreThoseOfPython) {
  EXPECT_EQ(Match("\"\" my.Model\nit's my.Layer", {R"(['', "it's", 'linear'])"}),
            "#0 -> it's exact (pkg.torch.onnx.name_scopes ['', \"it's\", 'linear'])\n1 of 1\n");
}

TEST(ScopeMetadataMatcher, SaysNothingWhereTheKeyWasNotLoaded) {
  EXPECT_EQ(Match(kModel, {"['', 'encoder', 'linear']"}, "namespace"), "0 of 0\n");
}

TEST(ScopeMetadataMatcher, NodesWithoutTheKeyAreLeftOut) {
  const Hierarchy hierarchy = HierarchyOf(kModel);
  const TextGraph graph(R"(main () => () {
    a = Op () {"namespace": "['', 'encoder', 'x']"}
    b = Op () {"namespace": "x", "pkg.torch.onnx.name_scopes": "['', 'encoder', 'x']"}
    c = Op ()
  })",
                        {std::string(kNameScopesKey)});
  const MatchContext context{graph.view(), hierarchy};
  EXPECT_EQ(ToText(context, ScopeMetadataMatcher().Match(context)),
            "#1 -> encoder exact (pkg.torch.onnx.name_scopes ['', 'encoder', 'x'])\n1 of 1\n");
}

// What names no module does not hide that all others lie below a wrapper.
TEST(ScopeMetadataMatcher, TheFileMayHaveAWrapper) {
  EXPECT_EQ(
      Match(kModel, {"['_empty_nn_module_stack_from_metadata_hook', 'sym_size_int_1']",
                     "['', 'model', 'model.encoder', 'add']", "['', 'model', 'model.last', 'x']",
                     "['', 'model', 'y']", "['', 'z']"}),
      R"(#1 -> encoder exact (pkg.torch.onnx.name_scopes ['', 'model', 'model.encoder', 'add'])
#2 -> encoder.0 exact (pkg.torch.onnx.name_scopes ['', 'model', 'model.last', 'x'])
#3 -> . exact (pkg.torch.onnx.name_scopes ['', 'model', 'y'])
#4 -> . exact (pkg.torch.onnx.name_scopes ['', 'z'])
scope_metadata: the file's names begin with "model", a wrapper that the hierarchy does not have
3 of 3
)");
}

TEST(ScopeMetadataMatcher, ASingleUnknownPathIsNoWrapper) {
  EXPECT_EQ(Match(kModel, {"['', 'decoder', 'add']", "['', 'decoder', 'mul']"}), "0 of 2\n");
}

TEST(ScopeMetadataMatcher, TheHierarchyMayHaveAWrapper) {
  EXPECT_EQ(Match(R"(
    ""             my.Wrapper
    model          my.Model
    model.encoder  my.Encoder
  )",
                  {"['', 'encoder', 'add']", "['', 'add_1']", "['', 'encoder', 'encoder.0', 'x']"}),
            R"(#0 -> model.encoder exact (pkg.torch.onnx.name_scopes ['', 'encoder', 'add'])
#1 -> model exact (pkg.torch.onnx.name_scopes ['', 'add_1'])
#2 -> model.encoder within (pkg.torch.onnx.name_scopes ['', 'encoder', 'encoder.0', 'x'], of which only the beginning is known)
scope_metadata: the file's names begin at "model", below a wrapper that the file does not have
2 of 2
)");
}

}  // namespace
}  // namespace modelexport
