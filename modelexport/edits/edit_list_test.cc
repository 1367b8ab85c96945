#include "modelexport/edits/edit_list.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;
using testing::TextGraph;

constexpr absl::string_view kModel = R"(
  ""     my.Model
  enc    my.Encoder
  enc.q  my.Linear
  act    my.Act
  call ""
    call enc
      call enc.q
    call act
    call act
)";

// The owner of one node: path ("." for the root), number of the call counted over the whole
// hierarchy, kind, base. Empty: not tagged.
struct Given {
  absl::string_view path;
  EvidenceKind evidence = EvidenceKind::kNodeName;
  size_t call = static_cast<size_t>(-1);
  absl::string_view base = "-";
};

Owner OwnerOf(const Hierarchy& hierarchy, const Given& given) {
  const auto find = [&](absl::string_view path) {
    return hierarchy.FindModule(path == "." ? "" : path);
  };
  Owner owner;
  owner.tagged = !given.path.empty();
  owner.module = owner.tagged ? find(given.path) : Hierarchy::root();
  owner.evidence = given.evidence;
  if (given.base != "-") owner.base = find(given.base);
  if (given.call != static_cast<size_t>(-1)) owner.call = CallId(given.call);
  return owner;
}

InjectionOptions Options() {
  InjectionOptions options;
  options.embed_hierarchy = false;
  return options;
}

std::string Edits(absl::string_view model, const std::vector<Given>& given,
                  const InjectionOptions& options = Options()) {
  const Hierarchy hierarchy = HierarchyOf(kModel);
  const TextGraph graph(model);
  std::vector<Owner> owners;
  for (const Given& one : given) owners.push_back(OwnerOf(hierarchy, one));
  return EditList(graph.view().index(), hierarchy, owners, {}, PresetSet::Default(), options)
      .ToText(graph.view());
}

TEST(EditList, FirstTagging) {
  EXPECT_EQ(Edits("main () => () { a = A ()\n b = B () }", {{"enc.q"}, {".", EvidenceKind::kNone}}),
            R"(#0 + modelexport.module = "enc.q"
#0 + modelexport.tag = "/Model/Encoder/Linear"
#0 + modelexport.evidence = "node_name"
#1 + modelexport.module = ""
#1 + modelexport.tag = "/Model"
#1 + modelexport.evidence = "none"
model + modelexport.presets = "modelexport"
)");
}

// Nodes of one module with other modules beside it have tags of their own, which replace old ones.
TEST(EditList, OtherModules) {
  const Hierarchy hierarchy = HierarchyOf(kModel);
  const TextGraph graph(R"(main () => () {
    a = A ()
    b = B () {"modelexport.also": "old", "modelexport.also": "older"}
    c = C () {"modelexport.also": "old"}
  })");
  const std::vector<Owner> owners(3, OwnerOf(hierarchy, {"enc.q"}));
  AlsoModules also;
  also.Add(NodeId(1), {{hierarchy.FindModule("act"), AlsoReason::kName},
                       {hierarchy.FindModule("enc"), AlsoReason::kOperator},
                       {hierarchy.FindModule("act"), AlsoReason::kTensor}});
  const EditList list(graph.view().index(), hierarchy, owners, also, PresetSet::Default(),
                      Options());
  EXPECT_EQ(list.ToText(graph.view()), R"(#0 + modelexport.module = "enc.q"
#0 + modelexport.tag = "/Model/Encoder/Linear"
#0 + modelexport.evidence = "node_name"
#1 = modelexport.also = "["enc","act"]"
#1 - modelexport.also
#1 + modelexport.module = "enc.q"
#1 + modelexport.tag = "/Model/Encoder/Linear"
#1 + modelexport.evidence = "node_name"
#2 - modelexport.also
#2 + modelexport.module = "enc.q"
#2 + modelexport.tag = "/Model/Encoder/Linear"
#2 + modelexport.evidence = "node_name"
model + modelexport.presets = "modelexport"
)");
}

TEST(EditList, AModelWithoutNodesIsMarkedAsTagged) {
  EXPECT_EQ(Edits("main () => () {}", {}), "model + modelexport.presets = \"modelexport\"\n");
}

// Only where there is more than one.
TEST(EditList, TheCallIsThatOfTheModule) {
  EXPECT_EQ(
      Edits("main () => () { a = A ()\n b = B ()\n c = C () }",
            {{"act", EvidenceKind::kNodeName, 4}, {"enc", EvidenceKind::kNodeName, 1}, {"act"}}),
      R"(#0 + modelexport.module = "act"
#0 + modelexport.tag = "/Model/Act"
#0 + modelexport.evidence = "node_name"
#0 + modelexport.call = "1"
#1 + modelexport.module = "enc"
#1 + modelexport.tag = "/Model/Encoder"
#1 + modelexport.evidence = "node_name"
#2 + modelexport.module = "act"
#2 + modelexport.tag = "/Model/Act"
#2 + modelexport.evidence = "node_name"
model + modelexport.presets = "modelexport"
)");
}

TEST(EditList, ForeignKeysAreKept) {
  EXPECT_EQ(Edits(R"(main () => () {
    a = A () {"namespace": "x", "modelexporter": "y", "pkg.torch.onnx.name_scopes": "['']"}
  })",
                  {{"enc"}}),
            R"(#0 + modelexport.module = "enc"
#0 + modelexport.tag = "/Model/Encoder"
#0 + modelexport.evidence = "node_name"
model + modelexport.presets = "modelexport"
)");
}

TEST(EditList, RetaggingReplacesInPlace) {
  EXPECT_EQ(Edits(R"(
    <ir_version: 8, opset_import: ["" : 17],
     metadata_props: ["modelexport.presets": "old", "mine": "kept"]>
    main () => () {
      a = A () {"modelexport.evidence": "none", "mine": "kept", "modelexport.module": "old"}
    })",
                  {{"enc"}}),
            R"(#0 = modelexport.evidence = "node_name"
#0 = modelexport.module = "enc"
#0 + modelexport.tag = "/Model/Encoder"
model = modelexport.presets = "modelexport"
)");
}

TEST(EditList, OfDuplicatesTheFirstIsReplacedAndTheRestRemoved) {
  EXPECT_EQ(Edits(R"(
    <ir_version: 8, opset_import: ["" : 17],
     metadata_props: ["modelexport.presets": "a", "modelexport.presets": "b"]>
    main () => () {
      a = A () {"modelexport.module": "a", "modelexport.tag": "t", "modelexport.evidence": "e",
                "modelexport.module": "b", "modelexport.module": "c"}
    })",
                  {{"enc"}}),
            R"(#0 = modelexport.module = "enc"
#0 = modelexport.tag = "/Model/Encoder"
#0 = modelexport.evidence = "node_name"
#0 - modelexport.module
#0 - modelexport.module
model = modelexport.presets = "modelexport"
model - modelexport.presets
)");
}

// Own keys that are not written now: of other versions, and a call that is no longer known.
TEST(EditList, OtherOwnKeysAreRemoved) {
  EXPECT_EQ(Edits(R"(
    <ir_version: 8, opset_import: ["" : 17],
     metadata_props: ["modelexport.hierarchy": "{}", "modelexport.future": "x"]>
    main () => () {
      a = A () {"modelexport.call": "1", "modelexport.submodule": "q", "modelexport.future": "x",
                "modelexport.": ""}
    })",
                  {{"enc"}}),
            R"(#0 - modelexport.call
#0 - modelexport.submodule
#0 - modelexport.future
#0 - modelexport.
#0 + modelexport.module = "enc"
#0 + modelexport.tag = "/Model/Encoder"
#0 + modelexport.evidence = "node_name"
model - modelexport.hierarchy
model - modelexport.future
model + modelexport.presets = "modelexport"
)");
}

TEST(EditList, TheHierarchyIsEmbedded) {
  InjectionOptions options = Options();
  options.embed_hierarchy = true;
  EXPECT_EQ(Edits("main () => () {}", {}, options),
            R"(model + modelexport.presets = "modelexport"
model + modelexport.hierarchy = "{"schema":"modelexport.hierarchy","version":1,"modules":[{"path":"","class":"my.Model","calls":1},{"path":"enc","class":"my.Encoder","calls":1},{"path":"enc.q","class":"my.Linear","calls":1},{"path":"act","class":"my.Act","calls":2}],"calls":[{"module":""},{"module":"enc","parent":0},{"module":"enc.q","parent":1},{"module":"act","parent":0},{"module":"act","parent":0}]}"
)");
}

// What is there already stays, also on nodes in functions that nothing calls.
TEST(EditList, UntaggedNodesAreLeftAlone) {
  EXPECT_EQ(Edits(R"(main () => () { a = A () }
    <domain: "f"> Unused () => () { b = B () {"modelexport.module": "old"} }
    <domain: "f"> Shared () => () { c = C () {"modelexport.call": "1"} }
  )",
                  {{"enc"}, {""}, {"enc.q", EvidenceKind::kNodeName, 2, "enc"}}),
            R"(#0 + modelexport.module = "enc"
#0 + modelexport.tag = "/Model/Encoder"
#0 + modelexport.evidence = "node_name"
function:f:Shared:#0 - modelexport.call
function:f:Shared:#0 + modelexport.submodule = "q"
function:f:Shared:#0 + modelexport.evidence = "node_name"
model + modelexport.presets = "modelexport"
)");
}

TEST(EditList, BodiesAreTagged) {
  EXPECT_EQ(Edits(R"(main (x) => () {
      a = If (x) <then_branch = yes () => (t) { t = A () }>
    })",
                  {{"enc"}, {"enc.q"}}),
            R"(#0 + modelexport.module = "enc"
#0 + modelexport.tag = "/Model/Encoder"
#0 + modelexport.evidence = "node_name"
/0:then_branch#0 + modelexport.module = "enc.q"
/0:then_branch#0 + modelexport.tag = "/Model/Encoder/Linear"
/0:then_branch#0 + modelexport.evidence = "node_name"
model + modelexport.presets = "modelexport"
)");
}

std::string Raised(absl::string_view header) {
  InjectionOptions options = Options();
  options.raise_ir_version = true;
  const std::string model =
      absl::StrCat("<", header, "opset_import: [\"\" : 17]> main () => () {}");
  std::string text = Edits(model, {}, options);
  const std::string tag = "model + modelexport.presets = \"modelexport\"\n";
  EXPECT_EQ(text.substr(0, tag.size()), tag);
  return text.substr(tag.size());
}

TEST(EditList, TheIrVersionIsRaisedToTheFirstThatHasNodeMetadata) {
  EXPECT_EQ(Raised("ir_version: 8, "), "model = field 1 = 10\n");
  EXPECT_EQ(Raised("ir_version: 9, "), "model = field 1 = 10\n");
  EXPECT_EQ(Raised(""), "model + field 1 = 10\n");
  EXPECT_EQ(Raised("ir_version: 10, "), "");
  EXPECT_EQ(Raised("ir_version: 13, "), "");
}

}  // namespace
}  // namespace modelexport
