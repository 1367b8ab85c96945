#include "modelexport/hierarchy/readers/embedded_hierarchy.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/hierarchy/readers/name_scopes.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

std::string Read(const ModelIndex& index) {
  const absl::StatusOr<Hierarchy> hierarchy = ReadEmbeddedHierarchy(index);
  if (!hierarchy.ok()) return std::string(hierarchy.status().message());
  // What a file tagged with it carries says the same.
  const absl::StatusOr<Hierarchy> again = ParseSidecar(RenderEmbedded(*hierarchy));
  EXPECT_EQ(again.ok() ? ToText(*again) : again.status().ToString(), ToText(*hierarchy));
  return ToText(*hierarchy);
}

std::string Node(absl::string_view scopes, absl::string_view classes) {
  return absl::StrCat("y = Op () {\"pkg.torch.onnx.name_scopes\": \"", absl::CEscape(scopes),
                      "\", \"pkg.torch.onnx.class_hierarchy\": \"", absl::CEscape(classes),
                      "\"}\n");
}

std::string ReadNodes(absl::string_view nodes) {
  const std::string model = absl::StrCat("main () => () {\n", nodes, "}");
  const TextGraph unloaded(model);
  const TextGraph loaded(model, {std::string(kNameScopesKey)});
  const std::string text = Read(unloaded.index());
  EXPECT_EQ(Read(loaded.index()), text);
  return text;
}

TEST(ReadEmbeddedHierarchy, TorchsScopesByFirstAppearance) {
  EXPECT_EQ(
      ReadNodes(Node("['', 'b', 'b.0.q', 'mm']", "['my.M', 'my.B', 'my.Q', 'aten.mm']") +
                Node("['', 'a@1', 'add']", "['my.M', 'my.A', 'aten.add']") +
                Node("['', 'b', 'add']", "['my.Other', 'my.Other', 'aten.add']") + "z = Op ()\n"),
      "module 0 \"\": my.M\n"
      "module 1 \"b\": my.B, parent 0\n"
      "module 2 \"b.0\": implied, parent 1\n"
      "module 3 \"b.0.q\": my.Q, parent 2\n"
      "module 4 \"a\": my.A, parent 0\n");
}

TEST(ReadEmbeddedHierarchy, ListsThatDoNotFitLeaveTheClassToOtherNodes) {
  EXPECT_EQ(
      ReadNodes(Node("['', 'a', 'add']", "['my.M', 'aten.add']") + Node("['', 'a', 'x']", "[") +
                Node("['', 'b', 'add']", "['my.M', 'my.B', 'aten.add']") +
                Node("['', 'a', 'add']", "['my.M', 'my.A', 'aten.add']") + Node("[", "[]")),
      "module 0 \"\": my.M\n"
      "module 1 \"a\": my.A, parent 0\n"
      "module 2 \"b\": my.B, parent 0\n");
}

TEST(ReadEmbeddedHierarchy, TheFilesOwnHierarchyComesFirst) {
  testing::MessageBytes model;
  model.Bytes(model_proto::kGraph, "");
  model.Entry(model_proto::kMetadata, "modelexport.hierarchy",
              R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [{"path": ""},
                  {"path": "a", "calls": 2, "traced_tag": "/M/A"}]})");
  const auto source = BytesInMemory(model.Serialized());
  const auto index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(Read(*index), "module 0 \"\"\nmodule 1 \"a\": calls 2, tag /M/A, parent 0\n");
}

TEST(ReadEmbeddedHierarchy, SaysWhatIsWrong) {
  testing::MessageBytes model;
  model.Bytes(model_proto::kGraph, "");
  model.Entry(model_proto::kMetadata, "modelexport.hierarchy", "{}");
  const auto source = BytesInMemory(model.Serialized());
  const auto index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(Read(*index), "modelexport.hierarchy: $.schema: missing");

  const std::string nothing =
      "carries no hierarchy: neither its own modelexport.hierarchy nor "
      "pkg.torch.onnx.name_scopes on any node";
  EXPECT_EQ(ReadNodes(""), nothing);
  EXPECT_EQ(ReadNodes(Node("['', ", "") + Node("['op']", "['aten.op']")), nothing);
  EXPECT_EQ(ReadNodes(Node(absl::StrCat("['', '", std::string(5000, 'a'), "', 'op']"), "")),
            "pkg.torch.onnx.name_scopes: longer than 4096 bytes");
}

}  // namespace
}  // namespace modelexport
