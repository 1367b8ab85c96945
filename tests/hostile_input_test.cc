// Damaged models and hierarchies through the whole pipeline, and valid ones that once took more
// than linear work: each run ends soon, with an error that names file and place and leaves nothing
// behind, or with a valid output.
//
// The damages are the same in every run; tests/fuzz looks for others. Under sanitizers
// (`--config=asan`, as CI does) all prefixes are tried, else one in ten.

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "absl/base/config.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "modelexport/base/fault.h"
#include "modelexport/commands/extract.h"
#include "modelexport/commands/tap.h"
#include "modelexport/hierarchy/readers/hierarchy_json.h"
#include "modelexport/testing/temp_dir.h"
#include "tests/error_form.h"
#include "tests/standard_request.h"

namespace modelexport {
namespace {

using testing::StandardRequest;

#ifdef ABSL_HAVE_ADDRESS_SANITIZER
constexpr int kStep = 1;
constexpr int kSlower = 10;
#else
constexpr int kStep = 10;
constexpr int kSlower = 1;
#endif

// What is tried, by how long it takes.
constexpr int kHierarchies = 2000;
constexpr int kModels = 500;
constexpr int kCopies = 250;
constexpr int kBlocks = 8;  // Tests that share the cases, so that shards can.

constexpr char kModel[] = "testdata/naming_traps/torchscript/model.onnx";
constexpr char kHierarchy[] = "testdata/naming_traps/hierarchy.json";

// Ends the process, with a message that names the case, if one takes so many seconds of computing:
// a hang, as none needs a tenth of that. A loaded machine does not count.
class Deadline {
 public:
  explicit Deadline(absl::string_view name, int seconds = 5) {
    std::snprintf(message_, sizeof(message_), "hangs: %s\n", std::string(name).c_str());
    signal(SIGPROF, &Deadline::Expire);
    Arm(seconds);
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { Arm(0); }

 private:
  static void Arm(int seconds) {
    const itimerval timer = {{0, 0}, {seconds, 0}};
    EXPECT_EQ(setitimer(ITIMER_PROF, &timer, nullptr), 0);
  }

  static void Expire(int) {
    const ssize_t written = write(STDERR_FILENO, message_, std::strlen(message_));
    _exit(written < 0 ? 2 : 1);
  }

  static char message_[200];
};

char Deadline::message_[200];

// `bytes` with one to three of them changed, the same for equal seeds.
std::string Flipped(std::string bytes, uint32_t seed) {
  std::mt19937 random(seed);
  for (uint32_t i = 0; i <= seed % 3; ++i) {
    bytes[random() % bytes.size()] ^= static_cast<char>(1 + random() % 255);
  }
  return bytes;
}

// All in the first and last 4 KiB and every 97th between.
std::vector<size_t> PrefixSizes(size_t size) {
  constexpr size_t kDense = 4096;
  std::vector<size_t> sizes;
  for (size_t n = 0; n < size; ++n) {
    if (n < kDense || n + kDense >= size || n % 97 == 0) sizes.push_back(n);
  }
  return sizes;
}

class HostileInput : public ::testing::Test {
 protected:
  HostileInput() {
    dir_.Write("h.json", hierarchy_);
    dir_.Write("in.onnx", model_);
    in_ = dir_.Path("in.onnx");
    h_ = dir_.Path("h.json");
  }

  void TagModel(const std::string& name, absl::string_view bytes) {
    dir_.Write("in.onnx", bytes);
    Tag(name);
  }

  // Tags what is in the folder. In a sample all is validated, and the hierarchy embedded.
  void Tag(const std::string& name, int seconds = 5) {
    const Deadline deadline(name, seconds);
    const bool sample = runs_++ % 10 == 0;
    const std::string before = dir_.Listing();
    TagFileRequest request = StandardRequest(in_, h_, dir_.Path("out.onnx"));
    request.embed_hierarchy = sample;
    request.validation =
        sample ? TagFileRequest::Validation::kFull : TagFileRequest::Validation::kOff;
    const absl::Status status = modelexport::TagFile(request).status;
    if (status.ok()) {
      ++accepted_;
      EXPECT_EQ(unlink(request.output.c_str()), 0) << name;
    } else {
      EXPECT_EQ(testing::WhatIsWrongWith(status, in_, h_), "") << name;
    }
    EXPECT_EQ(dir_.Listing(), before) << name << ": " << status;
  }

  // Extracts a module of what is in the folder.
  void Extract(const std::string& name, const std::string& module) {
    ExtractRequest request;
    request.modules = module;
    request.untyped = true;
    Copy(
        name, [](const ExtractRequest& request) { return modelexport::Extract(request).status; },
        &request);
  }

  // Taps modules of what is in the folder.
  void Tap(const std::string& name, const std::string& modules) {
    TapRequest request;
    request.modules = modules;
    request.untyped = true;
    Copy(
        name, [](const TapRequest& request) { return modelexport::Tap(request).status; }, &request);
  }

  // Runs a command that writes a copy, which may end well or with an error of the input, and leaves
  // nothing else.
  template <typename Request, typename Run>
  void Copy(const std::string& name, const Run& run, Request* request) {
    const Deadline deadline(name);
    ++runs_;
    const std::string before = dir_.Listing();
    request->model = in_;
    request->hierarchy = h_;
    request->output = dir_.Path("out.onnx");
    const absl::Status status = run(*request);
    if (status.ok()) {
      ++accepted_;
      EXPECT_EQ(unlink(request->output.c_str()), 0) << name;
    } else {
      EXPECT_TRUE(absl::StartsWith(status.message(), dir_.path() + "/")) << name << ": " << status;
      EXPECT_TRUE(FaultOf(status) == Fault::kInput || FaultOf(status) == Fault::kJudged) << name;
    }
    EXPECT_EQ(dir_.Listing(), before) << name << ": " << status;
  }

  const std::string model_ = testing::ReadFile(kModel);
  const std::string hierarchy_ = testing::ReadFile(kHierarchy);
  testing::TempDir dir_;
  std::string in_, h_;
  int runs_ = 0;
  int accepted_ = 0;
};

TEST_F(HostileInput, TheUndamagedModelIsTagged) {
  Tag("undamaged");
  EXPECT_EQ(accepted_, 1);
}

// Each has many of something for which the work once grew with the square of it, or faster.
TEST_F(HostileInput, ExpensiveValidModelsAreTagged) {
  int models = 0;
  for (const auto& file : std::filesystem::directory_iterator("tests/growth/expensive")) {
    if (file.path().extension() != ".onnx") continue;
    dir_.Write("h.json",
               testing::ReadFile(std::filesystem::path(file).replace_extension(".json").string()));
    dir_.Write("in.onnx", testing::ReadFile(file.path().string()));
    Tag(file.path().stem().string(), 5 * kSlower);
    EXPECT_EQ(accepted_, ++models) << file.path();
  }
  EXPECT_EQ(models, 13);
}

class HostileBlock : public HostileInput, public ::testing::WithParamInterface<int> {
 protected:
  // The block's share of each `step`-th of `count` cases.
  std::vector<int> Cases(int count, int step = 1) const {
    std::vector<int> cases;
    for (int i = GetParam() * step; i < count; i += kBlocks * step) cases.push_back(i);
    return cases;
  }
};

INSTANTIATE_TEST_SUITE_P(Blocks, HostileBlock, ::testing::Range(0, kBlocks));

TEST_P(HostileBlock, AModelCutAnywhere) {
  const std::vector<size_t> sizes = PrefixSizes(model_.size());
  for (int i : Cases(sizes.size(), kStep)) {
    TagModel(absl::StrCat("prefix of ", sizes[i]), model_.substr(0, sizes[i]));
  }
  EXPECT_LT(accepted_, 4);
}

TEST_P(HostileBlock, AModelWithBytesChanged) {
  for (int i : Cases(kModels)) TagModel(absl::StrCat("model, seed ", i), Flipped(model_, i));
  EXPECT_GT(accepted_, runs_ / 10);
  EXPECT_LT(accepted_, runs_);
}

TEST_P(HostileBlock, AModelWithBytesChangedOfWhichAModuleIsExtracted) {
  const char* const modules[] = {".", "first", "blocks", "embed"};
  for (int i : Cases(kCopies)) {
    dir_.Write("in.onnx", Flipped(model_, i));
    // By the place of the case in the block, as all of a block's may be even.
    Extract(absl::StrCat("extraction, seed ", i), modules[runs_ % 4]);
  }
  EXPECT_GT(accepted_, runs_ / 20);
  EXPECT_LT(accepted_, runs_);
}

TEST_P(HostileBlock, AModelWithBytesChangedOfWhichModulesAreTapped) {
  const char* const modules[] = {"**", "first", "blocks.*", "."};
  for (int i : Cases(kCopies)) {
    dir_.Write("in.onnx", Flipped(model_, i));
    Tap(absl::StrCat("tap, seed ", i), modules[runs_ % 4]);
  }
  EXPECT_GT(accepted_, runs_ / 20);
  EXPECT_LT(accepted_, runs_);
}

TEST_P(HostileBlock, AHierarchyCutAnywhere) {
  const std::vector<size_t> sizes = PrefixSizes(hierarchy_.size());
  for (int i : Cases(sizes.size(), kStep)) {
    const std::string name = absl::StrCat("prefix of ", sizes[i]);
    const Deadline deadline(name);
    const absl::StatusOr<Hierarchy> parsed = ParseHierarchy(hierarchy_.substr(0, sizes[i]));
    // The last byte is the end of a line.
    EXPECT_EQ(parsed.ok(), sizes[i] == hierarchy_.size() - 1) << name;
    EXPECT_EQ(parsed.ok() ? "" : testing::WhatIsWrongWithPlace(parsed.status().message()), "")
        << name;
  }
}

TEST_P(HostileBlock, AHierarchyWithBytesChanged) {
  int parsed_well = 0;
  for (int i : Cases(kHierarchies)) {
    const std::string name = absl::StrCat("hierarchy, seed ", i);
    const std::string bytes = Flipped(hierarchy_, i);
    bool ok = false;
    {
      const Deadline deadline(name);
      const absl::StatusOr<Hierarchy> parsed = ParseHierarchy(bytes);
      ok = parsed.ok();
      EXPECT_EQ(ok ? "" : testing::WhatIsWrongWithPlace(parsed.status().message()), "") << name;
    }
    if (!ok || ++parsed_well % 10 != 0) continue;
    dir_.Write("h.json", bytes);
    Tag(name);
  }
  EXPECT_GT(accepted_, 0);
}

}  // namespace
}  // namespace modelexport
