#include "modelexport/profiles/run_splitter.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "modelexport/profiles/kept_runs.h"

namespace modelexport {
namespace {

// An event of a line "KERNEL THREAD BEGIN END"; the kernel "run" is a run.
struct Line {
  std::string kernel;
  double thread = 0, begin = 0, end = 0;
};

std::vector<Line> LinesOf(absl::string_view text) {
  std::vector<Line> lines;
  for (absl::string_view row : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> words = absl::StrSplit(row, ' ', absl::SkipEmpty());
    Line& line = lines.emplace_back();
    line.kernel = words[0];
    EXPECT_TRUE(absl::SimpleAtod(words[1], &line.thread)) << row;
    EXPECT_TRUE(absl::SimpleAtod(words[2], &line.begin)) << row;
    EXPECT_TRUE(absl::SimpleAtod(words[3], &line.end)) << row;
  }
  return lines;
}

RecordedRuns Split(const std::vector<Line>& lines, KernelTable* kernels) {
  RunSplitter splitter(kernels);
  for (const Line& line : lines) {
    if (line.kernel == "run") {
      splitter.OnRun(line.thread, line.begin, line.end - line.begin);
    } else {
      const uint32_t kernel = kernels->Find(line.kernel, "", absl::nullopt);
      splitter.OnKernel({kernel, line.thread, line.begin, line.end - line.begin});
    }
  }
  return splitter.Finish();
}

std::string NameOf(const std::vector<Kernel>& kernels, uint32_t kernel) {
  const Kernel& named = kernels[kernel];
  return named.parent == Kernel::kNone
             ? named.name
             : absl::StrCat(NameOf(kernels, named.parent), "/", named.name);
}

std::string SplitText(const std::vector<Line>& lines) {
  KernelTable kernels;
  const RecordedRuns recorded = Split(lines, &kernels);
  std::string text;
  for (const RecordedRun& run : recorded.runs) {
    absl::StrAppend(&text, "run", run.on_one_thread ? "" : " on several threads", ":");
    for (const KernelTime& time : run.times) {
      absl::StrAppend(&text, " ", NameOf(kernels.kernels(), time.kernel), " ", time.own);
    }
    absl::StrAppend(&text, "\n");
  }
  if (recorded.partial > 0) absl::StrAppend(&text, "partial ", recorded.partial, "\n");
  if (recorded.merged > 0) absl::StrAppend(&text, "merged ", recorded.merged, "\n");
  return text;
}

std::string SplitText(absl::string_view text) { return SplitText(LinesOf(text)); }

TEST(RunSplitter, RunsOfOneThread) {
  EXPECT_EQ(SplitText(R"(a 1 10 13
                         b 1 13 20
                         run 1 9 22
                         a 1 30 34
                         b 1 34 40
                         run 1 29 41
                         a 1 50 51)"),
            R"(run: a 3 b 7
run: a 4 b 6
partial 1
)");
}

TEST(RunSplitter, NodesInBodiesAreWithinTheirNode) {
  EXPECT_EQ(SplitText(R"(a 1 11 12
                         inner 1 13 14
                         a 1 15 17
                         loop 1 14 18
                         if 1 11 19
                         b 1 19 20
                         run 1 9 22)"),
            "run: if 2 if/a 1 if/inner 1 if/loop 2 if/loop/a 2 b 1\n");
}

// Of a begin and a duration the fractions are lost: children may be longer than their parent.
TEST(RunSplitter, RoundedTimesAddUp) {
  EXPECT_EQ(SplitText(R"(a 1 10 12
                         a 1 12 14
                         if 1 10 14
                         none 1 14 14
                         b 1 14 15
                         run 1 10 14)"),
            "run: if 0 if/a 2 if/a 2 b 1 b/none 0\n");
}

TEST(RunSplitter, RunsThatOverlapAreToldApartByTheirThreads) {
  EXPECT_EQ(SplitText(R"(a 1 10 13
                         a 2 11 15
                         b 1 13 20
                         run 1 9 22
                         b 2 15 23
                         run 2 10 24)"),
            R"(run: a 3 b 7
run: a 4 b 8
)");
}

TEST(RunSplitter, KernelsOfAPoolAreOfTheRunAtTheirTime) {
  EXPECT_EQ(SplitText(R"(a 7 10 13
                         b 8 11 20
                         run 1 9 22
                         a 7 30 34
                         b 8 42 42
                         run 1 29 41
                         a 7 51 52)"),
            R"(run on several threads: a 3 b 9
run on several threads: a 4 b 0
partial 1
)");
}

TEST(RunSplitter, WhatMayBeOfSeveralRunsIsNotGuessed) {
  EXPECT_EQ(SplitText(R"(a 7 10 13
                         b 7 13 20
                         run 1 9 22
                         c 2 12 14
                         run 2 12 24)"),
            R"(run on several threads: a 3 c 2 b 7
merged 2
)");
}

TEST(RunSplitter, WithoutRunsAllIsOne) {
  EXPECT_EQ(SplitText("a 1 10 13\nb 2 10 14\n"), "run on several threads: a 3 b 4\n");
  EXPECT_EQ(SplitText(""), "");
}

// What a run has, whatever the order of the events in the file.
TEST(RunSplitter, AnyOrderOfEvents) {
  std::vector<Line> lines;
  for (int run = 0; run < 20; ++run) {
    for (int kernel = 0; kernel < 5; ++kernel) {
      const double begin = 100 * run + 10 * kernel + 1;
      lines.push_back({absl::StrCat("k", kernel), 1, begin, begin + 1 + (kernel + run) % 9});
    }
    lines.push_back({"run", 1, 100.0 * run, 100.0 * run + 90});
  }
  const auto sums = [](const std::vector<Line>& events) {
    KernelTable kernels;
    const RecordedRuns recorded = Split(events, &kernels);
    EXPECT_EQ(recorded.partial, 0u);
    std::string text;
    for (const RecordedRun& run : recorded.runs) {
      double sum = 0;
      for (const KernelTime& time : run.times) sum += time.own;
      absl::StrAppend(&text, run.times.size(), " ", sum, "\n");
    }
    return text;
  };
  const std::string in_order = sums(lines);
  EXPECT_EQ(in_order.substr(0, 20), "5 15\n5 20\n5 25\n5 30\n");
  std::mt19937 random(1);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(lines.begin(), lines.end(), random);
    EXPECT_EQ(sums(lines), in_order);
  }
}

// Runs with one kernel each, of these times.
Profile Kept(const std::vector<double>& times, size_t warmup) {
  KernelTable kernels;
  RecordedRuns recorded;
  for (double time : times) {
    RecordedRun& run = recorded.runs.emplace_back();
    run.duration = time + 5;
    run.times.push_back(
        {kernels.Within(kernels.Find("k", "", absl::nullopt), Kernel::kNone), time});
  }
  Profile profile;
  profile.kernels = kernels.Take();
  SumKeptRuns(recorded, warmup, &profile);
  return profile;
}

std::string KeptText(const std::vector<double>& times, size_t warmup) {
  const Profile profile = Kept(times, warmup);
  const KeptRuns& runs = profile.runs;
  return absl::StrCat(runs.kept, " of ", runs.seen, ", warm-up ", runs.warmup, ", sum ",
                      profile.kernels[0].own, ", outside ", *profile.outside, ", ", *runs.least,
                      " / ", *runs.median, " / ", *runs.most);
}

TEST(KeptRuns, AreBetweenTheQuartiles) {
  EXPECT_EQ(KeptText({900, 10, 1, 12, 11, 13, 1000, 12, 14}, 1),
            "4 of 9, warm-up 1, sum 48, outside 20, 1 / 12 / 1000");
  EXPECT_EQ(KeptText({900, 4, 3, 2, 1}, 1), "2 of 5, warm-up 1, sum 5, outside 10, 1 / 2.5 / 4");
  EXPECT_EQ(KeptText({5, 5, 5, 5, 5, 5, 5, 5}, 0),
            "8 of 8, warm-up 0, sum 40, outside 40, 5 / 5 / 5");
}

TEST(KeptRuns, OfFewRunsAllAreKept) {
  EXPECT_EQ(KeptText({900, 3, 1, 2}, 1), "3 of 4, warm-up 1, sum 6, outside 15, 1 / 2 / 3");
  EXPECT_EQ(KeptText({900, 3}, 7), "1 of 2, warm-up 1, sum 3, outside 5, 3 / 3 / 3")
      << "never all are left out";
  EXPECT_EQ(KeptText({900}, 1), "1 of 1, warm-up 0, sum 900, outside 5, 900 / 900 / 900");
}

}  // namespace
}  // namespace modelexport
