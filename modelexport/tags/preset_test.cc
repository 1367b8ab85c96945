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
  Tag Of(absl::string_view module) const {
    Tag tag;
    tag.module = hierarchy_.FindModule(module);
    tag.evidence = EvidenceKind::kNodeName;
    return tag;
  }

  std::string Render(const Tag& tag) const {
    std::vector<TagEntry> entries;
    FindPreset("modelexport")->render({hierarchy_, class_paths_}, tag, &entries);
    std::string text;
    for (const TagEntry& entry : entries) absl::StrAppend(&text, entry.key, "=", entry.value, "\n");
    return text;
  }

  const Hierarchy hierarchy_ = HierarchyOf(R"(
    ""         my.Model
    layer.0    my.Layer   first
    layer.0.q  my.Linear
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
  Tag tag = Of("");
  tag.evidence = EvidenceKind::kNone;
  EXPECT_EQ(Render(tag),
            "modelexport.module=\nmodelexport.tag=/Model\nmodelexport.evidence=none\n");
}

TEST_F(PresetTest, NeverAnAlias) { EXPECT_EQ(Render(Of("first")), Render(Of("layer.0"))); }

TEST_F(PresetTest, TheCallComesLast) {
  Tag tag = Of("layer.0");
  tag.call = 0;
  EXPECT_EQ(Render(tag), R"(modelexport.module=layer.0
modelexport.tag=/Model/Layer.0
modelexport.evidence=node_name
modelexport.call=0
)");
}

TEST_F(PresetTest, InSharedFunctionsTheSubmoduleStandsForModuleTagAndCall) {
  Tag tag = Of("layer.0.q");
  tag.call = 1;
  tag.base = hierarchy_.FindModule("layer.0");
  EXPECT_EQ(Render(tag), "modelexport.submodule=q\nmodelexport.evidence=node_name\n");
  tag.base = Hierarchy::root();
  EXPECT_EQ(Render(tag), "modelexport.submodule=layer.0.q\nmodelexport.evidence=node_name\n");
  tag.base = tag.module;
  EXPECT_EQ(Render(tag), "modelexport.submodule=\nmodelexport.evidence=node_name\n");
}

TEST_F(PresetTest, AllKeysWrittenAreOwn) {
  for (absl::string_view key :
       {kModuleKey, kTagKey, kEvidenceKey, kCallKey, kSubmoduleKey, kPresetsKey, kHierarchyKey}) {
    EXPECT_TRUE(IsOwnKey(key)) << key;
  }
  EXPECT_TRUE(IsOwnKey("modelexport.of_a_later_version"));
  EXPECT_FALSE(IsOwnKey("modelexporter.module"));
  EXPECT_FALSE(IsOwnKey("my.modelexport.module"));
}

}  // namespace
}  // namespace modelexport
