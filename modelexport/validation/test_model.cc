#include "modelexport/validation/test_model.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/hierarchy/readers/sidecar_json.h"
#include "modelexport/hierarchy/readers/sidecar_writer.h"
#include "modelexport/onnx/onnx_fields.h"
#include "modelexport/proto/encode.h"
#include "modelexport/tags/keys.h"

namespace modelexport::testing {
namespace {

using absl::StrCat;

constexpr char kBlock[] = "/Net/Block.0";

// A TensorProto of two floats, named if it is an initializer.
std::string Tensor(absl::string_view name, absl::string_view data) {
  return StrCat(Number(1, 2), Number(2, 1), name.empty() ? "" : Field(8, name), Field(9, data));
}

std::string SparseTensor(absl::string_view name) {
  return StrCat(Field(1, Tensor(name, "sparse!!")), Field(2, Tensor("", "indices!")), Number(3, 4));
}

std::string Attribute(absl::string_view name, absl::string_view fields) {
  return Field(5, StrCat(Field(1, name), fields));
}

}  // namespace

std::string Field(uint32_t number, absl::string_view bytes) {
  std::string field;
  AppendBytesField(number, bytes, &field);
  return field;
}

std::string Number(uint32_t number, uint64_t value) {
  std::string field;
  AppendVarintField(number, value, &field);
  return field;
}

std::string NodeEntry(absl::string_view key, absl::string_view value) {
  std::string entry;
  AppendStringEntry(node_proto::kMetadata, key, value, &entry);
  return entry;
}

std::string ModelEntry(absl::string_view key, absl::string_view value) {
  std::string entry;
  AppendStringEntry(model_proto::kMetadata, key, value, &entry);
  return entry;
}

std::string Tag(absl::string_view module, absl::string_view tag, absl::string_view evidence) {
  return StrCat(NodeEntry(kModuleKey, module), NodeEntry(kTagKey, tag),
                NodeEntry(kEvidenceKey, evidence));
}

std::string Node(absl::string_view op_type, absl::string_view fields) {
  return Field(1, StrCat(Field(4, op_type), fields));
}

std::string Model(absl::string_view graph_fields, absl::string_view model_fields) {
  return StrCat(Number(1, 8), Field(7, graph_fields), ModelEntry(kPresetsKey, "modelexport"),
                model_fields);
}

Hierarchy SmallHierarchy() {
  absl::StatusOr<Hierarchy> hierarchy = ParseSidecar(R"({
    "schema": "modelexport.hierarchy", "version": 1, "modules": [
      {"path": "", "class": "my.Net", "calls": 1},
      {"path": "block.0", "class": "my.Block", "calls": 2, "aliases": ["tied"]},
      {"path": "block.0.act", "class": "torch.nn.modules.activation.ReLU", "calls": 2}]})");
  EXPECT_TRUE(hierarchy.ok()) << hierarchy.status();
  return *std::move(hierarchy);
}

std::string SmallModel(bool tagged) {
  const auto tags = [tagged](absl::string_view bytes) { return tagged ? bytes : ""; };
  const std::string root = Tag("", "/Net", "none");
  const std::string block = Tag("block.0", kBlock);
  const std::string act = Tag("block.0.act", kBlock);
  const std::string relative =
      StrCat(NodeEntry(kSubmoduleKey, "act"), NodeEntry(kEvidenceKey, "trace"));

  const std::string body =
      StrCat(Node("Relu", tags(act)), Field(5, Tensor("v", "bodydata")), Field(2, "then"));
  const std::string graph = StrCat(
      Node("Add",
           StrCat(Field(1, "x"), Field(1, "w"), Field(2, "y"), Field(3, "/block.0/Add"),
                  NodeEntry("namespace", "torch"), tags(block), tags(NodeEntry(kCallKey, "1")))),
      Node("If",
           StrCat(Attribute("then_branch", Field(6, body)),
                  Attribute("branches", StrCat(Field(11, body), Field(11, body))), tags(block))),
      Node("Constant", StrCat(Attribute("value", Field(5, Tensor("", "constant"))),
                              Attribute("values", Field(10, Tensor("", "listdata"))),
                              Attribute("sparse", Field(22, SparseTensor(""))), tags(root))),
      Node("F", StrCat(Field(7, "my"), tags(block))), Field(2, "main"),
      Field(5, Tensor("w", "weights!")), Field(15, SparseTensor("s")), Field(11, Field(1, "x")));

  const auto function = [](absl::string_view name, absl::string_view node_fields) {
    return Field(25, StrCat(Field(1, name), Field(7, StrCat(Field(4, "Relu"), node_fields)),
                            Field(10, "my")));
  };
  return StrCat(Number(1, 8), Field(2, "test"), Field(7, graph), ModelEntry("author", "me"),
                Field(20, Field(1, "training")), function("F", tags(relative)),
                function("G", NodeEntry("modelexport.module", "left over")), Field(1000, "unknown"),
                tags(ModelEntry(kPresetsKey, "modelexport")),
                tags(ModelEntry(kHierarchyKey, RenderEmbedded(SmallHierarchy()))));
}

std::string Replaced(absl::string_view text, absl::string_view from, absl::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from << " not found";
  EXPECT_EQ(text.find(from, at + 1), text.npos) << from << " found twice";
  return StrCat(text.substr(0, at), to, text.substr(at + from.size()));
}

}  // namespace modelexport::testing
