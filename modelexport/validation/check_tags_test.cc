#include "modelexport/validation/check_tags.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "modelexport/onnx/model_index.h"
#include "modelexport/tags/keys.h"
#include "modelexport/validation/test_model.h"

namespace modelexport {
namespace {

using absl::StrCat;
using testing::Field;
using testing::Model;
using testing::ModelEntry;
using testing::Node;
using testing::NodeEntry;
using testing::Number;
using testing::SmallHierarchy;
using testing::SmallModel;
using testing::Tag;

struct Checked {
  Findings findings;
  TagCounts counts;
};

Checked Check(const std::string& model, const Hierarchy* hierarchy) {
  Checked checked;
  CheckTagsOptions options;
  options.hierarchy = hierarchy;
  const absl::Status status =
      CheckTags(*BytesInMemory(model), options, &checked.findings, &checked.counts);
  EXPECT_TRUE(status.ok()) << status;
  return checked;
}

std::string FindingsOf(const std::string& model) {
  const Hierarchy hierarchy = SmallHierarchy();
  return Check(model, &hierarchy).findings.ToText();
}

std::string FindingsOfGraph(const std::string& graph) { return FindingsOf(Model(graph)); }

std::string BlockTag() { return Tag("block.0", "/Net/Block.0"); }

// A called function with one node.
std::string ModelWithFunction(absl::string_view node_fields) {
  return Model(Node("F", StrCat(Field(7, "my"), BlockTag())),
               Field(25, StrCat(Field(1, "F"), Field(7, node_fields), Field(10, "my"))));
}

TEST(CheckTags, AGoodFileHasNoFindings) { EXPECT_EQ(FindingsOf(SmallModel(true)), ""); }

TEST(CheckTags, CountsNodesByEvidence) {
  const TagCounts counts = Check(SmallModel(true), nullptr).counts;
  EXPECT_EQ(counts.nodes, 9);
  EXPECT_EQ(counts.tagged, 8);
  EXPECT_EQ(counts.uncalled, 1);
  EXPECT_EQ(counts.by_evidence[static_cast<int>(EvidenceKind::kNodeName)], 6);
  EXPECT_EQ(counts.by_evidence[static_cast<int>(EvidenceKind::kTrace)], 1);
  EXPECT_EQ(counts.by_evidence[static_cast<int>(EvidenceKind::kNone)], 1);
  EXPECT_EQ(counts.unknown_evidence, 0);
}

TEST(CheckTags, NodesWithTheSameEntriesAreJudgedEach) {
  const std::string good = Node("Add", BlockTag());
  const std::string wrong = Node("Add", Tag("block.0", "/Net"));
  const Hierarchy hierarchy = SmallHierarchy();
  const Checked checked = Check(Model(StrCat(good, wrong, good, wrong, good)), &hierarchy);
  EXPECT_EQ(checked.counts.nodes, 5);
  EXPECT_EQ(checked.counts.tagged, 5);
  EXPECT_EQ(checked.counts.by_evidence[static_cast<int>(EvidenceKind::kNodeName)], 5);
  EXPECT_EQ(checked.findings.ToText(),
            R"(error tag.class_path #1: "/Net" where module "block.0" reads "/Net/Block.0"
error tag.class_path #3: "/Net" where module "block.0" reads "/Net/Block.0"
)");
}

// What is right in a function may be wrong outside with the same bytes.
TEST(CheckTags, NodesWithTheSameEntriesAreJudgedByTheirPlace) {
  const std::string relative =
      StrCat(NodeEntry(kSubmoduleKey, "act"), NodeEntry(kEvidenceKey, "node_name"));
  const std::string call = Node("F", StrCat(Field(7, "my"), BlockTag()));
  const std::string function = Field(
      25, StrCat(Field(1, "F"), Node("Add", relative).replace(0, 1, "\x3a"), Field(10, "my")));
  EXPECT_EQ(FindingsOf(Model(call, function)), "");
  EXPECT_EQ(FindingsOf(Model(StrCat(call, Node("Add", relative)), function)),
            "error tag.submodule #1: modelexport.submodule outside a function\n");
}

TEST(CheckTags, NothingIsTaggedInAnOriginal) {
  constexpr char kUntagged[] =
      "error model.untagged model: neither the model nor any of its nodes has tags\n";
  EXPECT_EQ(FindingsOf(SmallModel(false)), kUntagged);
  EXPECT_EQ(Check(SmallModel(false), nullptr).findings.ToText(), kUntagged);
  // What `rename` leaves is no tag.
  EXPECT_EQ(FindingsOf(StrCat(Field(7, Node("A", NodeEntry(kNameKey, "a"))),
                              ModelEntry(kRenamedKey, "nodes"))),
            kUntagged);
  EXPECT_EQ(FindingsOf(StrCat(SmallModel(false), ModelEntry(kPresetsKey, "modelexport"))),
            R"(error tag.missing #0: no modelexport.module, modelexport.tag, modelexport.evidence
error tag.missing #1: no modelexport.module, modelexport.tag, modelexport.evidence
error tag.missing #2: no modelexport.module, modelexport.tag, modelexport.evidence
error tag.missing #3: no modelexport.module, modelexport.tag, modelexport.evidence
error tag.missing /1:then_branch#0: no modelexport.module, modelexport.tag, modelexport.evidence
error tag.missing /1:branches:0#0: no modelexport.module, modelexport.tag, modelexport.evidence
error tag.missing /1:branches:1#0: no modelexport.module, modelexport.tag, modelexport.evidence
error tag.missing function:my:F:#0: no modelexport.module, modelexport.tag, modelexport.evidence
)");
  EXPECT_EQ(Check(SmallModel(false), nullptr).counts.tagged, 0);
}

TEST(CheckTags, OtherModulesAreInOrder) {
  const auto node = [](absl::string_view also) {
    return Node("A", StrCat(BlockTag(), NodeEntry(kAlsoKey, also)));
  };
  EXPECT_EQ(
      FindingsOfGraph(StrCat(
          node("[\"\",\"block.0.act\"]"), node("[]"), node("{}"), node("[\"block.0.act\",\"\"]"),
          node("[\"block.0.act\",\"block.0.act\"]"), node("[\"block.0\"]"), node("[\"gone\"]"))),
      R"(error tag.also #1: is empty
error tag.also #2: is no array of paths: $: expected a list, found an object
error tag.also #3: "" is not in the order of modules
error tag.also #4: "block.0.act" is not in the order of modules
error tag.also #5: has the owner, "block.0"
error tag.also #6: "gone" is no path of a module
)");
}

TEST(CheckTags, EachKeyStandsThereOnce) {
  EXPECT_EQ(FindingsOfGraph(StrCat(Node("A", NodeEntry(kModuleKey, "")),
                                   Node("B", StrCat(BlockTag(), NodeEntry(kTagKey, "/Net"))),
                                   Node("C", StrCat(BlockTag(), BlockTag())))),
            R"(error tag.missing #0: no modelexport.tag, modelexport.evidence
error tag.duplicate_key #1: modelexport.tag is there 2 times
error tag.duplicate_key #2: modelexport.module is there 2 times
error tag.duplicate_key #2: modelexport.tag is there 2 times
error tag.duplicate_key #2: modelexport.evidence is there 2 times
)");
}

TEST(CheckTags, OfARepeatedKeyTheFirstIsJudged) {
  const Hierarchy hierarchy = SmallHierarchy();
  const std::string right = Node("A", StrCat(BlockTag(), NodeEntry(kTagKey, "/Net")));
  const std::string wrong =
      Node("B", StrCat(Tag("block.0", "/Net"), NodeEntry(kTagKey, "/Net/Block.0")));
  EXPECT_EQ(Check(Model(StrCat(right, wrong)), &hierarchy).findings.ToText(),
            R"(error tag.duplicate_key #0: modelexport.tag is there 2 times
error tag.duplicate_key #1: modelexport.tag is there 2 times
error tag.class_path #1: "/Net" where module "block.0" reads "/Net/Block.0"
)");
}

TEST(CheckTags, KeysOfOthersDoNotMatter) {
  EXPECT_EQ(FindingsOfGraph(Node("A", StrCat(NodeEntry("modelexport", "x"), NodeEntry("tag", "x"),
                                             NodeEntry("tag", "y"), BlockTag()))),
            "");
}

TEST(CheckTags, UnknownKeysAndEvidenceAreWarnings) {
  const std::string model =
      Model(Node("A", StrCat(Tag("", "/Net", "telepathy"), NodeEntry("modelexport.mood", "good"))),
            ModelEntry("modelexport.date", "today"));
  EXPECT_EQ(FindingsOf(model), R"(warning tag.unknown_key model: key "modelexport.date"
warning tag.unknown_key #0: key "modelexport.mood"
warning tag.evidence #0: unknown value "telepathy"
)");
  EXPECT_EQ(Check(model, nullptr).counts.unknown_evidence, 1);
}

// Metadata in field `number` of whatever has it.
std::string Entry(uint32_t number, absl::string_view key) {
  return Field(number, StrCat(Field(1, key), Field(2, "x")));
}

std::string Tensor(absl::string_view name, absl::string_view key) {
  return StrCat(Field(8, name), Field(9, "weights!"), Entry(16, key));
}

// A graph whose nodes have `tags`, and in which all else has an entry with `key`.
std::string GraphWith(absl::string_view key, absl::string_view tags) {
  const auto value = [&](absl::string_view name) { return StrCat(Field(1, name), Entry(4, key)); };
  const std::string sparse = StrCat(Field(2, Tensor("", key)), Field(1, Tensor("s", key)));
  return StrCat(Node("A", tags),
                Node("Constant", StrCat(tags, Field(5, Field(5, Tensor("", key))),
                                        Field(5, Field(22, sparse)))),
                Field(5, Tensor("w", key)), Field(15, sparse), Field(11, value("in")),
                Field(12, value("out")), Field(13, value("between")), Entry(16, key));
}

std::string FunctionWith(absl::string_view name, absl::string_view key) {
  return Field(25, StrCat(Field(1, name), Field(10, "my"), Field(7, BlockTag()), Entry(14, key),
                          Field(11, Field(6, Node("A", NodeEntry(key, "x")))),
                          Field(12, StrCat(Field(1, "v"), Entry(4, key)))));
}

std::string ModelWith(absl::string_view key) {
  const std::string body = Field(5, StrCat(Field(1, "b"), Field(6, GraphWith(key, BlockTag()))));
  const std::string training =
      Field(20, StrCat(Field(2, GraphWith(key, NodeEntry(key, "x"))), Entry(3, key)));
  return Model(
      StrCat(GraphWith(key, BlockTag()), Node("If", StrCat(BlockTag(), body)),
             Node("F", StrCat(BlockTag(), Field(7, "my")))),
      StrCat(FunctionWith("F", key), FunctionWith("uncalled", key), Field(20, ""), training));
}

TEST(CheckTags, NodesAndTheModelAloneHaveKeysOfOurs) {
  EXPECT_EQ(FindingsOf(ModelWith("modelexport.module")),
            R"(warning tag.misplaced training_info:1: key "modelexport.module", and 11 more
warning tag.misplaced #1: key "modelexport.module"
warning tag.misplaced #1: key "modelexport.module", and 1 more
warning tag.misplaced initializer "w": key "modelexport.module"
warning tag.misplaced initializer "s": key "modelexport.module", and 1 more
warning tag.misplaced value "in": key "modelexport.module"
warning tag.misplaced value "out": key "modelexport.module"
warning tag.misplaced value "between": key "modelexport.module"
warning tag.misplaced graph: key "modelexport.module"
warning tag.misplaced /2:b#1: key "modelexport.module"
warning tag.misplaced /2:b#1: key "modelexport.module", and 1 more
warning tag.misplaced /2:b initializer "w": key "modelexport.module"
warning tag.misplaced /2:b initializer "s": key "modelexport.module", and 1 more
warning tag.misplaced /2:b value "in": key "modelexport.module"
warning tag.misplaced /2:b value "out": key "modelexport.module"
warning tag.misplaced /2:b value "between": key "modelexport.module"
warning tag.misplaced /2:b: key "modelexport.module"
warning tag.misplaced function:my:F:: key "modelexport.module"
warning tag.misplaced function:my:F:: key "modelexport.module"
warning tag.misplaced function:my:F: value "v": key "modelexport.module"
warning tag.misplaced: 3 more
)");
  EXPECT_EQ(FindingsOf(ModelWith("pkg.torch.onnx.module")), "");
}

TEST(CheckTags, KeysOfTheModelAreOnNoNodeAndTheReverse) {
  const std::string keys = StrCat(NodeEntry(kPresetsKey, "winml"), NodeEntry(kHierarchyKey, "{}"),
                                  NodeEntry(kRenamedKey, "nodes"));
  EXPECT_EQ(FindingsOf(Model(StrCat(Node("A", BlockTag()), Node("A", StrCat(BlockTag(), keys))),
                             StrCat(ModelEntry(kModuleKey, ""), ModelEntry(kNameKey, "n"),
                                    ModelEntry("modelexport.output.0", "y")))),
            R"(warning tag.misplaced model: key "modelexport.module"
warning tag.misplaced model: key "modelexport.name"
warning tag.misplaced model: key "modelexport.output.0"
warning tag.misplaced #1: key "modelexport.presets"
warning tag.misplaced #1: key "modelexport.hierarchy"
warning tag.misplaced #1: key "modelexport.renamed"
)");
}

TEST(CheckTags, MisplacedKeysAreNoTags) {
  EXPECT_EQ(FindingsOf(Field(7, StrCat(Node("A"), Entry(16, kModuleKey)))),
            "error model.untagged model: neither the model nor any of its nodes has tags\n");
}

// Entries may be long: what matters is at their beginning.
TEST(CheckTags, MisplacedKeysOfAllSizes) {
  const std::string megabyte(1 << 20, 'x');
  const auto with = [&](absl::string_view key) {
    return FindingsOfGraph(StrCat(
        Node("A", BlockTag()), Field(16, StrCat(Field(1, key), Field(2, megabyte))),
        Field(13, StrCat(Field(1, "v"), Field(4, StrCat(Field(1, key), Field(2, megabyte)))))));
  };
  EXPECT_EQ(with("other"), "");
  EXPECT_EQ(with("modelexport.tag"), "warning tag.misplaced graph: key \"modelexport.tag\"\n");
}

// What `tag` copies unread may be anything.
TEST(CheckTags, WhatIsMalformedBesideTagsIsNoFinding) {
  const std::string cut = Entry(16, kModuleKey).substr(0, 8);
  for (const uint32_t unread : {13, 16}) {
    EXPECT_EQ(FindingsOfGraph(StrCat(Node("A", BlockTag()), Field(unread, cut))), "") << unread;
  }
  EXPECT_EQ(FindingsOf(Model(Node("A", BlockTag()), Field(20, Field(2, cut)))), "");
  EXPECT_EQ(
      FindingsOfGraph(StrCat(Node("A", BlockTag()), Field(5, cut))),
      "error file.malformed file: byte 110: field 16 has length 23, past the end of its message "
      "at byte 118\n");
}

TEST(CheckTags, ModulesAreThoseOfTheHierarchy) {
  EXPECT_EQ(FindingsOfGraph(StrCat(Node("A", Tag("block.1", "/Net")),
                                   Node("B", Tag("tied", "/Net/Block.0")),
                                   Node("C", Tag("tied.act", "/Net/Block.0")))),
            R"(error tag.unknown_module #0: "block.1" is no module
error tag.unknown_module #1: "tied" is an alias of "block.0"
error tag.unknown_module #2: "tied.act" is an alias of "block.0.act"
)");
}

TEST(CheckTags, AClassPathBelongsToItsModule) {
  EXPECT_EQ(FindingsOfGraph(
                StrCat(Node("A", Tag("block.0", "/Net")), Node("B", Tag("", "/Net/Block.0")))),
            R"(error tag.class_path #0: "/Net" where module "block.0" reads "/Net/Block.0"
error tag.class_path #1: "/Net/Block.0" where module "" reads "/Net"
)");
}

TEST(CheckTags, ClassPathsMayShowModulesOfTorchNn) {
  EXPECT_EQ(FindingsOfGraph(
                StrCat(Node("A", Tag("block.0.act", "/Net/Block.0/ReLU")), Node("B", BlockTag()))),
            "");
}

TEST(CheckTags, ClassPathsFollowOneRule) {
  const std::string hidden = Node("A", Tag("block.0.act", "/Net/Block.0"));
  const std::string shown = Node("B", Tag("block.0.act", "/Net/Block.0/ReLU"));
  EXPECT_EQ(FindingsOfGraph(StrCat(hidden, shown, hidden)),
            "error tag.class_path #1: modules of torch.nn are shown here and on 0 nodes after it, "
            "hidden on 2 others\n");
  EXPECT_EQ(FindingsOfGraph(StrCat(shown, hidden, shown, hidden, shown)),
            "error tag.class_path #1: modules of torch.nn are hidden here and on 1 nodes after it, "
            "shown on 3 others\n");
}

TEST(CheckTags, ACallIsOneOfItsModule) {
  std::string graph;
  for (const char* call : {"0", "1", "2", "01", "-1", "", "x", "99999999999999999999"}) {
    graph += Node("A", StrCat(BlockTag(), NodeEntry(kCallKey, call)));
  }
  EXPECT_EQ(FindingsOfGraph(graph), R"(error tag.call #2: call 2 of module "block.0", which has 2
error tag.call #3: "01" is no number
error tag.call #4: "-1" is no number
error tag.call #5: "" is no number
error tag.call #6: "x" is no number
error tag.call #7: "99999999999999999999" is no number
)");
}

TEST(CheckTags, ModulesThatAreCalledOnceHaveNoNumberOfACall) {
  EXPECT_EQ(FindingsOfGraph(Node("A", StrCat(Tag("", "/Net"), NodeEntry(kCallKey, "0")))),
            "error tag.call #0: call 0 of module \"\", which has 1\n");
}

TEST(CheckTags, WithoutEvidenceThereIsOnlyTheRoot) {
  const std::string graph =
      StrCat(Node("A", Tag("", "/Net", "none")), Node("A", Tag("block.0", "/Net/Block.0", "none")),
             Node("A", StrCat(Tag("", "/Net", "none"), NodeEntry(kCallKey, "x"))));
  EXPECT_EQ(FindingsOfGraph(graph), R"(error tag.none #1: evidence "none", but module "block.0"
error tag.call #2: "x" is no number
error tag.none #2: evidence "none", but a call
)");
}

TEST(CheckTags, KeysOfAPresetThatIsNotListed) {
  const auto winml = [](absl::string_view tags) {
    return StrCat(Field(7, Node("A", tags)), ModelEntry(kPresetsKey, "winml"));
  };
  const std::string keys = StrCat(NodeEntry(kWinmlTagKey, "/Net"), NodeEntry(kWinmlDepthKey, "1"));
  EXPECT_EQ(FindingsOf(winml(keys)), "");
  EXPECT_EQ(FindingsOf(winml(StrCat(keys, NodeEntry(kForeignKey, "winml")))), "");
  EXPECT_EQ(FindingsOf(winml(StrCat(keys, Tag("", "/Net"), NodeEntry(kCallKey, "0")))),
            "error tag.unlisted #0: modelexport.module, modelexport.tag, modelexport.evidence, "
            "modelexport.call\n"
            "error tag.call #0: call 0 of module \"\", which has 1\n");
}

TEST(CheckTags, FunctionsMayHaveRelativeTags) {
  const std::string trace = NodeEntry(kEvidenceKey, "trace");
  for (const char* submodule : {"", "act"}) {
    EXPECT_EQ(FindingsOf(ModelWithFunction(StrCat(NodeEntry(kSubmoduleKey, submodule), trace))),
              "");
  }
  EXPECT_EQ(FindingsOf(ModelWithFunction(StrCat(NodeEntry(kSubmoduleKey, "0.act"), trace))),
            "error tag.submodule function:my:F:#0: \"0.act\" is no path of a module below any that "
            "calls the function\n");
  EXPECT_EQ(FindingsOf(ModelWithFunction(StrCat(NodeEntry(kSubmoduleKey, "act"), BlockTag()))),
            "error tag.submodule function:my:F:#0: modelexport.submodule beside "
            "modelexport.module, .tag, .call or .also\n");
  EXPECT_EQ(FindingsOf(ModelWithFunction(NodeEntry(kSubmoduleKey, "act"))),
            "error tag.missing function:my:F:#0: no modelexport.evidence\n");
  EXPECT_EQ(FindingsOfGraph(Node("A", StrCat(NodeEntry(kSubmoduleKey, "act"), trace))),
            "error tag.submodule #0: modelexport.submodule outside a function\n");
}

// The graph calls F for block.0, F calls G for what is below it, and G has a node with this path.
TEST(CheckTags, PathsInFunctionsLeadToModulesFromTheirCallers) {
  const auto relative = [](absl::string_view path) {
    return StrCat(NodeEntry(kSubmoduleKey, path), NodeEntry(kEvidenceKey, "trace"));
  };
  const auto function = [](absl::string_view name, absl::string_view node) {
    return Field(25, StrCat(Field(1, name), Field(7, node), Field(10, "my")));
  };
  const auto findings = [&](absl::string_view tags_of_call, absl::string_view tags_in_g) {
    const std::string call = StrCat(Field(4, "G"), Field(7, "my"), tags_of_call);
    return FindingsOf(Model(Node("F", StrCat(Field(7, "my"), BlockTag())),
                            StrCat(function("F", call), function("G", tags_in_g))));
  };
  EXPECT_EQ(findings(relative("act"), relative("")), "");
  EXPECT_EQ(findings(relative(""), relative("act")), "");
  EXPECT_EQ(findings(relative("act"), relative("act")),
            "error tag.submodule function:my:G:#0: \"act\" is no path of a module below any that "
            "calls the function\n");
  // The caller's own path is wrong, or unknown: what follows from it is not judged.
  EXPECT_EQ(findings(relative("x"), relative("act")),
            "error tag.submodule function:my:F:#0: \"x\" is no path of a module below any that "
            "calls the function\n");
  EXPECT_EQ(findings("", relative("x")),
            "error tag.missing function:my:F:#0: no modelexport.module, modelexport.tag, "
            "modelexport.evidence\n");
  // Whole paths in a function count as those of the graph.
  EXPECT_EQ(findings(BlockTag(), relative("act")), "");
  EXPECT_EQ(findings(Tag("", "/Net"), relative("block.0")), "");
  EXPECT_EQ(findings(Tag("", "/Net"), relative("tied")),
            "error tag.submodule function:my:G:#0: \"tied\" is no path of a module below any that "
            "calls the function\n")
      << "an alias";
  EXPECT_EQ(findings(Tag("", "/Net"), relative("act")),
            "error tag.submodule function:my:G:#0: \"act\" is no path of a module below any that "
            "calls the function\n");
}

TEST(CheckTags, FunctionsThatAreCalledNeedTags) {
  EXPECT_EQ(FindingsOf(ModelWithFunction(Field(4, "Relu"))),
            "error tag.missing function:my:F:#0: no modelexport.module, modelexport.tag, "
            "modelexport.evidence\n");
}

// F calls G from a body, another overload of G is called by nobody.
TEST(CheckTags, FunctionsMayBeCalledByFunctions) {
  const auto function = [](absl::string_view name, absl::string_view node) {
    return Field(25, StrCat(Field(7, node), Field(13, "o"), Field(1, name)));
  };
  const auto call = [](absl::string_view name) { return StrCat(Field(4, name), Field(8, "o")); };
  const std::string body = Field(5, StrCat(Field(1, "b"), Field(6, Field(1, call("G")))));
  EXPECT_EQ(
      FindingsOf(Model(Node("F", StrCat(Field(8, "o"), BlockTag())),
                       StrCat(function("G", call("F")), function("F", StrCat(body, BlockTag())),
                              Field(25, StrCat(Field(7, call("G")), Field(1, "G")))))),
      R"(error tag.missing function::F:o/0:b#0: no modelexport.module, modelexport.tag, modelexport.evidence
error tag.missing function::G:o#0: no modelexport.module, modelexport.tag, modelexport.evidence
)");
}

TEST(CheckTags, PresetsAreKnown) {
  const std::string graph = Field(7, Node("A", BlockTag()));
  EXPECT_EQ(FindingsOf(graph), "error model.presets model: no modelexport.presets\n");
  EXPECT_EQ(FindingsOf(StrCat(graph, ModelEntry(kPresetsKey, "modelexport,,x"))),
            R"(error model.presets model: no preset is called ""
error model.presets model: no preset is called "x"
)");
  EXPECT_EQ(FindingsOf(StrCat(graph, ModelEntry(kPresetsKey, "modelexport,modelexport"))),
            "error model.presets model: \"modelexport\" is there again\n");
  EXPECT_EQ(FindingsOf(Model(Node("A", BlockTag()), ModelEntry(kPresetsKey, "x"))),
            "error tag.duplicate_key model: modelexport.presets is there again\n");
}

TEST(CheckTags, TheEmbeddedHierarchyIsTheGivenOne) {
  const auto with = [](absl::string_view embedded) {
    return Model(Node("A", Tag("", "/Net")), ModelEntry(kHierarchyKey, embedded));
  };
  const std::string embedded = RenderEmbedded(SmallHierarchy());
  EXPECT_EQ(FindingsOf(with(embedded)), "");
  EXPECT_EQ(FindingsOf(with("{")).rfind("error model.hierarchy model: modelexport.hierarchy: ", 0),
            0);
  EXPECT_EQ(FindingsOf(with(testing::Replaced(embedded, "my.Block", "my.Black"))),
            "error model.hierarchy model: modelexport.hierarchy differs from the given one in "
            "module \"block.0\" (4 modules, given 4)\n");
  EXPECT_EQ(FindingsOf(with(R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
                              {"path": "", "class": "my.Net", "calls": 1}]})")),
            "error model.hierarchy model: modelexport.hierarchy lacks module \"block\" "
            "(1 modules, given 4)\n");
}

TEST(CheckTags, TheEmbeddedHierarchyServesWhereNoneIsGiven) {
  const std::string embedded = RenderEmbedded(SmallHierarchy());
  EXPECT_EQ(Check(Model(Node("A", Tag("b", "/Net")), ModelEntry(kHierarchyKey, embedded)), nullptr)
                .findings.ToText(),
            "error tag.unknown_module #0: \"b\" is no module\n");
  EXPECT_EQ(Check(Model(StrCat(Node("A", Tag("b", "?")), Node("B"))), nullptr).findings.ToText(),
            R"(error model.no_hierarchy model: no hierarchy to check the tags against
error tag.missing #1: no modelexport.module, modelexport.tag, modelexport.evidence
)");
}

TEST(CheckTags, MalformedFilesAreFindings) {
  EXPECT_EQ(FindingsOf(""),
            "error file.malformed file: byte 0: the file ends without a graph; the file looks like "
            "an empty file\n");
  EXPECT_EQ(FindingsOf(StrCat(Field(7, ""), Field(7, ""))),
            "error file.malformed file: byte 2: a second graph: a model has one\n");
  EXPECT_EQ(FindingsOf(Field(7, Number(1, 5))),
            "error model.presets model: no modelexport.presets\n"
            "error file.malformed file: byte 2: a node has wire type 0, expected 2\n");
}

TEST(CheckTags, NestingHasALimit) {
  const auto nested = [](uint32_t depth) {
    std::string graph = Node("A", Tag("", "/Net"));
    for (uint32_t i = 0; i < depth; ++i) {
      graph = Node("If", StrCat(Field(5, Field(6, graph)), Tag("", "/Net")));
    }
    return Model(graph);
  };
  EXPECT_EQ(FindingsOf(nested(kMaxGraphDepth)), "");
  EXPECT_NE(FindingsOf(nested(kMaxGraphDepth + 1)).find("graphs nested over 32 deep"),
            std::string::npos);
}

}  // namespace
}  // namespace modelexport
