// What can go wrong around one run of the main job: odd outputs, other runs, full disks, signals.
// Each ends with a whole valid file, or with an error and everything as it was.

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/testing/file_size_limit.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/status_matchers.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/standard_request.h"

namespace modelexport {
namespace {

using ::testing::HasSubstr;
using testing::StandardRequest;

constexpr char kHierarchy[] = R"({"schema": "modelexport.hierarchy", "version": 1, "modules": [
    {"path": "", "class": "m.Net"}, {"path": "encoder", "class": "m.Encoder"}]})";

// Its weights are more than what is written at once.
constexpr char kModel[] = R"(
    main (float[N] x) => (y) <float[100000] w = {1, ...}> {
      [/encoder/Add] a = Add (x, w)
      [/Relu] y = Relu (a)
    })";

class Faults : public ::testing::Test {
 protected:
  Faults() {
    request_ = StandardRequest(dir_.Write("in.onnx", testing::Model(kModel)),
                               dir_.Write("h.json", kHierarchy), dir_.Path("out.onnx"));
    TagFileRequest reference = request_;
    reference.output = reference_dir_.Path("out.onnx");
    EXPECT_THAT(TagFile(reference).status, testing::IsOk());
    tagged_ = reference_dir_.Read("out.onnx");
  }

  // Tags into `name` in the folder.
  absl::Status TagTo(absl::string_view name) {
    request_.output = dir_.Path(name);
    return TagFile(request_).status;
  }

  // `name` cannot be the output, and the error says `reason`.
  void ExpectRefused(absl::string_view name, absl::string_view reason) {
    const std::string before = dir_.Listing();
    const absl::Status status = TagTo(name);
    EXPECT_EQ(FaultOf(status), Fault::kOutput) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat(dir_.Path(name), ": ")));
    EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(reason)));
    EXPECT_EQ(dir_.Listing(), before);
  }

  std::string SizeLine(absl::string_view name) const {
    return absl::StrCat(name, " ", tagged_.size(), "\n");
  }

  testing::TempDir dir_, reference_dir_;
  TagFileRequest request_;
  std::string tagged_;  // What the output has to be.
};

TEST_F(Faults, TheOutputMayBeTheInput) {
  EXPECT_THAT(TagTo("in.onnx"), testing::IsOk());
  EXPECT_TRUE(dir_.Read("in.onnx") == tagged_);
  EXPECT_EQ(dir_.Listing(),
            absl::StrCat("h.json ", sizeof(kHierarchy) - 1, "\n", SizeLine("in.onnx")));
}

TEST_F(Faults, TheOutputMayBeAnotherNameOfTheInput) {
  ASSERT_EQ(link(request_.model.c_str(), dir_.Path("out.onnx").c_str()), 0);
  const std::string in = dir_.Read("in.onnx");
  EXPECT_THAT(TagTo("out.onnx"), testing::IsOk());
  EXPECT_TRUE(dir_.Read("out.onnx") == tagged_);
  EXPECT_TRUE(dir_.Read("in.onnx") == in);
}

TEST_F(Faults, TheOutputMayReplaceTheHierarchy) {
  EXPECT_THAT(TagTo("h.json"), testing::IsOk());
  EXPECT_TRUE(dir_.Read("h.json") == tagged_);
}

class Symlinks : public Faults, public ::testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(Targets, Symlinks,
                         ::testing::Values("in.onnx", "gone", "folder", "loop.onnx", "h.json"));

TEST_P(Symlinks, AreReplacedAndTheirTargetsLeftAlone) {
  ASSERT_EQ(mkdir(dir_.Path("folder").c_str(), 0777), 0);
  const std::string before = dir_.Listing();
  const std::string in = dir_.Read("in.onnx");
  dir_.Link("loop.onnx", GetParam());
  EXPECT_THAT(TagTo("loop.onnx"), testing::IsOk());
  EXPECT_TRUE(dir_.Read("loop.onnx") == tagged_);
  EXPECT_TRUE(dir_.Read("in.onnx") == in);
  EXPECT_EQ(dir_.Listing(), absl::StrCat(before, SizeLine("loop.onnx")));
}

TEST_F(Faults, ADirectoryIsNoOutput) {
  ASSERT_EQ(mkdir(dir_.Path("folder").c_str(), 0777), 0);
  ExpectRefused("folder", "directory");
}

// Opening one for writing would wait for a reader.
TEST_F(Faults, AFifoIsNoOutput) {
  ASSERT_EQ(mkfifo(dir_.Path("fifo").c_str(), 0666), 0);
  ExpectRefused("fifo", "FIFO");
}

TEST_F(Faults, ADeviceIsNoOutput) {
  request_.output = "/dev/null";
  const absl::Status status = TagFile(request_).status;
  EXPECT_EQ(FaultOf(status), Fault::kOutput) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("/dev/null: "));
  struct stat null;
  ASSERT_EQ(stat("/dev/null", &null), 0);
  EXPECT_TRUE(S_ISCHR(null.st_mode));
}

TEST_F(Faults, AnUnwritableFolderIsNamed) {
  if (geteuid() == 0) GTEST_SKIP() << "permissions do not bind root";
  ASSERT_EQ(mkdir(dir_.Path("closed").c_str(), 0555), 0);
  ExpectRefused("closed/out.onnx", "");
}

// Two runs at once, of which each would write something else; whoever looks at the output
// meanwhile sees one of them whole, too.
TEST_F(Faults, TwoRunsToOneOutputDoNotMix) {
  TagFileRequest other = request_;
  other.embed_hierarchy = false;
  other.output = reference_dir_.Path("other.onnx");
  ASSERT_THAT(TagFile(other).status, testing::IsOk());
  const std::string other_tagged = reference_dir_.Read("other.onnx");
  ASSERT_TRUE(other_tagged != tagged_);
  other.output = request_.output;
  const std::string before = dir_.Listing();
  for (int round = 0; round < 25; ++round) {
    absl::Status one, two;
    std::thread first([&] { one = TagFile(request_).status; });
    std::thread second([&] { two = TagFile(other).status; });
    first.join();
    const std::string seen = dir_.Read("out.onnx");
    second.join();
    EXPECT_THAT(one, testing::IsOk());
    EXPECT_THAT(two, testing::IsOk());
    EXPECT_TRUE(seen == tagged_ || seen == other_tagged) << round;
    const std::string left = dir_.Read("out.onnx");
    EXPECT_TRUE(left == tagged_ || left == other_tagged) << round;
    EXPECT_EQ(dir_.Listing(), absl::StrCat(before, "out.onnx ", left.size(), "\n"));
  }
}

// In place, both read what the other may have replaced.
TEST_F(Faults, TwoRunsInPlaceLeaveTheTaggedModel) {
  for (int round = 0; round < 25; ++round) {
    dir_.Write("in.onnx", testing::Model(kModel));
    request_.output = request_.model;
    absl::Status one, two;
    std::thread first([&] { one = TagFile(request_).status; });
    std::thread second([&] { two = TagFile(request_).status; });
    first.join();
    second.join();
    EXPECT_THAT(one, testing::IsOk());
    EXPECT_THAT(two, testing::IsOk());
    EXPECT_TRUE(dir_.Read("in.onnx") == tagged_) << round;
  }
}

TEST_F(Faults, ADiskThatFillsUpAnywhereLeavesTheOldFile) {
  dir_.Write("out.onnx", "old");
  const std::string before = dir_.Listing();
  const size_t step = 10007;  // About 40 places, in each of the two blocks that are written.
  for (size_t limit = 0; limit < tagged_.size(); limit += step) {
    absl::Status status;
    {
      const testing::FileSizeLimit full(limit);
      status = TagTo("out.onnx");
    }
    EXPECT_EQ(FaultOf(status), Fault::kOutput) << limit << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("out.onnx: ")) << limit;
    ASSERT_EQ(dir_.Listing(), before) << limit;
  }
  const testing::FileSizeLimit enough(tagged_.size());
  EXPECT_THAT(TagTo("out.onnx"), testing::IsOk());
}

// The model still fits and its data does not: neither is there.
TEST_F(Faults, ADiskThatFillsUpWithTheDataLeavesNothing) {
  dir_.Write("in.onnx", testing::Model(R"(main (x) => (y) <
      float[9] w = ["location": "w.bin"], float[90000] v = ["location": "v.bin"]> {
        [/encoder/Add] y = Sum (x, w, v)
      })"));
  dir_.Write("w.bin", std::string(36, 'w'));
  dir_.Write("v.bin", std::string(360000, 'v'));
  const testing::TempDir target;
  request_.output = target.Path("out.onnx");
  for (size_t limit : {2000, 200000, 300000, 359999}) {
    absl::Status status;
    {
      const testing::FileSizeLimit full(limit);
      status = TagFile(request_).status;
    }
    EXPECT_EQ(FaultOf(status), Fault::kOutput) << limit << ": " << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("v.bin: ")) << limit;
    ASSERT_EQ(target.Listing(), "") << limit;
  }
  const testing::FileSizeLimit enough(360000);
  EXPECT_THAT(TagFile(request_).status, testing::IsOk());
}

std::vector<std::string> Stages(TagFileRequest request) {
  std::vector<std::string> stages;
  request.on_stage = [&stages](absl::string_view name) { stages.emplace_back(name); };
  EXPECT_THAT(TagFile(request).status, testing::IsOk());
  return stages;
}

// As the program does on SIGTERM.
TEST_F(Faults, ARunCancelledInAnyStageLeavesTheOldFile) {
  const std::vector<std::string> stages = Stages(request_);
  EXPECT_EQ(stages.size(), 10);
  dir_.Write("out.onnx", "old");
  const std::string before = dir_.Listing();
  for (const std::string& stage : stages) {
    std::atomic<bool> cancelled = false;
    request_.cancelled = &cancelled;
    request_.on_stage = [&](absl::string_view name) { cancelled = cancelled || name == stage; };
    const TagOutcome outcome = TagFile(request_);
    EXPECT_TRUE(absl::IsCancelled(outcome.status)) << stage << ": " << outcome.status;
    EXPECT_EQ(outcome.report.bytes_out, 0) << stage;
    EXPECT_EQ(dir_.Listing(), before) << stage;
    EXPECT_EQ(dir_.Read("out.onnx"), "old") << stage;
  }
}

// Also where data files are placed before the model.
TEST_F(Faults, ARunCancelledInAnyStageLeavesNoData) {
  dir_.Write("in.onnx", testing::Model(R"(
      main (x) => (y) <float[9] w = ["location": "w.bin"]> { [/encoder/Add] y = Add (x, w) })"));
  dir_.Write("w.bin", std::string(36, 'w'));
  const std::vector<std::string> stages = Stages(request_);
  const testing::TempDir target;
  request_.output = target.Path("out.onnx");
  for (const std::string& stage : stages) {
    std::atomic<bool> cancelled = false;
    request_.cancelled = &cancelled;
    request_.on_stage = [&](absl::string_view name) { cancelled = cancelled || name == stage; };
    const absl::Status status = TagFile(request_).status;
    EXPECT_TRUE(absl::IsCancelled(status)) << stage << ": " << status;
    EXPECT_EQ(target.Listing(), "") << stage;
  }
}

}  // namespace
}  // namespace modelexport
