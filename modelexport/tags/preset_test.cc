#include "modelexport/tags/preset.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/tags/keys.h"
#include "modelexport/testing/hierarchy_lines.h"

namespace modelexport {
namespace {

using testing::HierarchyOf;

class PresetTest : public ::testing::Test {
 protected:
  TagFacts Of(absl::string_view module) const {
    TagFacts tag;
    tag.module = hierarchy_.FindModule(module);
    tag.evidence = EvidenceKind::kNodeName;
    return tag;
  }

  std::string Render(const TagFacts& tag, absl::string_view preset = "modelexport") const {
    std::vector<TagEntry> entries;
    const bool written = FindPreset(preset)->render({hierarchy_, class_paths_}, tag, &entries);
    EXPECT_TRUE(written || entries.empty());
    std::string text = written ? "" : "unwritable\n";
    for (const TagEntry& entry : entries) absl::StrAppend(&text, entry.key, "=", entry.value, "\n");
    return text;
  }

  const Hierarchy hierarchy_ = HierarchyOf(R"(
    ""         my.Model
    layer.0    my.Layer   first
    layer.0.q  my.Linear
    odd        my.Odd
    odd.a,b    my.Comma
    odd.x/y    my.Slash
    odd.x/z    my.Slash
    odd.e/     -
    odd.s;t    -
    odd.b\\    -
  )");
  const ClassPaths class_paths_{hierarchy_, NnModules::kHide};
};

TEST_F(PresetTest, TheDefaultComesFirstAndIsFoundByName) {
  EXPECT_EQ(Presets()[0].name, "modelexport");
  for (const Preset& preset : Presets()) EXPECT_EQ(FindPreset(preset.name), &preset);
  EXPECT_EQ(FindPreset("model"), nullptr);
  EXPECT_EQ(FindPreset(""), nullptr);
}

TEST_F(PresetTest, ModuleTagAndEvidence) {
  EXPECT_EQ(Render(Of("layer.0.q")), R"(modelexport.module=layer.0.q
modelexport.tag=/Model/Layer.0/Linear
modelexport.evidence=node_name
)");
}

TEST_F(PresetTest, TheRootIsTheEmptyString) {
  TagFacts tag = Of("");
  tag.evidence = EvidenceKind::kNone;
  EXPECT_EQ(Render(tag),
            "modelexport.module=\nmodelexport.tag=/Model\nmodelexport.evidence=none\n");
}

TEST_F(PresetTest, NeverAnAlias) { EXPECT_EQ(Render(Of("first")), Render(Of("layer.0"))); }

TEST_F(PresetTest, OtherModules) {
  const std::vector<ModuleId> also = {hierarchy_.FindModule("odd"),
                                      hierarchy_.FindModule("odd.a,b")};
  TagFacts tag = Of("layer.0.q");
  tag.also = also;
  EXPECT_EQ(Render(tag), R"(modelexport.module=layer.0.q
modelexport.tag=/Model/Layer.0/Linear
modelexport.evidence=node_name
modelexport.also=["odd","odd.a,b"]
)");
  EXPECT_EQ(Render(tag, "layer_ann"), "layer_ann=layer/0/q/\n");
  tag.base = hierarchy_.FindModule("layer.0");
  EXPECT_EQ(Render(tag), "modelexport.submodule=q\nmodelexport.evidence=node_name\n");
}

TEST_F(PresetTest, TheCallComesLast) {
  TagFacts tag = Of("layer.0");
  tag.call = 0;
  EXPECT_EQ(Render(tag), R"(modelexport.module=layer.0
modelexport.tag=/Model/Layer.0
modelexport.evidence=node_name
modelexport.call=0
)");
}

TEST_F(PresetTest, InSharedFunctionsTheSubmoduleStandsForModuleTagAndCall) {
  TagFacts tag = Of("layer.0.q");
  tag.call = 1;
  tag.base = hierarchy_.FindModule("layer.0");
  EXPECT_EQ(Render(tag), "modelexport.submodule=q\nmodelexport.evidence=node_name\n");
  tag.base = Hierarchy::root();
  EXPECT_EQ(Render(tag), "modelexport.submodule=layer.0.q\nmodelexport.evidence=node_name\n");
  tag.base = tag.module;
  EXPECT_EQ(Render(tag), "modelexport.submodule=\nmodelexport.evidence=node_name\n");
}

TEST_F(PresetTest, WinmlHasTheClassPathAndItsDepth) {
  EXPECT_EQ(Render(Of("layer.0.q"), "winml"),
            "winml.hierarchy.tag=/Model/Layer.0/Linear\nwinml.hierarchy.depth=3\n");
  EXPECT_EQ(Render(Of(""), "winml"), "winml.hierarchy.tag=/Model\nwinml.hierarchy.depth=1\n");
}

TEST_F(PresetTest, ModelExplorerHasTheClassPathAsNamespace) {
  EXPECT_EQ(Render(Of("layer.0.q"), "model_explorer"), "namespace=Model/Layer.0/Linear\n");
  EXPECT_EQ(Render(Of(""), "model_explorer"), "namespace=Model\n");
  EXPECT_EQ(Render(Of("odd.x/y"), "model_explorer"), "namespace=Model/Odd/Slash.x\\/y\n");
}

TEST_F(PresetTest, ModelExplorerHasNothingThatItsReadersWouldMisunderstand) {
  for (const char* module : {"odd.e/", "odd.s;t", "odd.b\\"}) {
    EXPECT_EQ(Render(Of(module), "model_explorer"), "unwritable\n") << module;
    EXPECT_NE(Render(Of(module), "winml"), "unwritable\n") << module;
  }
}

TEST_F(PresetTest, LayerAnnEndsEachLayerInASlash) {
  EXPECT_EQ(Render(Of("layer.0.q"), "layer_ann"), "layer_ann=layer/0/q/\n");
  EXPECT_EQ(Render(Of(""), "layer_ann"), "");
  EXPECT_EQ(Render(Of("odd.a,b"), "layer_ann"), "unwritable\n");
  EXPECT_EQ(Render(Of("odd.s;t"), "layer_ann"), "unwritable\n");
}

TEST_F(PresetTest, BorrowedKeysAreNotInSharedFunctions) {
  TagFacts tag = Of("layer.0.q");
  tag.base = hierarchy_.FindModule("layer.0");
  for (const Preset& preset : Presets().subspan(1)) EXPECT_EQ(Render(tag, preset.name), "");
}

TEST_F(PresetTest, EveryKeyHasOnePreset) {
  for (const Preset& preset : Presets()) {
    for (absl::string_view key : preset.keys) EXPECT_EQ(FindPresetOfKey(key), &preset) << key;
  }
  EXPECT_EQ(FindPresetOfKey("modelexport.of_a_later_version"), &Presets()[0]);
  EXPECT_EQ(FindPresetOfKey("winml.hierarchy"), nullptr);
  EXPECT_EQ(FindPresetOfKey(""), nullptr);
}

TEST_F(PresetTest, AllKeysWrittenAreOwn) {
  for (absl::string_view key : {kModuleKey, kTagKey, kEvidenceKey, kCallKey, kAlsoKey,
                                kSubmoduleKey, kForeignKey, kPresetsKey, kHierarchyKey}) {
    EXPECT_TRUE(IsOwnKey(key)) << key;
  }
  EXPECT_TRUE(IsOwnKey("modelexport.of_a_later_version"));
  EXPECT_FALSE(IsOwnKey("modelexporter.module"));
  EXPECT_FALSE(IsOwnKey("my.modelexport.module"));
}

}  // namespace
}  // namespace modelexport
