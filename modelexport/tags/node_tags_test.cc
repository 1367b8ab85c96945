#include "modelexport/tags/node_tags.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/graph/model_file.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

// One line for each node, after the file has been moved.
std::string TagsIn(absl::string_view model) {
  const testing::TempDir dir;
  absl::StatusOr<ModelFile> opened =
      ModelFile::Open(dir.Write("m.onnx", testing::Model(model)), NodeTagKeys());
  if (!opened.ok()) return opened.status().ToString();
  const ModelFile file = *std::move(opened);
  std::string text;
  for (size_t i = 0; i < file.graph().num_nodes(); ++i) {
    const NodeTags tags = TagsOf(file.graph(), NodeId(i));
    absl::StrAppend(&text, file.graph().op_type(NodeId(i)), " ", tags.module.value_or("-"), "|",
                    tags.tag, "|", tags.evidence, "|", tags.call, "|", tags.also, "|",
                    tags.submodule, "\n");
  }
  return text;
}

TEST(NodeTags, AreThoseOfEachNode) {
  EXPECT_EQ(TagsIn(R"(main (x) => (d) {
    a = A (x) {"modelexport.module": "enc", "modelexport.tag": "/Net/Enc",
               "modelexport.evidence": "node_name", "modelexport.call": "1", "other": "?",
               "modelexport.also": "[]"}
    b = B (a) {"modelexport.module": ""}
    c = C (b) {"modelexport.submodule": "act"}
    d = D (c)
    e = E (d) {"modelexport.module": "first", "modelexport.module": "last", "modelexport.tag": "",
               "modelexport.tag": "/Net"}
  })"),
            R"(A enc|/Net/Enc|node_name|1|[]|
B |||||
C -|||||act
D -|||||
E first|||||
)");
}

TEST(NodeTags, AreNotThereWithoutAModel) {
  const testing::TempDir dir;
  EXPECT_EQ(ModelFile::Open(dir.Path("none.onnx")).status().code(), absl::StatusCode::kNotFound);
  const std::string text = dir.Write("text.onnx", "{}");
  EXPECT_EQ(ModelFile::Open(text).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace modelexport
