// The program tag_onnx as a user meets it: what it prints, its exit codes, what it leaves behind.

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/run_program.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using testing::ProgramResult;
using testing::ReadFile;

constexpr char kModel[] = "testdata/naming_traps/torchscript/model.onnx";
constexpr char kHierarchy[] = "testdata/naming_traps/hierarchy.json";

class TagOnnx : public ::testing::Test {
 protected:
  // Runs `tag_onnx ARGUMENTS` in a shell, so that tests can set up its surroundings.
  ProgramResult Run(const std::string& arguments, const std::string& before = "") {
    return testing::RunProgram(absl::StrCat(before, " exec tools/tag_onnx ", arguments));
  }

  // The main job with `flags`.
  ProgramResult Tag(const std::string& flags = "") {
    return Run(absl::StrCat(kModel, " ", kHierarchy, " ", dir_.Path("out.onnx"), " ", flags));
  }

  testing::TempDir dir_;
};

TEST_F(TagOnnx, TagsAndPrintsASummary) {
  const ProgramResult result = Tag("--strategy=usage");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  // Behind it stands what differs from version to version and from run to run.
  const size_t bytes = result.out.find("bytes  ");
  ASSERT_NE(bytes, std::string::npos);
  EXPECT_EQ(
      result.out.substr(0, bytes),
      "nodes       266, tagged 266, coverage 50.4 %, expected exact 55.9 %\n"
      "evidence    parameter 53, fingerprint 40, dataflow 77, none 96\n"
      "modules     76 of 84 called, 56 with nodes, 20 called without\n"
      "root        97 nodes, 1 that are its own, 96 that nothing speaks for (Constant 43, Add 19, "
      "Mul 8, Relu 4, Reshape 3, 13 more)\n"
      "strategy    usage; resolved: fingerprint 35 of 35, parameter names 56 of 56\n"
      "used        parameter 53, fingerprint 40; sidecar: 96 calls, 159 ops (torch_export)\n"
      "validation  standard, no findings\n");
  EXPECT_THAT(dir_.Listing(), MatchesRegex("out.onnx [0-9]+\n"));
}

// What is not copied from the input is a length before each node that grew, at most two bytes here.
TEST_F(TagOnnx, CountsTheBytesCopiedAndNew) {
  ASSERT_EQ(Tag(absl::StrCat("--report=", dir_.Path("r.json"))).exit_code, 0);
  const std::string report = dir_.Read("r.json");
  const auto member = [&report](absl::string_view name) {
    const size_t at = report.find(absl::StrCat("\"", name, "\": "));
    return at == report.npos ? -1 : std::atol(report.c_str() + at + name.size() + 4);
  };
  const long in = ReadFile(kModel).size(), out = dir_.Read("out.onnx").size();
  EXPECT_EQ(member("bytes_in"), in);
  EXPECT_EQ(member("bytes_out"), out);
  EXPECT_EQ(member("bytes_copied") + member("bytes_new"), out);
  EXPECT_LT(member("bytes_copied"), in);
  EXPECT_GE(member("bytes_copied"), in - 2 * member("nodes") - 10);
}

TEST_F(TagOnnx, TaggingTwiceChangesNothing) {
  ASSERT_EQ(Tag().exit_code, 0);
  const std::string once = dir_.Read("out.onnx");
  ASSERT_EQ(Run(absl::StrCat(dir_.Path("out.onnx"), " ", kHierarchy, " ", dir_.Path("out.onnx")))
                .exit_code,
            0);
  EXPECT_TRUE(dir_.Read("out.onnx") == once);
}

TEST_F(TagOnnx, QuietPrintsNothing) {
  const ProgramResult result = Tag("--quiet");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST_F(TagOnnx, WritesTheReportInTheFormThatItsNameSays) {
  ASSERT_EQ(Tag(absl::StrCat("--strategy=usage --report=", dir_.Path("r.json"))).exit_code, 0);
  EXPECT_THAT(dir_.Read("r.json"), HasSubstr("\"coverage\": 0.50"));
  ASSERT_EQ(Tag(absl::StrCat("--report=", dir_.Path("r.txt"))).exit_code, 0);
  EXPECT_THAT(dir_.Read("r.txt"), HasSubstr("\n      8  steps.1\n"));
}

// `json` with its numbers, which differ from run to run, as "N".
std::string WithoutNumbers(const std::string& json) {
  return std::regex_replace(json, std::regex("(ts|dur|pid|tid)\":[0-9]+"), "$1\":N");
}

TEST_F(TagOnnx, WritesATraceOfTheStages) {
  ASSERT_EQ(Tag(absl::StrCat("--quiet --trace=", dir_.Path("t.json"))).exit_code, 0);
  const std::string out = dir_.Path("out.onnx");
  std::string events;
  for (const char* stage : {"hierarchy", "index", "graph", "match", "resolve", "judge", "inject",
                            "write", "validate", "commit"}) {
    absl::StrAppend(&events, ",\n{\"name\":\"", stage,
                    R"(","cat":"stage","ph":"X","ts":N,"dur":N,"pid":N,"tid":N})");
  }
  const std::string trace = WithoutNumbers(dir_.Read("t.json"));
  EXPECT_EQ(trace.substr(0, trace.find("\"version\"")), absl::StrCat(R"({"traceEvents": [
{"name":"process_name","ph":"M","pid":N,"tid":N,"args":{"name":"tag_onnx"}})",
                                                                     events, R"(
], "displayTimeUnit": "ms", "otherData": {)"));
  EXPECT_THAT(trace, HasSubstr(absl::StrCat(R"("output":")", out, R"(","strategy":"auto")")));
  EXPECT_THAT(trace, HasSubstr(absl::StrCat(R"("bytes_out":")", dir_.Read("out.onnx").size(),
                                            R"(","status":"OK"}})")));
}

TEST_F(TagOnnx, WritesATraceOfARunThatFails) {
  const std::string flag = absl::StrCat(" --trace=", dir_.Path("t.json"));
  EXPECT_EQ(Run(absl::StrCat("none.onnx ", kHierarchy, " ", dir_.Path("out.onnx"), flag)).exit_code,
            3);
  const std::string trace = WithoutNumbers(dir_.Read("t.json"));
  EXPECT_THAT(trace,
              HasSubstr("\n{\"name\":\"index\",\"cat\":\"stage\",\"ph\":\"X\",\"ts\":N,\"dur\":N,"
                        "\"pid\":N,\"tid\":N}\n], "));
  EXPECT_THAT(trace, HasSubstr("\"status\":\"none.onnx: cannot open"));
  EXPECT_THAT(dir_.Listing(), MatchesRegex("t.json [0-9]+\n"));
}

TEST_F(TagOnnx, HelpNamesEveryFlag) {
  const ProgramResult result = Run("--help");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* flag :
       {"--strategy=", "--keys=", "--nn_modules=", "--report=", "--trace=", "--min_coverage=",
        "--min_confidence=", "--validate=", "--embed_hierarchy", "--raise_ir_version",
        "--external_data=", "--fsync", "--data_files=", "--report_times", "--allow_over_2gib",
        "--force", "--quiet"}) {
    EXPECT_THAT(result.out, HasSubstr(flag));
  }
}

// Exit codes and messages. Nothing may be left behind.
struct Failure {
  const char* description;
  const char* arguments;  // $OUT is an output path that could be written.
  int exit_code;
  const char* message;
};

class TagOnnxFails : public TagOnnx, public ::testing::WithParamInterface<Failure> {};

TEST_P(TagOnnxFails, WithCodeAndMessageAndLeavesNothing) {
  const Failure& failure = GetParam();
  dir_.Write("truncated.onnx", ReadFile(kModel).substr(0, 1000));
  dir_.Write("bad.json",
             "{\"schema\": \"modelexport.hierarchy\", \"version\": 1, \"modules\": [{}]}");
  dir_.Link("link.json", "bad.json");
  ASSERT_EQ(link(dir_.Path("bad.json").c_str(), dir_.Path("hard.json").c_str()), 0);
  dir_.Write("model.txt", ReadFile(kModel));
  dir_.Write("lfs.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
  dir_.Write("other.json",
             R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [)"
             R"({"path": ""}, {"path": "stem"}, {"path": "stem.conv"}, {"path": "neck"}]})");
  const std::string before = dir_.Listing();
  const ProgramResult result =
      Run(absl::StrReplaceAll(failure.arguments, {{"$DIR", dir_.path()},
                                                  {"$OUT", dir_.Path("out.onnx")},
                                                  {"$MODEL", kModel},
                                                  {"$HIERARCHY", kHierarchy}}));
  EXPECT_EQ(result.exit_code, failure.exit_code) << result.err;
  EXPECT_THAT(result.err, HasSubstr(failure.message));
  EXPECT_EQ(dir_.Listing(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Usage, TagOnnxFails,
    ::testing::Values(
        Failure{"NoArguments", "", 2, "three paths are wanted, IN HIERARCHY OUT, not 0"},
        Failure{"UnknownFlag", "$MODEL $HIERARCHY $OUT --nothing", 2, "--nothing: no such flag"},
        Failure{"Letters", "-xyz $MODEL $HIERARCHY $OUT", 2, "-x: no such flag"},
        Failure{"CutFlag", "$MODEL $HIERARCHY $OUT --val=off", 2, "--val=off: no such flag"},
        Failure{"UnknownStrategy", "$MODEL $HIERARCHY $OUT --strategy=guess", 2,
                "--strategy=guess: is none of auto, name_scope, usage, trace, fx"},
        Failure{"UnknownKeys", "$MODEL $HIERARCHY $OUT --keys=modelexport,x", 2,
                "--keys=modelexport,x: \"x\" is none of modelexport"},
        Failure{"BadNumber", "$MODEL $HIERARCHY $OUT --min_coverage=1.5", 2,
                "--min_coverage=1.5: is no number from 0 to 1"},
        Failure{"BadWord", "$MODEL $HIERARCHY $OUT --validate=some", 2,
                "--validate=some: is none of standard, full, off"},
        Failure{"BadBool", "$MODEL $HIERARCHY $OUT --force=maybe", 2,
                "--force=maybe: is neither true nor false"},
        Failure{"BadReportName", "$MODEL $HIERARCHY $OUT --report=r.pdf", 2,
                "--report=r.pdf: ends in none of .txt, .json, .html, .md\n"},
        Failure{"EmptyIn", "'' $HIERARCHY $OUT", 2, "tag_onnx: IN is empty\n"},
        Failure{"EmptyHierarchy", "$MODEL '' $OUT", 2, "tag_onnx: HIERARCHY is empty\n"},
        Failure{"EmptyOut", "$MODEL $HIERARCHY ''", 2, "tag_onnx: OUT is empty\n"},
        Failure{"OutIsHierarchy", "$MODEL $DIR/bad.json $DIR/bad.json", 2,
                "/bad.json are the same file"},
        Failure{"OutIsHierarchyOtherwiseSpelled", "$MODEL $DIR/bad.json $DIR/./bad.json", 2,
                "/./bad.json and HIERARCHY "},
        Failure{"OutIsHierarchyByLink", "$MODEL $DIR/link.json $DIR/bad.json", 2,
                "/bad.json and HIERARCHY "},
        Failure{"OutIsHierarchyByHardLink", "$MODEL $DIR/hard.json $DIR/bad.json", 2,
                "/bad.json and HIERARCHY "},
        Failure{"ReportIsIn", "$DIR/model.txt $HIERARCHY $OUT --report=$DIR/./model.txt", 2,
                "/./model.txt and IN "},
        Failure{"ReportIsHierarchy", "$MODEL $DIR/bad.json $OUT --report=$DIR/link.json", 2,
                "/link.json and HIERARCHY "},
        Failure{"ReportIsOut", "$MODEL $HIERARCHY $DIR/new.txt --report=$DIR/./new.txt", 2,
                "/./new.txt and OUT "},
        Failure{"TraceIsIn", "$DIR/model.txt $HIERARCHY $OUT --trace=$DIR/./model.txt", 2,
                "/./model.txt and IN "},
        Failure{"TraceIsHierarchy", "$MODEL $DIR/bad.json $OUT --trace=$DIR/link.json", 2,
                "/link.json and HIERARCHY "},
        Failure{"TraceIsOut", "$MODEL $HIERARCHY $DIR/new.txt --trace=$DIR/./new.txt", 2,
                "/./new.txt and OUT "},
        Failure{"TraceIsReport",
                "$MODEL $HIERARCHY $OUT --report=$DIR/new.txt --trace=$DIR/./new.txt", 2,
                "/./new.txt and --report "}),
    [](const auto& info) { return info.param.description; });

INSTANTIATE_TEST_SUITE_P(
    Judged, TagOnnxFails,
    ::testing::Values(Failure{"Coverage",
                              "$MODEL $HIERARCHY $OUT --strategy=usage --min_coverage=0.99", 1,
                              "coverage is 0.5038, below --min_coverage=0.99"},
                      Failure{"Confidence",
                              "$MODEL $HIERARCHY $OUT --strategy=usage --min_confidence=0.6", 1,
                              "expected exact is 0.5593, below --min_confidence=0.6"},
                      Failure{"WrongSidecar", "$MODEL $DIR/other.json $OUT", 1,
                              "hierarchy does not describe this model (node_name 0 of 226"}),
    [](const auto& info) { return info.param.description; });

INSTANTIATE_TEST_SUITE_P(
    Input, TagOnnxFails,
    ::testing::Values(
        Failure{"ControlCharacters", "\"$(printf 'a\\033[1m\\nb\\302\\233')\" $HIERARCHY $OUT", 3,
                "tag_onnx: a\\x1b[1m\\nb\\xc2\\x9b: cannot open"},
        Failure{"NoModel", "$DIR/none.onnx $HIERARCHY $OUT", 3, "none.onnx: cannot open"},
        Failure{"NoHierarchy", "$MODEL $DIR/none.json $OUT", 3, "none.json: cannot open"},
        Failure{"Folder", "$DIR $HIERARCHY $OUT", 3, "is a directory, not a file"},
        Failure{"Device", "/dev/null $HIERARCHY $OUT", 3, "/dev/null: is not a regular file"},
        Failure{"Truncated", "$DIR/truncated.onnx $HIERARCHY $OUT", 3, "truncated.onnx: byte "},
        Failure{"LfsPointer", "$DIR/lfs.onnx $HIERARCHY $OUT", 3,
                "looks like a Git LFS pointer; `git lfs pull` fetches the file"},
        Failure{"BadSidecar", "$MODEL $DIR/bad.json $OUT", 3, "bad.json: $.modules[0]"},
        Failure{"Swapped", "$HIERARCHY $MODEL $OUT", 3, "; are IN and HIERARCHY swapped?\n"}),
    [](const auto& info) { return info.param.description; });

INSTANTIATE_TEST_SUITE_P(
    Output, TagOnnxFails,
    ::testing::Values(Failure{"Folder", "$MODEL $HIERARCHY $DIR", 4, "is a directory"},
                      Failure{"Device", "$MODEL $HIERARCHY /dev/null", 4, "/dev/null: "},
                      Failure{"NoFolder", "$MODEL $HIERARCHY $DIR/none/out.onnx", 4, "none"},
                      Failure{"NoFolderOfReport", "$MODEL $HIERARCHY $OUT --report=$DIR/none/r.txt",
                              4, "none/r.txt"},
                      Failure{"NoFolderOfTrace", "$MODEL $HIERARCHY $OUT --trace=$DIR/none/t.json",
                              4, "none/t.json"},
                      Failure{"BelowAFile", "$MODEL $HIERARCHY $DIR/bad.json/out.onnx", 4,
                              "bad.json"}),
    [](const auto& info) { return info.param.description; });

TEST_F(TagOnnx, ForceWritesWithTheWrongSidecar) {
  const testing::TempDir inputs;
  const std::string other =
      inputs.Write("other.json", R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [)"
                                 R"({"path": ""}, {"path": "stem"}]})");
  EXPECT_EQ(Run(absl::StrCat(kModel, " ", other, " ", dir_.Path("o.onnx"), " --force")).exit_code,
            0);
  EXPECT_THAT(dir_.Listing(), MatchesRegex("o.onnx [0-9]+\n"));
}

// The report is written for a model that fell short too: it says why.
TEST_F(TagOnnx, ReportsAModelThatFellShort) {
  const ProgramResult result =
      Tag(absl::StrCat("--strategy=usage --min_coverage=1 --quiet --report=", dir_.Path("r.json")));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(dir_.Read("r.json"), HasSubstr("\"none\": 96"));
  EXPECT_THAT(dir_.Listing(), Not(HasSubstr("out.onnx")));
}

TEST_F(TagOnnx, TakesRelativePathsFromWhereTheUserStands) {
  dir_.Write("in.onnx", ReadFile(kModel));
  dir_.Write("h.json", ReadFile(kHierarchy));
  const ProgramResult result =
      Run("in.onnx h.json out.onnx", absl::StrCat("BUILD_WORKING_DIRECTORY='", dir_.path(), "'"));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(dir_.Listing(), HasSubstr("out.onnx "));
}

TEST_F(TagOnnx, AFullDiskLeavesTheOldFile) {
  dir_.Write("out.onnx", "old");
  const ProgramResult result =
      Run(absl::StrCat(kModel, " ", kHierarchy, " ", dir_.Path("out.onnx")), "ulimit -f 8;");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("out.onnx"));
  EXPECT_EQ(dir_.Listing(), "out.onnx 3\n");
}

// A FIFO as sidecar would be refused; a slow disk cannot be had here, so the signal comes at many
// moments of a run instead, until runs end before it.
TEST_F(TagOnnx, ASignalLeavesTheOldFileAndNothingElse) {
  dir_.Write("out.onnx", "old");
  int interrupted = 0;
  for (int microseconds = 200; microseconds < 40000; microseconds += 400) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      execl("tools/tag_onnx", "tag_onnx", kModel, kHierarchy, dir_.Path("out.onnx").c_str(),
            "--quiet", nullptr);
      _exit(127);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    kill(child, SIGTERM);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    const bool ended_by_signal = WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM;
    interrupted += ended_by_signal;
    ASSERT_TRUE(ended_by_signal || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << status;
    ASSERT_THAT(dir_.Listing(), MatchesRegex("out.onnx [0-9]+\n")) << microseconds;
  }
  EXPECT_GT(interrupted, 0);
}

}  // namespace
}  // namespace modelexport
