#include "modelexport/ownership/owners_from_tags.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/tags/node_tags.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// M: modelexport.module, T: .tag, E: .evidence, C: .call, A: .also, S: .submodule.
std::string Keys(absl::string_view model) {
  return absl::StrReplaceAll(model, {{"M:", "\"modelexport.module\":"},
                                     {"T:", "\"modelexport.tag\":"},
                                     {"E:", "\"modelexport.evidence\":"},
                                     {"C:", "\"modelexport.call\":"},
                                     {"A:", "\"modelexport.also\":"},
                                     {"S:", "\"modelexport.submodule\":"}});
}

std::string DescribeOwner(const Hierarchy& hierarchy, const Owner& owner) {
  const auto path = [&](ModuleId id) {
    const absl::string_view text = hierarchy.module(id).path;
    return text.empty() ? "." : text;
  };
  if (!owner.tagged) return "never called";
  std::string text = absl::StrCat(path(owner.module), " ", NameOf(owner.evidence));
  if (owner.call.valid()) {
    absl::StrAppend(&text, " call ", hierarchy.call(owner.call).ordinal);
  }
  if (owner.base.valid()) absl::StrAppend(&text, " below ", path(owner.base));
  return text;
}

// The owners and the notes, a line for each; an error as its message.
std::string Own(absl::string_view model) {
  const TextGraph graph(Keys(model), NodeTagKeys());
  const absl::StatusOr<Hierarchy> hierarchy = ReadTaggedHierarchy(graph.index());
  if (!hierarchy.ok()) return std::string(hierarchy.status().message());
  const TaggedOwners tagged = OwnersFromTags(graph.view(), *hierarchy);
  std::string text;
  for (size_t i = 0; i < tagged.owners.size(); ++i) {
    absl::StrAppend(&text, graph.view().Place(NodeId(i)), " ",
                    DescribeOwner(*hierarchy, tagged.owners[i]));
    for (const AlsoModule& other : tagged.also.of(NodeId(i))) {
      absl::StrAppend(&text, " also ", hierarchy->module(other.module).path);
    }
    text += "\n";
  }
  for (const std::string& note : tagged.notes) absl::StrAppend(&text, note, "\n");
  return text;
}

std::string ReadModules(absl::string_view model) {
  const TextGraph graph(Keys(model), NodeTagKeys());
  const absl::StatusOr<Hierarchy> hierarchy = ReadTaggedHierarchy(graph.index());
  return hierarchy.ok() ? ToText(*hierarchy) : std::string(hierarchy.status().message());
}

TEST(OwnersFromTags, AreWhatTheTagsSay) {
  EXPECT_EQ(Own(R"(main () => () {
    a = A () {M: "enc.q", T: "/Net/Enc", E: "node_name"}
    b = B () {M: "", T: "/Net", E: "none"}
    c = C () {M: "enc", T: "/Net/Enc", E: "dataflow"} })"),
            "#0 enc.q node_name\n"
            "#1 . none\n"
            "#2 enc dataflow\n");
}

// What is no other module is left out.
TEST(OwnersFromTags, OtherModules) {
  EXPECT_EQ(Own(R"(main () => () {
    a = A () {M: "conv", T: "/Net/Conv", E: "trace", A: "[\"bn\",\"conv\"]"}
    b = B () {M: "bn", T: "/Net/Norm", E: "trace", A: "bn"}
    c = C () {M: "act", T: "/Net/Act", E: "trace", A: "[\"no\",\"bn\",\"gone\"]"} })"),
            "#0 conv trace also bn\n"
            "#1 bn trace\n"
            "#2 act trace also bn\n"
            "1 node with a modelexport.also that is no array of paths: #1 (B), \"bn\"\n"
            "1 node with a path in modelexport.also that is no module: #2 (C), \"no\"\n");
}

TEST(OwnersFromTags, ModulesAreThoseOfTheTags) {
  EXPECT_EQ(ReadModules(R"(main () => () {
    a = A () {M: "enc.q", T: "/Net/Enc", E: "node_name"}
    b = B () {M: "", T: "/Net", E: "none"}
    c = C () {M: "enc.k", T: "/Net/Enc", E: "node_name"}
    d = D () {M: "enc.q", T: "/Net/Other", E: "node_name"} })"),
            "module 0 \"\": tag /Net\n"
            "module 1 \"enc\": implied, parent 0\n"
            "module 2 \"enc.q\": tag /Net/Enc, parent 1\n"
            "module 3 \"enc.k\": parent 1\n");
}

TEST(OwnersFromTags, TagsOfOneModuleThatDifferAreNoted) {
  EXPECT_EQ(Own(R"(main () => () {
    a = A () {M: "enc", T: "/Net/Enc", E: "node_name"}
    b = B () {M: "enc", T: "/Net/Dec", E: "node_name"}
    c = C () {M: "enc", T: "/Net/Enc", E: "node_name"} })"),
            "#0 enc node_name\n"
            "#1 enc node_name\n"
            "#2 enc node_name\n"
            "1 node with a modelexport.tag that an earlier node of its module has not: #1 (B), "
            "\"/Net/Dec\"\n");
}

// Of two entries with one key the first counts, as docs/tags.md has it.
TEST(OwnersFromTags, WhatCannotBeUsedIsNoted) {
  EXPECT_EQ(Own(R"(main () => () {
    a = A () {M: "x", M: "y", E: "node_name"}
    b = B ()
    c = C ()
    d = D () {M: "x", E: "by_magic"}
    e = E () {M: "x"}
    f = F () {M: "x", E: "node_name", C: "1"}
    g = G () {M: "x", E: "node_name", C: "many"}
    h = H () {S: "x", E: "node_name"} })"),
            R"(#0 x node_name
#1 . none
#2 . none
#3 x inherited
#4 x inherited
#5 x node_name
#6 x node_name
#7 . none
2 nodes without tags, the first: #1 (B)
2 nodes with evidence of an unknown kind, counted as inherited, the first: #3 (D), "by_magic"
1 node whose call is not used, since the hierarchy lists no calls: #5 (F)
1 node with a modelexport.call that is no call of the module: #6 (G), "many"
1 node outside functions with modelexport.submodule: #7 (H)
)");
}

TEST(OwnersFromTags, WithinFunctionsRelativeToTheFirstThatCallsThem) {
  EXPECT_EQ(Own(R"(main () => () {
      a = f.Layer () {M: "l.0", E: "node_name"}
      b = f.Layer () {M: "l.1", E: "node_name"}
      c = A () {M: "l.0.q", E: "node_name"} }
    <domain: "f"> Inner () => () { a = A () {S: "", E: "inherited"} }
    <domain: "f"> Unused () => () { a = A () {M: "l.0", E: "node_name"} }
    <domain: "f"> Layer () => () { a = f.Inner () {S: "q", E: "node_name"}
                                   b = B () {S: "k", E: "node_name"} }
  )"),
            R"(#0 l.0 node_name
#1 l.1 node_name
#2 l.0.q node_name
function:f:Inner:#0 l.0.q inherited below l.0.q
function:f:Unused:#0 never called
function:f:Layer:#0 l.0.q node_name below l.0
function:f:Layer:#1 . none
1 node of modules that are not in the hierarchy: function:f:Layer:#1 (B), "l.0.k"
)");
}

TEST(OwnersFromTags, AModelWithoutTagsSaysWhatItHasInstead) {
  EXPECT_EQ(Own("main () => () { a = A () }"),
            "memory: is not tagged: no node has modelexport.module");
  EXPECT_EQ(Own("main () => () {}"), "memory: is not tagged: no node has modelexport.module");
  EXPECT_EQ(Own(R"(main () => () { a = A () {"namespace": "Net", "layer_ann": "enc/"} })"),
            "memory: is not tagged: no node has modelexport.module, some have keys of "
            "model_explorer, layer_ann");
}

TEST(OwnersFromTags, HostileNamesAreEscapedAndCut) {
  EXPECT_EQ(Own(absl::StrCat("main () => () { a = A () {M: \"", std::string(5000, 'a'),
                             "\", E: \"none\"} }")),
            "memory: modelexport.module: longer than 4096 bytes");
  EXPECT_EQ(Own(R"(main () => () { a = A () {M: "", E: "\n\"\x01"} })"),
            "#0 . inherited\n"
            "1 node with evidence of an unknown kind, counted as inherited: #0 (A), "
            "\"\\n\\\"\\x01\"\n");
}

}  // namespace
}  // namespace modelexport
