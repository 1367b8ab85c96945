// The command rename as a user meets it, on the models of testdata and on bad input.

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/run_program.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
using testing::Model;
using testing::ProgramResult;
using testing::ReadFile;

class Rename : public ::testing::Test {
 protected:
  ProgramResult Run(absl::string_view arguments) {
    return testing::RunModelexport(dir_, arguments);
  }

  void Succeed(absl::string_view arguments) {
    const ProgramResult result = Run(arguments);
    EXPECT_EQ(absl::StrCat(result.exit_code, result.out, result.err), "0") << arguments;
  }

  // Of the nodes, each between two line ends.
  std::string Names(const char* file) {
    return "\n" + Run(absl::StrCat("select ", file, " op:*")).out;
  }

  bool Same(const char* a, const char* b) { return dir_.Read(a) == dir_.Read(b); }

  testing::TempDir dir_;
};

std::vector<std::filesystem::path> RealModels() {
  std::vector<std::filesystem::path> models;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("testdata")) {
    if (entry.path().filename() == "model.onnx") models.push_back(entry.path());
  }
  return models;
}

TEST_F(Rename, IsIdempotentAndUndoneToTheByte) {
  ASSERT_GE(RealModels().size(), 9);
  for (const std::filesystem::path& path : RealModels()) {
    SCOPED_TRACE(path.string());
    dir_.Write("in.onnx", ReadFile(path));
    dir_.Write("h.json", ReadFile(path.parent_path().parent_path() / "hierarchy.json"));
    Succeed("tag in.onnx h.json tagged.onnx --quiet");
    for (const char* const values : {"", " --values"}) {
      Succeed(absl::StrCat("rename tagged.onnx renamed.onnx --quiet", values));
      Succeed(absl::StrCat("rename renamed.onnx again.onnx --quiet", values));
      EXPECT_TRUE(Same("again.onnx", "renamed.onnx"));
      Succeed("tag renamed.onnx h.json retagged.onnx --quiet --validate=off");
      Succeed("rename retagged.onnx undone.onnx --undo --quiet");
      Succeed("strip undone.onnx undone.onnx --quiet");
      EXPECT_TRUE(Same("undone.onnx", "in.onnx")) << "tag lost an old name";
      Succeed("rename renamed.onnx undone.onnx --undo --quiet --validate=full");
      EXPECT_TRUE(Same("undone.onnx", "tagged.onnx"));
      Succeed("strip renamed.onnx stripped.onnx --quiet");
      EXPECT_TRUE(Same("stripped.onnx", "in.onnx"));
      EXPECT_EQ(Run("validate renamed.onnx --original=in.onnx").exit_code, 0);
    }
  }
}

constexpr char kTagged[] = R"(
  <ir_version: 10, opset_import: ["" : 20], metadata_props: ["modelexport.presets": "modelexport"]>
  main (x) => (y) {
    [old] a = Relu (x) {"modelexport.module": "q", "modelexport.tag": "/M/Q", "modelexport.evidence": "trace"}
    y = Relu (a) {"modelexport.module": "q", "modelexport.tag": "/M/Q", "modelexport.evidence": "trace"}
  })";

// A copy with one more change than its metadata say is none.
TEST_F(Rename, ValidationRefusesAnotherName) {
  dir_.Write("in.onnx", Model(kTagged));
  Succeed("rename in.onnx renamed.onnx --quiet");
  std::string bytes = dir_.Read("renamed.onnx");
  const size_t note = bytes.rfind("old");
  ASSERT_NE(note, bytes.npos);
  dir_.Write("wrong.onnx", bytes.replace(note, 3, "odd"));
  const ProgramResult result = Run("validate wrong.onnx --original=in.onnx");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("error diff.bytes #0: NodeProto field 3: from byte"));
}

// A file without tags, with owners from elsewhere, gets the names that it gets with them as tags.
TEST_F(Rename, OwnersFromAnywhere) {
  for (const std::filesystem::path& path : RealModels()) {
    SCOPED_TRACE(path.string());
    dir_.Write("in.onnx", ReadFile(path));
    dir_.Write("h.json", ReadFile(path.parent_path().parent_path() / "hierarchy.json"));
    Succeed("tag in.onnx h.json tagged.onnx --quiet");
    Succeed("rename tagged.onnx by_tags.onnx --quiet");
    Succeed("rename in.onnx renamed.onnx --hierarchy=h.json --quiet");
    EXPECT_EQ(Names("renamed.onnx"), Names("by_tags.onnx"));
    Succeed("rename renamed.onnx undone.onnx --undo --quiet --validate=full");
    EXPECT_TRUE(Same("undone.onnx", "in.onnx"));
    Succeed("strip renamed.onnx stripped.onnx --quiet");
    EXPECT_TRUE(Same("stripped.onnx", "in.onnx"));
  }
}

TEST_F(Rename, ByWhatTheFileItselfSays) {
  dir_.Write("in.onnx", ReadFile("testdata/bert_tiny/dynamo/model.onnx"));
  Succeed("rename in.onnx renamed.onnx --quiet");
  EXPECT_THAT(Names("renamed.onnx"), HasSubstr("\n/encoder/layer.0/attention/self/query/MatMul\n"));
  const ProgramResult again = Run("rename renamed.onnx again.onnx");
  EXPECT_EQ(again.exit_code, 3);
  EXPECT_THAT(again.err, HasSubstr("has names of an earlier `rename`"));
}

TEST_F(Rename, BadInput) {
  dir_.Write("untagged.onnx", Model("main (x) => (y) { y = Relu (x) }"));
  const ProgramResult untagged = Run("rename untagged.onnx out.onnx");
  EXPECT_EQ(untagged.exit_code, 3);
  EXPECT_THAT(untagged.err, HasSubstr("nothing attributes a node to a module"));
  const ProgramResult by_tags = Run("rename untagged.onnx out.onnx --hierarchy=tags");
  EXPECT_EQ(by_tags.exit_code, 3);
  EXPECT_THAT(by_tags.err, HasSubstr("no node has tags"));
  EXPECT_EQ(Run("rename untagged.onnx out.onnx --undo --hierarchy=tags").exit_code, 2);
  EXPECT_EQ(Run("rename untagged.onnx").exit_code, 2);
  EXPECT_EQ(Run("rename untagged.onnx out.onnx --undo --values").exit_code, 2);
  dir_.Write("taken.onnx", Model(R"(main (x) => (y) {
    a = Relu (x) {"modelexport.output.0": "b"}
    b = Relu (a)
    y = Relu (b)
  })"));
  const ProgramResult taken = Run("rename taken.onnx out.onnx --undo");
  EXPECT_EQ(taken.exit_code, 3);
  EXPECT_THAT(taken.err, HasSubstr("a value cannot be called \"b\" again"));
}

}  // namespace
}  // namespace modelexport
