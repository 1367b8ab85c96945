#include "modelexport/tags/preset_set.h"

#include "gtest/gtest.h"
#include "modelexport/tags/keys.h"

namespace modelexport {
namespace {

TEST(PresetSet, IsReadFromAndWrittenAsAList) {
  EXPECT_EQ(PresetSet::Parse("").ToString(), "");
  EXPECT_EQ(PresetSet::Parse("winml,modelexport,winml").ToString(), "modelexport,winml");
  EXPECT_EQ(PresetSet::Parse("layer_ann, winml,,of_a_later_version").ToString(), "layer_ann");
}

TEST(PresetSet, OwnsTheKeysOfItsPresets) {
  const PresetSet set = PresetSet::Parse("winml,model_explorer");
  EXPECT_TRUE(set.OwnsKey(kWinmlTagKey));
  EXPECT_TRUE(set.OwnsKey(kWinmlDepthKey));
  EXPECT_TRUE(set.OwnsKey(kNamespaceKey));
  EXPECT_FALSE(set.OwnsKey(kLayerAnnKey));
  EXPECT_FALSE(set.OwnsKey(kModuleKey));
  EXPECT_FALSE(set.OwnsKey("winml.hierarchy.tags"));
  EXPECT_TRUE(PresetSet::Default().OwnsKey("modelexport.of_a_later_version"));
  EXPECT_FALSE(PresetSet().OwnsKey(kModuleKey));
}

TEST(PresetSet, TheDefaultPresetBorrowsNothing) {
  EXPECT_FALSE(PresetSet::Default().borrows());
  EXPECT_FALSE(PresetSet().borrows());
  const PresetSet both = PresetSet::Parse("modelexport,winml");
  EXPECT_TRUE(both.borrows());
  EXPECT_EQ(both.borrowed(), PresetSet::Parse("winml"));
}

TEST(PresetSet, JoinsMeetsAndSubtracts) {
  const PresetSet a = PresetSet::Parse("modelexport,winml");
  const PresetSet b = PresetSet::Parse("winml,layer_ann");
  EXPECT_EQ((a | b).ToString(), "modelexport,winml,layer_ann");
  EXPECT_EQ((a & b).ToString(), "winml");
  EXPECT_EQ((a - b).ToString(), "modelexport");
  EXPECT_NE(a.bits(), b.bits());
  EXPECT_TRUE((a - a).empty());
}

}  // namespace
}  // namespace modelexport
