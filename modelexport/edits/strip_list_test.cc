#include "modelexport/edits/strip_list.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "modelexport/edits/edit_list.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/cursor.h"
#include "modelexport/tags/preset.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

std::string KeyAt(absl::Span<const MetadataEntry> entries, const ModelIndex& index,
                  uint64_t offset) {
  for (const MetadataEntry& entry : entries) {
    if (entry.range.begin == offset) return std::string(index.text(entry.key));
  }
  return "no entry";
}

// The value of the entry that `bytes` holds.
std::string ValueOf(absl::string_view bytes) {
  const auto source = BytesInMemory(std::string(bytes));
  Cursor cursor(*source);
  Field entry, field;
  std::string value;
  while (cursor.Next(&entry)) {
    const Cursor::Message message(cursor, entry);
    while (cursor.Next(&field)) {
      if (field.number == string_entry_proto::kValue) value = std::string(cursor.Bytes(field));
    }
  }
  return value;
}

// The edits, as "#0 - key" or "model = key value", then the counts that are not zero.
std::string Strip(absl::string_view model, const absl::optional<PresetSet>& wanted = {}) {
  const TextGraph graph(model, EditList::KeysToLoad());
  const StripList list(graph.view(), wanted);
  std::string text;
  for (const Edit& edit : list.edits()) {
    const NodeId node = edit.message.node();
    const auto entries =
        node.valid() ? graph.index().metadata(node) : graph.index().model_metadata();
    absl::StrAppend(&text, node.valid() ? graph.view().Place(node) : "model",
                    edit.splice.bytes.empty() ? " - " : " = ",
                    KeyAt(entries, graph.index(), edit.splice.erase.begin));
    if (!edit.splice.bytes.empty()) absl::StrAppend(&text, " ", ValueOf(edit.splice.bytes));
    text += "\n";
  }
  const StripCounts& counts = list.counts();
  absl::StrAppend(&text, counts.entries, " entries of ", counts.nodes, " nodes");
  if (counts.foreign_removed > 0) absl::StrAppend(&text, ", foreign ", counts.foreign_removed);
  if (counts.foreign_kept > 0) absl::StrAppend(&text, ", kept on ", counts.foreign_kept);
  if (!list.unknown_presets().empty()) {
    absl::StrAppend(&text, ", unknown ", absl::StrJoin(list.unknown_presets(), " "));
  }
  return text + "\n";
}

PresetSet Only(absl::string_view name) { return PresetSet(*FindPreset(name)); }

TEST(StripList, TakesOutWhatTheProgramWrote) {
  EXPECT_EQ(Strip(R"(
    <ir_version: 10, opset_import: ["" : 20], metadata_props: ["modelexport.presets": "modelexport", "other": "x", "modelexport.hierarchy": "{}"]>
    main (x) => (y) {
      a = Relu (x) {"modelexport.module": "a", "other": "x", "modelexport.evidence": "trace"}
      y = Relu (a) {"other": "x"}
    })"),
            "#0 - modelexport.module\n"
            "#0 - modelexport.evidence\n"
            "model - modelexport.presets\n"
            "model - modelexport.hierarchy\n"
            "4 entries of 1 nodes\n");
}

TEST(StripList, AnUntaggedModelStaysAsItIs) {
  EXPECT_EQ(Strip("main (x) => (y) { y = Relu (x) {\"namespace\": \"n\"} }"),
            "0 entries of 0 nodes\n");
}

// `namespace` is a key of the preset model_explorer.
TEST(StripList, KeysOfAPresetGoWhereTheModelListsIt) {
  EXPECT_EQ(Strip(R"(
    <ir_version: 10, opset_import: ["" : 20], metadata_props: ["modelexport.presets": "modelexport,model_explorer"]>
    main (x) => (y) {
      a = Relu (x) {"namespace": "A"}
      y = Relu (a) {"namespace": "B", "modelexport.foreign": "model_explorer"}
    })"),
            "#0 - namespace\n"
            "#1 - modelexport.foreign\n"
            "model - modelexport.presets\n"
            "3 entries of 2 nodes, kept on 1\n");
}

TEST(StripList, OnePresetWantedLeavesTheOthers) {
  constexpr absl::string_view kModel = R"(
    <ir_version: 10, opset_import: ["" : 20], metadata_props: ["modelexport.presets": "modelexport,model_explorer", "modelexport.hierarchy": "{}"]>
    main (x) => (y) {
      a = Relu (x) {"namespace": "A", "modelexport.module": "a"}
      y = Relu (a) {"namespace": "B", "modelexport.foreign": "model_explorer"}
    })";
  EXPECT_EQ(Strip(kModel, Only("model_explorer")),
            "#0 - namespace\n"
            "#1 - namespace\n"
            "#1 - modelexport.foreign\n"
            "model = modelexport.presets modelexport\n"
            "3 entries of 2 nodes, foreign 1\n");
  EXPECT_EQ(Strip(kModel, Only("modelexport")),
            "#0 - modelexport.module\n"
            "model = modelexport.presets model_explorer\n"
            "1 entries of 1 nodes\n");
}

// A function that nothing calls was not tagged: what it has is another program's.
TEST(StripList, FunctionsThatNothingCalls) {
  EXPECT_EQ(Strip(R"(
    <ir_version: 10, opset_import: ["" : 20], metadata_props: ["modelexport.presets": "modelexport,model_explorer"]>
    main (x) => (y) { y = Relu (x) }
    <domain: "local"> F (a) => (b) { b = Relu (a) {"namespace": "A", "modelexport.module": "a"} })"),
            "function:local:F:#0 - modelexport.module\n"
            "model - modelexport.presets\n"
            "2 entries of 1 nodes\n");
}

TEST(StripList, PresetsOfALaterVersionStay) {
  EXPECT_EQ(Strip(R"(
    <ir_version: 10, opset_import: ["" : 20], metadata_props: ["modelexport.presets": "modelexport,from_the_future"]>
    main (x) => (y) { y = Relu (x) {"future.key": "A"} })"),
            "model - modelexport.presets\n"
            "1 entries of 0 nodes, unknown from_the_future\n");
}

}  // namespace
}  // namespace modelexport
