// Presets that borrow keys: what is written, whose key it was before, and that stripping gives back
// what was there.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/edits/strip_list.h"
#include "modelexport/onnx/splice_plan.h"
#include "modelexport/testing/dump_tags.h"
#include "modelexport/testing/hierarchy_lines.h"
#include "modelexport/testing/model_text.h"

namespace modelexport {
namespace {

using testing::DumpTags;
using testing::HierarchyOf;
using testing::Model;

std::string Spliced(const ModelIndex& index, absl::Span<const Edit> edits) {
  const std::string bytes = *index.source().ReadString({0, index.source().size()});
  const SplicePlan plan(index, edits);
  std::string out;
  uint64_t done = 0;
  for (const Splice& splice : plan.splices()) {
    absl::StrAppend(&out, absl::string_view(bytes).substr(done, splice.erase.begin - done),
                    splice.bytes);
    done = splice.erase.end;
  }
  return out + bytes.substr(done);
}

// Lines whose words are in order: entries are replaced where they stand.
std::string Sorted(absl::string_view text) {
  std::string sorted;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    std::sort(words.begin(), words.end());
    absl::StrAppend(&sorted, absl::StrJoin(words, " "), "\n");
  }
  return sorted;
}

// Tags by `presets`; the nodes' owners are `owners`, the root where they end.
class PresetKeys : public ::testing::Test {
 protected:
  std::string Tag(const std::string& bytes, absl::string_view presets,
                  const std::vector<absl::string_view>& owners, bool replace_foreign = false) {
    const auto source = BytesInMemory(bytes);
    const auto index = ModelIndex::Build(*source, {EditList::KeysToLoad()});
    EXPECT_TRUE(index.ok()) << index.status();
    InjectionOptions options;
    options.replace_foreign = replace_foreign;
    options.embed_hierarchy = false;
    std::vector<Owner> of_nodes(index->nodes().size());
    for (size_t i = 0; i < of_nodes.size(); ++i) {
      of_nodes[i].module = hierarchy_.FindModule(i < owners.size() ? owners[i] : "");
      of_nodes[i].tagged = i >= owners.size() || owners[i] != "untagged";
      if (!of_nodes[i].tagged) of_nodes[i].module = Hierarchy::root();
    }
    const EditList list(*index, hierarchy_, of_nodes, {}, PresetSet::Parse(presets), options);
    counts_.clear();
    for (const Preset& preset : Presets()) {
      const PresetCounts& counts = list.counts(preset);
      absl::StrAppend(&counts_, counts_.empty() ? "" : " ", counts.foreign_kept, "/",
                      counts.foreign_replaced, "/", counts.unwritable);
    }
    return Spliced(*index, list.edits());
  }

  std::string Strip(const std::string& bytes,
                    const absl::optional<PresetSet>& wanted = absl::nullopt) {
    const auto source = BytesInMemory(bytes);
    const auto index = ModelIndex::Build(*source, {EditList::KeysToLoad()});
    EXPECT_TRUE(index.ok()) << index.status();
    const GraphView graph(*index);
    const StripList list(graph, wanted);
    const StripCounts& counts = list.counts();
    counts_ = absl::StrCat(counts.entries, " entries, ", counts.nodes, " nodes, foreign ",
                           counts.foreign_removed, " removed, ", counts.foreign_kept, " kept");
    for (const std::string& name : list.unknown_presets()) absl::StrAppend(&counts_, ", ", name);
    return Spliced(*index, list.edits());
  }

  const Hierarchy hierarchy_ = HierarchyOf(R"(
    ""     my.Model
    enc    my.Encoder
    enc.q  my.Linear
    a,b    my.Odd
  )");
  // Of the last run: for each preset, nodes with foreign keys kept, replaced, and unwritable ones.
  std::string counts_;
};

constexpr char kForeign[] = R"(main (x) => (c) {
  a = A (x) {"namespace": "torch", "layer_ann": "olive"}
  b = B (a) {"winml.hierarchy.depth": "7", "mine": "1"}
  c = C (b)
})";

TEST_F(PresetKeys, EveryPresetWritesItsKeys) {
  const std::string bytes = Model("main (x) => (b) { a = A (x)\n b = B (a) }");
  const std::string tagged =
      Tag(bytes, "layer_ann,model_explorer,winml,modelexport", {"enc.q", ""});
  EXPECT_EQ(DumpTags(tagged),
            R"(model modelexport.presets="modelexport,winml,model_explorer,layer_ann"
#0 A modelexport.module="enc.q" modelexport.tag="/Model/Encoder/Linear" modelexport.evidence="none" winml.hierarchy.tag="/Model/Encoder/Linear" winml.hierarchy.depth="3" namespace="Model/Encoder/Linear" layer_ann="enc/q/"
#1 B modelexport.module="" modelexport.tag="/Model" modelexport.evidence="none" winml.hierarchy.tag="/Model" winml.hierarchy.depth="1" namespace="Model"
)");
  EXPECT_EQ(counts_, "0/0/0 0/0/0 0/0/0 0/0/0");
  EXPECT_EQ(Strip(tagged), bytes);
  EXPECT_EQ(counts_, "14 entries, 2 nodes, foreign 0 removed, 0 kept");
}

TEST_F(PresetKeys, ForeignKeysStayAndAreNoted) {
  const std::string bytes = Model(kForeign);
  const std::string tagged = Tag(bytes, "winml,model_explorer,layer_ann", {"enc", "enc", "enc"});
  EXPECT_EQ(DumpTags(tagged), R"(model modelexport.presets="winml,model_explorer,layer_ann"
#0 A namespace="torch" layer_ann="olive" winml.hierarchy.tag="/Model/Encoder" winml.hierarchy.depth="2" modelexport.foreign="model_explorer,layer_ann"
#1 B winml.hierarchy.depth="7" mine="1" namespace="Model/Encoder" layer_ann="enc/" modelexport.foreign="winml"
#2 C winml.hierarchy.tag="/Model/Encoder" winml.hierarchy.depth="2" namespace="Model/Encoder" layer_ann="enc/"
)");
  EXPECT_EQ(counts_, "0/0/0 1/0/0 1/0/0 1/0/0");
  EXPECT_EQ(Tag(tagged, "winml,model_explorer,layer_ann", {"enc", "enc", "enc"}), tagged);
  EXPECT_EQ(Strip(tagged), bytes);
  EXPECT_EQ(counts_, "11 entries, 3 nodes, foreign 0 removed, 2 kept");
}

TEST_F(PresetKeys, ForeignKeysAreReplacedIfAsked) {
  const std::string bytes = Model(kForeign);
  const std::string tagged = Tag(bytes, "model_explorer,layer_ann", {"enc", "enc", ""}, true);
  EXPECT_EQ(DumpTags(tagged), R"(model modelexport.presets="model_explorer,layer_ann"
#0 A namespace="Model/Encoder" layer_ann="enc/"
#1 B winml.hierarchy.depth="7" mine="1" namespace="Model/Encoder" layer_ann="enc/"
#2 C namespace="Model"
)");
  EXPECT_EQ(counts_, "0/0/0 0/0/0 0/1/0 0/1/0");
  EXPECT_EQ(Tag(tagged, "model_explorer,layer_ann", {"enc", "enc", ""}, true), tagged);
  EXPECT_EQ(counts_, "0/0/0 0/0/0 0/0/0 0/0/0");  // They are ours by now.
  EXPECT_EQ(DumpTags(Strip(tagged)), "#0 A\n#1 B winml.hierarchy.depth=\"7\" mine=\"1\"\n#2 C\n");
}

// Nothing would come in their place.
TEST_F(PresetKeys, ForeignKeysStayWhereThePresetHasNothingToSay) {
  const std::string bytes = Model(kForeign);
  const std::string tagged = Tag(bytes, "layer_ann", {""}, true);
  EXPECT_EQ(DumpTags(tagged, "layer_ann"), "model\n#0 A layer_ann=\"olive\"\n#1 B\n#2 C\n");
  EXPECT_EQ(counts_, "0/0/0 0/0/0 0/0/0 1/0/0");
  EXPECT_EQ(Strip(tagged), bytes);
}

TEST_F(PresetKeys, WhatCannotBeWrittenIsCounted) {
  const std::string tagged =
      Tag(Model("main (x) => (b) { a = A (x)\n b = B (a) }"), "layer_ann,winml", {"a,b", "a,b"});
  EXPECT_EQ(DumpTags(tagged, "layer_ann"), "model\n#0 A\n#1 B\n");
  EXPECT_EQ(counts_, "0/0/0 0/0/0 0/0/0 0/0/2");
}

// The keys of presets that were written before are ours, and go if they are not written now.
TEST_F(PresetKeys, OtherPresetsTakeThePlaceOfThoseBefore) {
  const std::string bytes = Model(kForeign);
  const std::vector<absl::string_view> owners = {"enc", "", "enc.q"};
  for (const char* first : {"modelexport", "winml", "modelexport,model_explorer", "layer_ann"}) {
    for (const char* second : {"modelexport", "winml,layer_ann", "model_explorer"}) {
      const std::string twice = Tag(Tag(bytes, first, owners), second, owners);
      EXPECT_EQ(Sorted(DumpTags(twice)), Sorted(DumpTags(Tag(bytes, second, owners)))) << first;
      EXPECT_EQ(Strip(twice), bytes) << first << " " << second;
    }
  }
}

TEST_F(PresetKeys, AForeignKeyThatIsGoneIsNotNotedAnyMore) {
  const std::string noted = Model(R"(
    <ir_version: 10, opset_import: ["" : 20], metadata_props: ["modelexport.presets": "winml"]>
    main (x) => (a) { a = A (x) {"modelexport.foreign": "winml"} })");
  EXPECT_EQ(DumpTags(Tag(noted, "winml", {"enc"})), R"(model modelexport.presets="winml"
#0 A winml.hierarchy.tag="/Model/Encoder" winml.hierarchy.depth="2"
)");
}

TEST_F(PresetKeys, StripTakesSomePresetsAndLeavesTheOthersListed) {
  const std::string tagged =
      Tag(Model(kForeign), "modelexport,winml,model_explorer", {"enc", "enc", "enc"});
  EXPECT_EQ(DumpTags(Strip(tagged, PresetSet::Parse("winml,modelexport"))),
            R"(model modelexport.presets="model_explorer"
#0 A namespace="torch" layer_ann="olive" modelexport.foreign="model_explorer"
#1 B mine="1" namespace="Model/Encoder"
#2 C namespace="Model/Encoder"
)");
  EXPECT_EQ(counts_, "15 entries, 3 nodes, foreign 1 removed, 0 kept");
  const std::string rest = Strip(tagged, PresetSet::Parse("model_explorer"));
  EXPECT_EQ(DumpTags(rest, "modelexport.foreign"),
            "model\n#0 A\n#1 B modelexport.foreign=\"winml\"\n#2 C\n");
  EXPECT_EQ(DumpTags(rest, "namespace"), "model\n#0 A\n#1 B\n#2 C\n");
}

TEST_F(PresetKeys, StripTakesTheNotesWithTheLastPreset) {
  const std::string bytes = Model("main (x) => (a) { a = A (x) }");
  const std::string tagged = Tag(bytes, "winml,model_explorer", {"enc"});
  EXPECT_EQ(Strip(Strip(tagged, PresetSet::Parse("winml")), PresetSet::Parse("model_explorer")),
            bytes);
}

TEST_F(PresetKeys, StripTakesKeysThatNobodyListedIfAsked) {
  EXPECT_EQ(DumpTags(Strip(Model(kForeign), PresetSet::Parse("model_explorer,layer_ann"))),
            "#0 A\n#1 B winml.hierarchy.depth=\"7\" mine=\"1\"\n#2 C\n");
  EXPECT_EQ(counts_, "2 entries, 1 nodes, foreign 2 removed, 0 kept");
}

TEST_F(PresetKeys, StripLeavesAFileWithoutTagsAsItIs) {
  EXPECT_EQ(Strip(Model(kForeign)), Model(kForeign));
  EXPECT_EQ(counts_, "0 entries, 0 nodes, foreign 0 removed, 0 kept");
}

// All own keys go wherever they are, also such as this version does not know; of the model, keys
// that are borrowed on nodes are another program's.
TEST_F(PresetKeys, StripTakesOwnKeysThatNobodyListed) {
  EXPECT_EQ(DumpTags(Strip(Model(R"(
    <ir_version: 10, opset_import: ["" : 20],
     metadata_props: ["namespace": "n", "modelexport.date": "today"]>
    main (x) => (a) {
      a = If (x) {"modelexport.mood": "good", "namespace": "n", "modelexport.tag": "/x"}
    })"))),
            "model namespace=\"n\"\n#0 If namespace=\"n\"\n");
}

TEST_F(PresetKeys, StripWarnsOfPresetsThatItDoesNotKnow) {
  const std::string tagged = Model(R"(
    <ir_version: 10, opset_import: ["" : 20],
     metadata_props: ["modelexport.presets": "modelexport,of_a_later_version"]>
    main (x) => (a) { a = A (x) {"modelexport.tag": "/x", "later": "1"} })");
  EXPECT_EQ(DumpTags(Strip(tagged)), "#0 A later=\"1\"\n");
  EXPECT_EQ(counts_, "2 entries, 1 nodes, foreign 0 removed, 0 kept, of_a_later_version");
}

// A function that nothing calls is copied as it is, so borrowed keys there are another program's.
TEST_F(PresetKeys, FunctionsThatNothingCallsKeepBorrowedKeys) {
  const std::string bytes = Model(R"(
    main (x) => (y) { y = f.Used (x) }
    <domain: "f"> Used (x) => (y) { y = If (x) <then_branch = t () => (a) { a = A (x) }> }
    <domain: "f"> Left (x) => (y) { y = B (x) {"namespace": "torch"} }
  )");
  const std::string tagged = Tag(bytes, "model_explorer", {"enc", "enc", "untagged", "enc"});
  EXPECT_EQ(DumpTags(tagged), R"(model modelexport.presets="model_explorer"
#0 Used namespace="Model/Encoder"
function:f:Used:#0 If namespace="Model/Encoder"
function:f:Used:/0:then_branch#0 A namespace="Model/Encoder"
function:f:Left:#0 B namespace="torch"
)");
  EXPECT_EQ(Strip(tagged), bytes);
  EXPECT_EQ(DumpTags(Strip(tagged, PresetSet::Parse("model_explorer")), "namespace"),
            "#0 Used\nfunction:f:Used:#0 If\nfunction:f:Used:/0:then_branch#0 A\n"
            "function:f:Left:#0 B\n");
}

}  // namespace
}  // namespace modelexport
