#include "modelexport/ownership/read_hierarchy.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/hierarchy_text.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/text_graph.h"

namespace modelexport {
namespace {

using testing::TextGraph;

// The word taken by default, and the modules that it gives, or the error.
std::string ReadByDefault(const ModelIndex& index) {
  const absl::StatusOr<absl::string_view> source = DefaultSource(index);
  if (!source.ok()) return std::string(source.status().message());
  const absl::StatusOr<Hierarchy> read = ReadHierarchyOf(index, *source);
  return absl::StrCat(*source, "\n",
                      read.ok() ? ToText(*read) : std::string(read.status().message()));
}

std::string ReadByDefault(absl::string_view model) {
  return ReadByDefault(TextGraph(model).index());
}

constexpr absl::string_view kScoped = R"({"pkg.torch.onnx.name_scopes": "['', 'a', 'op']"})";

TEST(DefaultSource, TagsComeFirst) {
  const std::string model =
      absl::StrCat("main () => () { [/n/Op] x = Op () ", kScoped,
                   "\n y = Op () {\"modelexport.module\": \"b\", \"modelexport.tag\": \"/M/B\"} }");
  const TextGraph graph(model, {"modelexport.module", "modelexport.tag"});
  EXPECT_EQ(ReadByDefault(graph.index()),
            "tags\nmodule 0 \"\": tag /M\nmodule 1 \"b\": tag /M/B, parent 0\n");
}

TEST(DefaultSource, ThenWhatTheModelCarries) {
  EXPECT_EQ(ReadByDefault(absl::StrCat("main () => () { [/n/Op] x = Op () ", kScoped, " }")),
            "embedded\nmodule 0 \"\"\nmodule 1 \"a\": parent 0\n");
  testing::MessageBytes model;
  model.Bytes(model_proto::kGraph, "");
  model.Entry(model_proto::kMetadata, "modelexport.hierarchy", "{}");
  const auto source = BytesInMemory(model.Serialized());
  const auto index = ModelIndex::Build(*source, {});
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(ReadByDefault(*index), "embedded\nmemory: modelexport.hierarchy: $.schema: missing");
}

TEST(DefaultSource, ThenNames) {
  EXPECT_EQ(ReadByDefault(R"(main () => () {
              [/n/Op] x = Op () {"pkg.torch.onnx.name_scopes": "['op']"} })"),
            "names\nmodule 0 \"\"\nmodule 1 \"n\": parent 0\n");
  EXPECT_EQ(ReadByDefault("main () => () {}"),
            "names\nmemory: its names speak of no module: no node has a TorchScript scope, as "
            "\"/encoder/MatMul\", and no initializer the dotted name of a parameter, as "
            "\"encoder.weight\"");
}

TEST(SourceFor, EmbeddedIsReadOffNamesWhereTheModelCarriesNothing) {
  const TextGraph bare("main () => () { [/n/Op] x = Op () }");
  const TextGraph scoped(absl::StrCat("main () => () { x = Op () ", kScoped, " }"));
  EXPECT_EQ(*SourceFor(bare.index(), "embedded"), "names");
  EXPECT_EQ(*SourceFor(scoped.index(), "embedded"), "embedded");
  EXPECT_EQ(*SourceFor(scoped.index(), "names"), "names");
  EXPECT_EQ(*SourceFor(scoped.index(), ""), "embedded");
}

}  // namespace
}  // namespace modelexport
