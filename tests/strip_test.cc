// The command strip as a user meets it: what it prints, its exit codes, what it leaves behind.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/testing/dump_tags.h"
#include "modelexport/testing/message_bytes.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/run_program.h"

namespace modelexport {
namespace {

using testing::DumpTags;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using testing::MessageBytes;
using testing::Model;
using testing::ProgramResult;
using ::testing::StartsWith;

constexpr char kModel[] = R"(
  main (float[2] x) => (float[2] y) <float[2] block.w = ["location": "w.bin"]> {
    [/block/Add] h = Add (x, block.w) {"namespace": "torch"}
    [/block/Neg] y = Neg (h)
  }
)";

constexpr char kHierarchy[] = R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
  {"path": "", "class": "my.Net"}, {"path": "block", "class": "my.Block"}]})";

class Strip : public ::testing::Test {
 protected:
  Strip() {
    dir_.Write("in.onnx", Model(kModel));
    dir_.Write("w.bin", "12345678");
    dir_.Write("h.json", kHierarchy);
    EXPECT_EQ(Run("tag in.onnx h.json tagged.onnx --quiet --keys=modelexport,model_explorer").err,
              "");
  }

  // Names of files in `arguments` are those in the test's folder.
  ProgramResult Run(absl::string_view arguments, absl::string_view before = "") {
    return testing::RunModelexport(dir_, arguments, before);
  }

  testing::TempDir dir_;
};

// The times differ from run to run.
std::string WithoutTime(const std::string& out) { return out.substr(0, out.find("time  ")); }

TEST_F(Strip, GivesBackTheInput) {
  const ProgramResult result = Run("strip tagged.onnx out.onnx");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(WithoutTime(result.out),
            "removed     10 entries with keys of modelexport,model_explorer, from 2 of 2 nodes and "
            "the model\n"
            "warnings    1 node keeps what another program wrote before our tags\n"
            "validation  standard, no findings\n");
  EXPECT_TRUE(dir_.Read("out.onnx") == dir_.Read("in.onnx"));
}

// What has metadata besides nodes and the model, with keys of ours in it.
std::string MisplacedKeys() {
  MessageBytes node, graph, training, function, model;
  node.Bytes(4, "Relu");
  node.Entry(9, "modelexport.module", "old");
  graph.Bytes(1, node.Serialized());
  graph.Entry(16, "modelexport.tag", "old");
  training.Bytes(2, graph.Serialized());
  function.Bytes(1, "F");
  function.Entry(14, "modelexport.mood", "old");
  model.Bytes(20, training.Serialized());
  model.Bytes(25, function.Serialized());
  return model.Serialized();
}

TEST_F(Strip, KeepsKeysOfOursWhereTagWritesNone) {
  dir_.Write("in.onnx", Model(kModel) + MisplacedKeys());
  EXPECT_EQ(Run("tag in.onnx h.json tagged.onnx --quiet").err, "");
  EXPECT_EQ(Run("validate tagged.onnx --original=in.onnx").out,
            "nodes       2, tagged 2\n"
            "evidence    node_name 2\n"
            "level       standard, compared with the original\n"
            "findings    0 errors, 2 warnings\n"
            "warning tag.misplaced training_info:0: key \"modelexport.module\", and 1 more\n"
            "warning tag.misplaced function::F:: key \"modelexport.mood\"\n");
  for (const char* file : {"tagged.onnx", "in.onnx"}) {
    EXPECT_EQ(Run(absl::StrCat("strip ", file, " out.onnx --quiet")).err, "");
    EXPECT_TRUE(dir_.Read("out.onnx") == dir_.Read("in.onnx")) << file;
  }
}

TEST_F(Strip, InPlace) {
  EXPECT_EQ(Run("strip tagged.onnx tagged.onnx --quiet --validate=full").out, "");
  EXPECT_TRUE(dir_.Read("tagged.onnx") == dir_.Read("in.onnx"));
}

TEST_F(Strip, AFileWithoutTagsIsCopied) {
  const ProgramResult result = Run("strip in.onnx out.onnx");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(WithoutTime(result.out),
            "removed     nothing: no keys of modelexport\n"
            "output      a copy of the input, byte for byte\n"
            "validation  standard, no findings\n");
  EXPECT_TRUE(dir_.Read("out.onnx") == dir_.Read("in.onnx"));
}

TEST_F(Strip, TakesThePresetsThatKeysNames) {
  const ProgramResult some = Run("strip tagged.onnx out.onnx --keys=modelexport");
  EXPECT_EQ(some.exit_code, 0);
  EXPECT_THAT(some.out, HasSubstr("\nleft        model_explorer\n"));
  EXPECT_EQ(DumpTags(dir_.Read("out.onnx"), "modelexport.p"),
            "model modelexport.presets=\"model_explorer\"\n#0 Add\n#1 Neg\n");
  const ProgramResult all = Run("strip in.onnx out.onnx --keys=winml,model_explorer");
  EXPECT_THAT(all.out, HasSubstr("\nwarnings    1 entry of other programs removed\n"));
  EXPECT_EQ(DumpTags(dir_.Read("out.onnx")), "#0 Add\n#1 Neg\n");
}

TEST_F(Strip, TakesDataFilesAlong) {
  ASSERT_EQ(Run("strip tagged.onnx tagged.onnx").exit_code, 0);
  dir_.Write("sub/old", "");
  EXPECT_EQ(Run("strip tagged.onnx sub/out.onnx").exit_code, 0);
  EXPECT_EQ(dir_.Read("sub/w.bin"), "12345678");
  dir_.Write("sub/w.bin", "other");
  const ProgramResult result = Run("strip tagged.onnx sub/out.onnx");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("w.bin"));
  dir_.Write("left/old", "");
  EXPECT_THAT(Run("strip tagged.onnx left/out.onnx --external_data=leave").out,
              HasSubstr("\nwarnings    "));
  EXPECT_THAT(dir_.Listing(), HasSubstr("left/old 0\nleft/out.onnx"));
}

// Exit codes and messages. Nothing may be left behind.
struct Failure {
  const char* description;
  const char* arguments;
  int exit_code;
  const char* message;
};

class StripFails : public Strip, public ::testing::WithParamInterface<Failure> {};

TEST_P(StripFails, WithCodeAndMessageAndLeavesNothing) {
  dir_.Write("truncated.onnx", dir_.Read("tagged.onnx").substr(0, 100));
  const std::string before = dir_.Listing();
  const ProgramResult result = Run(absl::StrCat("strip ", GetParam().arguments));
  EXPECT_EQ(result.exit_code, GetParam().exit_code);
  EXPECT_THAT(result.err, StartsWith("modelexport strip: "));
  EXPECT_THAT(result.err, HasSubstr(GetParam().message));
  EXPECT_EQ(dir_.Listing(), before);
}

INSTANTIATE_TEST_SUITE_P(
    All, StripFails,
    ::testing::Values(Failure{"NoPaths", "", 2, "two paths are wanted, IN OUT, not 0"},
                      Failure{"NoKeys", "tagged.onnx out.onnx --keys=", 2,
                              "--keys=: \"\" is none of modelexport, winml"},
                      Failure{"UnknownKeys", "tagged.onnx out.onnx --keys=winml,x", 2,
                              "--keys=winml,x: \"x\" is none of modelexport, winml"},
                      Failure{"NoInput", "none.onnx out.onnx", 3, "none.onnx: cannot open"},
                      Failure{"Truncated", "truncated.onnx out.onnx", 3, "truncated.onnx: byte "},
                      Failure{"Device", "tagged.onnx /dev/null", 4, "/dev/null: "},
                      Failure{"NoFolder", "tagged.onnx none/out.onnx", 4, "none"}),
    [](const auto& info) { return info.param.description; });

TEST_F(Strip, AFullDiskLeavesTheOldFile) {
  dir_.Write("big.onnx", absl::StrCat(Model(R"(main () => () <float[9000] w = {1, ...}> {})")));
  dir_.Write("out.onnx", "old");
  const std::string before = dir_.Listing();
  const ProgramResult result = Run("strip big.onnx out.onnx", "ulimit -f 8;");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_EQ(dir_.Listing(), before);
}

// The signal comes at many moments of a run, until runs end before it.
TEST_F(Strip, ASignalLeavesTheOldFileAndNothingElse) {
  dir_.Write("out.onnx", "old");
  const std::string in = dir_.Path("tagged.onnx"), out = dir_.Path("out.onnx");
  int interrupted = 0;
  for (int microseconds = 200; microseconds < 20000; microseconds += 400) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      execl("tools/modelexport", "modelexport", "strip", in.c_str(), out.c_str(), "--quiet",
            nullptr);
      _exit(127);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    kill(child, SIGTERM);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    const bool ended_by_signal = WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
    interrupted += ended_by_signal;
    ASSERT_TRUE(ended_by_signal || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << status;
    ASSERT_THAT(dir_.Listing(), MatchesRegex("h.json [0-9]+\nin.onnx [0-9]+\nout.onnx [0-9]+\n"
                                             "tagged.onnx [0-9]+\nw.bin 8\n"))
        << microseconds;
  }
  EXPECT_GT(interrupted, 0);
}

}  // namespace
}  // namespace modelexport
