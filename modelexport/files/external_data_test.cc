#include "modelexport/files/external_data.h"

#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/testing/file_size_limit.h"
#include "modelexport/testing/fsync_probe.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using ::modelexport::testing::FileSizeLimit;
using ::modelexport::testing::TempDir;
namespace fsync_probe = ::modelexport::testing::fsync_probe;

// The model in/m.onnx goes to out/m.onnx.
class ExternalDataTest : public ::testing::Test {
 protected:
  ExternalDataTest() {
    input_ = dir_.Write("in/m.onnx", "model");
    output_ = dir_.Path("out/m.onnx");
    mkdir(dir_.Path("out").c_str(), 0777);
  }

  static std::vector<ExternalReference> References(const std::vector<std::string>& locations) {
    std::vector<ExternalReference> references;
    for (const std::string& location : locations) {
      references.push_back({location, absl::StrCat("tensor ", references.size())});
    }
    return references;
  }

  absl::StatusOr<ExternalDataPlan> Plan(const std::vector<std::string>& locations,
                                        ExternalDataMode mode = ExternalDataMode::kCopy,
                                        const std::atomic<bool>* cancelled = nullptr) {
    return PlanExternalData(input_, output_, References(locations), mode, cancelled);
  }

  // One line for each copy, relative to the test's folder, then the warnings; or the error.
  std::string Print(const absl::StatusOr<ExternalDataPlan>& plan) {
    if (!plan.ok()) return plan.status().ToString();
    std::string text;
    const size_t prefix = dir_.path().size() + 1;
    for (const ExternalDataPlan::Copy& copy : plan->copies()) {
      absl::StrAppend(&text, copy.from.substr(prefix), " -> ", copy.to.substr(prefix), "\n");
    }
    for (const std::string& warning : plan->warnings()) {
      absl::StrAppend(&text, "warning: ", warning.substr(prefix), "\n");
    }
    return text;
  }

  // Expects that a plan for `location` fails with `code` and `fault`, names the tensor and says
  // `reason`, and that nothing changes.
  void ExpectRefused(const std::string& location, absl::StatusCode code, Fault fault,
                     absl::string_view reason) {
    const std::string before = dir_.Listing();
    const absl::Status status = Plan({location}).status();
    EXPECT_EQ(status.code(), code) << status;
    EXPECT_EQ(FaultOf(status), fault) << status;
    EXPECT_TRUE(
        absl::StartsWith(status.message(), absl::StrCat(input_, ": tensor 0: external data \"")))
        << status;
    EXPECT_TRUE(absl::EndsWith(status.message(), reason)) << status;
    EXPECT_EQ(dir_.Listing(), before);
  }

  void ExpectBadLocation(const std::string& location, absl::string_view reason) {
    ExpectRefused(location, absl::StatusCode::kInvalidArgument, Fault::kInput, reason);
  }

  // Plans, places and keeps.
  absl::Status Bring(const std::vector<std::string>& locations, Sync sync = Sync::kWhenReplacing) {
    const absl::StatusOr<ExternalDataPlan> plan = Plan(locations);
    if (!plan.ok()) return plan.status();
    absl::StatusOr<PlacedData> placed = plan->Place(sync);
    if (placed.ok()) placed->Keep();
    return placed.status();
  }

  TempDir dir_;
  std::string input_;
  std::string output_;
};

TEST_F(ExternalDataTest, CopiesEachFileOnceInTheOrderOfTheReferences) {
  dir_.Write("in/b.bin", "b");
  dir_.Write("in/sub/a.bin", "a");
  EXPECT_EQ(
      Print(Plan({"sub/a.bin", "b.bin", "sub/a.bin", "./b.bin", "sub//a.bin", "sub/../b.bin"})),
      "in/sub/a.bin -> out/sub/a.bin\n"
      "in/b.bin -> out/b.bin\n");
}

TEST_F(ExternalDataTest, PlacesFilesAndTheirFoldersAndKeepsThem) {
  dir_.Write("in/w.bin", "weights");
  dir_.Write("in/x/y/v.bin", "");
  for (const Sync sync : {Sync::kWhenReplacing, Sync::kAlways}) {
    output_ = dir_.Path(absl::StrCat("out", sync == Sync::kAlways, "/m.onnx"));
    mkdir(output_.substr(0, output_.rfind('/')).c_str(), 0777);
    EXPECT_TRUE(Bring({"w.bin", "x/y/v.bin"}, sync).ok());
  }
  EXPECT_EQ(dir_.Listing(),
            "in/\nin/m.onnx 5\nin/w.bin 7\nin/x/\nin/x/y/\nin/x/y/v.bin 0\n"
            "out/\n"
            "out0/\nout0/w.bin 7\nout0/x/\nout0/x/y/\nout0/x/y/v.bin 0\n"
            "out1/\nout1/w.bin 7\nout1/x/\nout1/x/y/\nout1/x/y/v.bin 0\n");
  EXPECT_EQ(dir_.Read("out1/w.bin"), "weights");
}

TEST_F(ExternalDataTest, RemovesWhatItMadeUnlessKept) {
  dir_.Write("in/w.bin", "weights");
  dir_.Write("in/x/y/v.bin", "v");
  dir_.Write("out/x/theirs", "theirs");
  const std::string before = dir_.Listing();
  const absl::StatusOr<ExternalDataPlan> plan = Plan({"w.bin", "x/y/v.bin"});
  ASSERT_TRUE(plan.ok());
  {
    absl::StatusOr<PlacedData> placed = plan->Place(Sync::kWhenReplacing);
    ASSERT_TRUE(placed.ok()) << placed.status();
    const PlacedData moved = *std::move(placed);
    EXPECT_EQ(dir_.Read("out/x/y/v.bin"), "v");
  }
  EXPECT_EQ(dir_.Listing(), before);
}

TEST_F(ExternalDataTest, AFolderThatOthersUseMeanwhileStays) {
  dir_.Write("in/x/v.bin", "v");
  const absl::StatusOr<ExternalDataPlan> plan = Plan({"x/v.bin"});
  ASSERT_TRUE(plan.ok());
  {
    const absl::StatusOr<PlacedData> placed = plan->Place(Sync::kWhenReplacing);
    dir_.Write("out/x/theirs", "t");
  }
  EXPECT_EQ(dir_.Listing(),
            "in/\nin/m.onnx 5\nin/x/\nin/x/v.bin 1\nout/\nout/x/\nout/x/theirs 1\n");
}

TEST_F(ExternalDataTest, FollowsSymlinksAndWritesRegularFiles) {
  dir_.Write("store/weights", "weights");
  dir_.Link("in/w.bin", "../store/weights");
  dir_.Link("in/sub", "../store");
  ASSERT_TRUE(Bring({"w.bin", "sub/weights"}).ok());
  EXPECT_EQ(dir_.Listing(),
            "in/\nin/m.onnx 5\nin/sub -> ../store\nin/w.bin -> ../store/weights\n"
            "out/\nout/sub/\nout/sub/weights 7\nout/w.bin 7\n"
            "store/\nstore/weights 7\n");
}

// Hugging Face's cache: the model itself is a link out of the folder that its data lies in.
TEST_F(ExternalDataTest, TheModelsFolderIsWhereItsNameLies) {
  dir_.Write("store/model", "model");
  dir_.Write("snapshot/w.bin", "weights");
  input_ = dir_.Link("snapshot/m.onnx", "../store/model");
  EXPECT_EQ(Print(Plan({"w.bin"})), "snapshot/w.bin -> out/w.bin\n");
}

TEST_F(ExternalDataTest, WorksInTheWorkingDirectory) {
  dir_.Write("in/w.bin", "weights");
  ASSERT_EQ(chdir(dir_.Path("out").c_str()), 0);
  output_ = "m.onnx";
  EXPECT_TRUE(Bring({"w.bin"}).ok());
  EXPECT_EQ(dir_.Read("out/w.bin"), "weights");
  ASSERT_EQ(chdir(dir_.Path("in").c_str()), 0);
  input_ = "m.onnx";
  output_ = "../in/new.onnx";
  EXPECT_EQ(Print(Plan({"w.bin"})), "");
  ASSERT_EQ(chdir("/"), 0);
}

TEST_F(ExternalDataTest, NothingToDoWithoutReferences) {
  output_ = dir_.Path("missing/m.onnx");
  EXPECT_EQ(Print(Plan({})), "");
  EXPECT_EQ(Print(Plan({}, ExternalDataMode::kLeave)), "");
}

TEST_F(ExternalDataTest, NothingToDoInTheSameFolderWhateverTheLocations) {
  dir_.Link("same", "in");
  for (const char* output : {"in/new.onnx", "in/m.onnx", "same/new.onnx", "out/../in/x.onnx"}) {
    output_ = dir_.Path(output);
    for (const ExternalDataMode mode : {ExternalDataMode::kCopy, ExternalDataMode::kLeave}) {
      EXPECT_EQ(Print(Plan({"missing.bin", "", "/absolute", "../w.bin"}, mode)), "") << output;
    }
  }
}

TEST_F(ExternalDataTest, LeaveCopiesNothingAndWarns) {
  EXPECT_EQ(Print(Plan({"w.bin", "/v.bin", "w.bin"}, ExternalDataMode::kLeave)),
            "warning: out/m.onnx: external data was left behind: 2 files, the first \"w.bin\" of "
            "tensor 0\n");
  EXPECT_EQ(Print(Plan({"w.bin"}, ExternalDataMode::kLeave)),
            "warning: out/m.onnx: external data was left behind: 1 file, the first \"w.bin\" of "
            "tensor 0\n");
}

TEST_F(ExternalDataTest, RefusesLocationsThatAreNoFileInTheFolder) {
  dir_.Write("w.bin", "outside");
  dir_.Write("in/sub/w.bin", "inside");
  ExpectBadLocation("", "external data \"\": the location is empty");
  ExpectBadLocation("/w.bin", "the location is absolute");
  ExpectBadLocation("//w.bin", "the location is absolute");
  ExpectBadLocation(dir_.Path("in/sub/w.bin"), "the location is absolute");
  ExpectBadLocation("..", "the location leaves the model's folder");
  ExpectBadLocation("../w.bin", "the location leaves the model's folder");
  ExpectBadLocation("../in/sub/w.bin", "the location leaves the model's folder");
  ExpectBadLocation("sub/../../w.bin", "the location leaves the model's folder");
  ExpectBadLocation("./sub/.././../w.bin", "the location leaves the model's folder");
  ExpectBadLocation(".", "the location names a folder");
  ExpectBadLocation("sub/..", "the location names a folder");
  ExpectBadLocation("sub/", "the location names a folder");
  ExpectBadLocation("sub/w.bin/", "the location names a folder");
  ExpectBadLocation("sub/.", "the location names a folder");
  ExpectBadLocation(std::string("sub/w.bin\0.txt", 14), "the location has a zero byte");
}

// Dots in a name are no way up.
TEST_F(ExternalDataTest, AcceptsNamesThatBeginWithDots) {
  dir_.Write("in/..w", "1");
  dir_.Write("in/.../w", "2");
  EXPECT_EQ(Print(Plan({"..w", ".../w"})), "in/..w -> out/..w\nin/.../w -> out/.../w\n");
}

TEST_F(ExternalDataTest, RefusesDataThatIsNoReadableFile) {
  dir_.Write("in/sub/w.bin", "x");
  dir_.Link("in/dangling", "nowhere");
  ASSERT_EQ(mkfifo(dir_.Path("in/fifo").c_str(), 0600), 0);
  ExpectRefused("missing.bin", absl::StatusCode::kNotFound, Fault::kInput,
                dir_.Path("in/missing.bin") + ": cannot open: No such file or directory");
  ExpectRefused("dangling", absl::StatusCode::kNotFound, Fault::kInput,
                "No such file or directory");
  ExpectBadLocation("sub", "is a directory, not a file");
  ExpectBadLocation("fifo", "is not a regular file");
}

TEST_F(ExternalDataTest, TheErrorNamesTheFirstTensorWithTheLocation) {
  dir_.Write("in/w.bin", "x");
  EXPECT_TRUE(
      absl::StartsWith(Plan({"w.bin", "\x01\"missing", "\x01\"missing"}).status().message(),
                       absl::StrCat(input_, ": tensor 1: external data \"\\001\\\"missing\": ")));
}

TEST_F(ExternalDataTest, RefusesAnOutputWithoutAFolder) {
  dir_.Write("in/w.bin", "x");
  output_ = dir_.Path("missing/m.onnx");
  const absl::Status status = Plan({"w.bin"}).status();
  EXPECT_EQ(FaultOf(status), Fault::kOutput);
  EXPECT_EQ(status.message(), output_ + ": cannot look into its folder: No such file or directory");
}

// Beside the model, in a folder below, through a link, or as the name to be: the model must not
// take the place of its own weights, in any mode.
TEST_F(ExternalDataTest, RefusesAnOutputThatIsADataFile) {
  dir_.Write("in/w.bin", "weights");
  dir_.Write("in/sub/w.bin", "weights");
  dir_.Link("in/link.bin", "w.bin");
  dir_.Link("out/link.onnx", "../in/w.bin");
  const std::string before = dir_.Listing();
  const std::pair<std::string, std::string> rows[] = {
      {"in/w.bin", "w.bin"},         {"in/w.bin", "./sub/../w.bin"},
      {"in/w.bin", "link.bin"},      {"in/link.bin", "w.bin"},
      {"in/sub/w.bin", "sub/w.bin"}, {"in/w.bin", dir_.Path("in/w.bin")},
      {"in/new.onnx", "new.onnx"},   {"out/w.bin", "w.bin"},
      {"out/w.bin", "./w.bin"},      {"out/link.onnx", "w.bin"},
  };
  for (const auto& [output, location] : rows) {
    output_ = dir_.Path(output);
    for (const ExternalDataMode mode : {ExternalDataMode::kCopy, ExternalDataMode::kLeave}) {
      const absl::Status status = Plan({location}, mode).status();
      EXPECT_EQ(FaultOf(status), Fault::kOutput) << output << " " << location;
      EXPECT_EQ(status.message(),
                absl::StrCat(input_, ": tensor 0: external data \"", location, "\": the output ",
                             output_, " would take its place"));
    }
  }
  EXPECT_EQ(dir_.Listing(), before);
}

// A report over the weights, or where they will be placed, by whatever spelling.
TEST_F(ExternalDataTest, RefusesOtherFilesInThePlaceOfData) {
  dir_.Write("in/sub/w.bin", "weights");
  dir_.Link("in/link.json", "sub/w.bin");
  dir_.Link("out_too", "out");
  const std::string refused[] = {"in/sub/w.bin",  "in/./sub/../sub/w.bin", "in/link.json",
                                 "out/sub/w.bin", "out/sub//w.bin",        "out_too/sub/w.bin"};
  for (const std::string& path : refused) {
    const absl::Status status =
        CheckIsNoData(input_, output_, References({"sub/w.bin"}), dir_.Path(path));
    EXPECT_EQ(FaultOf(status), Fault::kUsage) << path;
    EXPECT_EQ(status.message(), absl::StrCat(input_,
                                             ": tensor 0: external data \"sub/w.bin\": the "
                                             "output ",
                                             dir_.Path(path), " would take its place"));
  }
  for (const std::string path : {"in/w.bin", "out/w.bin", "sub/w.bin", "in/sub/w.bin.json"}) {
    EXPECT_TRUE(CheckIsNoData(input_, output_, References({"sub/w.bin"}), dir_.Path(path)).ok());
  }
}

TEST_F(ExternalDataTest, KeepsAFileThatIsTheSameOrHasTheSameBytes) {
  const std::string large(600000, 'x');
  dir_.Write("in/equal.bin", large);
  dir_.Write("out/equal.bin", large);
  dir_.Write("in/empty.bin", "");
  dir_.Write("out/empty.bin", "");
  dir_.Write("in/linked.bin", "linked");
  ASSERT_EQ(link(dir_.Path("in/linked.bin").c_str(), dir_.Path("out/linked.bin").c_str()), 0);
  dir_.Write("in/pointed.bin", "pointed");
  dir_.Link("out/pointed.bin", "../in/pointed.bin");
  dir_.Write("in/x/w.bin", "below");
  dir_.Link("out/x", "../in/x");
  const std::string before = dir_.Listing();
  const std::vector<std::string> all = {"equal.bin", "empty.bin", "linked.bin", "pointed.bin",
                                        "x/w.bin"};
  const absl::StatusOr<ExternalDataPlan> plan = Plan(all);
  EXPECT_EQ(Print(plan), "");
  { const absl::StatusOr<PlacedData> placed = plan->Place(Sync::kAlways); }
  EXPECT_EQ(dir_.Listing(), before);
}

TEST_F(ExternalDataTest, TheSameFileIsNotReadToCompareIt) {
  dir_.Write("in/w.bin", "weights");
  dir_.Link("out/w.bin", "../in/w.bin");
  const std::atomic<bool> no_comparison = true;
  EXPECT_EQ(Print(Plan({"w.bin"}, ExternalDataMode::kCopy, &no_comparison)), "");
}

TEST_F(ExternalDataTest, RefusesToOverwriteOtherBytes) {
  std::string bytes(600000, 'x');
  dir_.Write("in/w.bin", bytes);
  const auto expect_refused = [this] {
    ExpectRefused("w.bin", absl::StatusCode::kAlreadyExists, Fault::kOutput,
                  absl::StrCat(dir_.Path("out/w.bin"), ": is there already, with other bytes than ",
                               dir_.Path("in/w.bin")));
  };
  for (const size_t at : {size_t{0}, size_t{262143}, size_t{262144}, size_t{599999}}) {
    bytes[at] = 'y';
    dir_.Write("out/w.bin", bytes);
    expect_refused();
    bytes[at] = 'x';
  }
  dir_.Write("out/w.bin", bytes.substr(1));
  expect_refused();
  dir_.Write("out/w.bin", "");
  expect_refused();
  dir_.Write("out/w.bin", bytes + "x");
  expect_refused();
}

TEST_F(ExternalDataTest, RefusesADestinationThatIsNoFile) {
  dir_.Write("in/w.bin", "x");
  dir_.Write("in/sub/v.bin", "x");
  dir_.Write("out/w.bin/inside", "x");
  ExpectRefused("w.bin", absl::StatusCode::kInvalidArgument, Fault::kOutput,
                dir_.Path("out/w.bin") + ": is a directory, not a file");
  dir_.Write("in/link.bin", "x");
  dir_.Link("out/link.bin", "nowhere");
  ExpectRefused("link.bin", absl::StatusCode::kNotFound, Fault::kOutput,
                dir_.Path("out/link.bin") + ": cannot open: No such file or directory");
  dir_.Write("out/sub", "a file");
  ExpectRefused("sub/v.bin", absl::StatusCode::kFailedPrecondition, Fault::kOutput,
                dir_.Path("out/sub/v.bin") + ": cannot be written: Not a directory");
}

TEST_F(ExternalDataTest, AFileThatAppearedAfterThePlanIsNotOverwritten) {
  dir_.Write("in/a.bin", "a");
  dir_.Write("in/x/b.bin", "b");
  const absl::StatusOr<ExternalDataPlan> plan = Plan({"a.bin", "x/b.bin"});
  dir_.Write("out/x/b.bin", "theirs");
  const std::string before = dir_.Listing();
  const absl::Status status = plan->Place(Sync::kWhenReplacing).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists) << status;
  EXPECT_EQ(FaultOf(status), Fault::kOutput);
  EXPECT_TRUE(absl::StrContains(status.message(), "tensor 1: external data \"x/b.bin\": "));
  EXPECT_EQ(dir_.Listing(), before);
  EXPECT_EQ(dir_.Read("out/x/b.bin"), "theirs");
}

// As another run makes it, at the same time.
TEST_F(ExternalDataTest, TheSameFileThatAppearedAfterThePlanIsKept) {
  dir_.Write("in/a.bin", "a");
  const absl::StatusOr<ExternalDataPlan> plan = Plan({"a.bin"});
  dir_.Write("out/a.bin", "a");
  EXPECT_TRUE(plan->Place(Sync::kWhenReplacing).ok());  // Not kept: removes what it made.
  EXPECT_EQ(dir_.Read("out/a.bin"), "a");
}

TEST_F(ExternalDataTest, DataThatVanishedAfterThePlanIsTheInputsFault) {
  dir_.Write("in/a.bin", "a");
  dir_.Write("in/x/b.bin", "b");
  const absl::StatusOr<ExternalDataPlan> plan = Plan({"a.bin", "x/b.bin"});
  unlink(dir_.Path("in/x/b.bin").c_str());
  const std::string before = dir_.Listing();
  const absl::Status status = plan->Place(Sync::kWhenReplacing).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound) << status;
  EXPECT_EQ(FaultOf(status), Fault::kInput);
  EXPECT_EQ(dir_.Listing(), before);
}

// One fsync() for the new folder's name, two for each file: bytes and name.
TEST_F(ExternalDataTest, DataIsOnTheDiskBeforeAnOldOutputGivesWay) {
  dir_.Write("in/x/w.bin", "weights");
  const auto calls = [this](Sync sync) {
    fsync_probe::calls = 0;
    const absl::StatusOr<PlacedData> placed = Plan({"x/w.bin"})->Place(sync);
    EXPECT_TRUE(placed.ok()) << placed.status();
    return fsync_probe::calls;
  };
  EXPECT_EQ(calls(Sync::kWhenReplacing), 0);
  EXPECT_EQ(calls(Sync::kAlways), 3);
  dir_.Link("out/m.onnx", "nowhere");
  EXPECT_EQ(calls(Sync::kWhenReplacing), 3);
}

TEST_F(ExternalDataTest, AFailedSyncRemovesWhatWasMade) {
  dir_.Write("in/x/w.bin", "weights");
  const std::string before = dir_.Listing();
  for (const int call : {1, 2, 3}) {
    fsync_probe::calls = 0;
    fsync_probe::failing_call = call;
    const absl::Status status = Plan({"x/w.bin"})->Place(Sync::kAlways).status();
    EXPECT_EQ(FaultOf(status), Fault::kOutput);
    EXPECT_TRUE(absl::StrContains(status.message(), "cannot sync")) << status;
    EXPECT_EQ(dir_.Listing(), before) << call;
  }
  fsync_probe::failing_call = 0;
}

TEST_F(ExternalDataTest, AFailedWriteRemovesTheFilesBeforeItToo) {
  dir_.Write("in/a.bin", "a");
  dir_.Write("in/x/y/b.bin", std::string(600000, 'b'));
  dir_.Write("out/m.onnx", "old");
  const std::string before = dir_.Listing();
  const absl::StatusOr<ExternalDataPlan> plan = Plan({"a.bin", "x/y/b.bin"});
  for (const rlim_t limit : {0, 1, 262144, 599999}) {
    const FileSizeLimit scoped(limit);
    const absl::Status status = plan->Place(Sync::kAlways).status();
    EXPECT_EQ(FaultOf(status), Fault::kOutput) << status;
    EXPECT_TRUE(absl::EndsWith(status.message(), ".bin: cannot write: File too large")) << status;
    EXPECT_EQ(dir_.Listing(), before) << limit;
  }
  EXPECT_TRUE(plan->Place(Sync::kAlways).ok());
}

TEST_F(ExternalDataTest, AFolderThatCannotBeMadeIsNamed) {
  dir_.Write("in/a.bin", "a");
  dir_.Write("in/x/y/b.bin", "b");
  const absl::StatusOr<ExternalDataPlan> plan = Plan({"a.bin", "x/y/b.bin"});
  dir_.Write("out/x", "a file in the way");
  const std::string before = dir_.Listing();
  const absl::Status status = plan->Place(Sync::kWhenReplacing).status();
  EXPECT_EQ(FaultOf(status), Fault::kOutput);
  EXPECT_TRUE(absl::EndsWith(status.message(),
                             dir_.Path("out/x/y") + ": cannot make the folder: Not a directory"))
      << status;
  EXPECT_EQ(dir_.Listing(), before);
}

TEST_F(ExternalDataTest, ACancelledRunLeavesNothing) {
  dir_.Write("in/x/a.bin", "a");
  const std::string before = dir_.Listing();
  const absl::StatusOr<ExternalDataPlan> plan = Plan({"x/a.bin"});
  const std::atomic<bool> cancelled = true;
  EXPECT_TRUE(absl::IsCancelled(plan->Place(Sync::kAlways, &cancelled).status()));
  EXPECT_EQ(dir_.Listing(), before);
}

TEST_F(ExternalDataTest, AComparisonCanBeCancelled) {
  dir_.Write("in/a.bin", "a");
  dir_.Write("out/a.bin", "a");
  const std::atomic<bool> cancelled = true;
  const absl::Status status = Plan({"a.bin"}, ExternalDataMode::kCopy, &cancelled).status();
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_EQ(FaultOf(status), Fault::kOutput);
}

}  // namespace
}  // namespace modelexport
