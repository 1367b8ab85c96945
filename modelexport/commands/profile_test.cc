#include "modelexport/commands/profile.h"

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "modelexport/commands/test_command.h"
#include "modelexport/commands/view.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"

namespace modelexport {
namespace {

using testing::Tags;
using testing::TempDir;

std::string Kernel(absl::string_view name, absl::string_view op_type, int begin, int duration) {
  return absl::StrCat(R"({"cat": "Node", "tid": 1, "ts": )", begin, R"(, "dur": )", duration,
                      R"(, "name": ")", name, R"(_kernel_time", "args": {"op_name": ")", op_type,
                      R"("}})");
}

std::string Profile(const std::vector<std::string>& kernels) {
  return absl::StrCat(
      "[", absl::StrJoin(kernels, ","),
      R"(, {"cat": "Session", "tid": 1, "ts": 0, "dur": 90, "name": "model_run"}])");
}

// A model and a profile of one run of it; `a` takes 12 us, `b` 28 us, and 20 us are of no module.
class ProfileCommandTest : public ::testing::Test {
 protected:
  ProfileCommandTest() {
    WriteModel("m.onnx", Tags("a"), Tags("b"));
    dir_.Write("e.json", Profile({Kernel("first", "Add", 1, 12), Kernel("second", "Relu", 13, 28),
                                  Kernel("third", "Neg", 41, 20)}));
  }

  void WriteModel(const std::string& name, const std::string& first, const std::string& second,
                  const std::string& header = "") {
    dir_.Write(name, testing::Model(absl::StrCat(header, R"(
      main (float[1] x) => (float[1] y) {
        [first] p = Add (x, x))",
                                                 first, R"(
        [second] q = Relu (p))",
                                                 second, R"(
        [third] y = Neg (q)
      })")));
  }

  std::string Run(const std::string& model, const std::string& events,
                  std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {dir_.Path(model), "--events=" + dir_.Path(events)});
    const testing::CommandResult result = testing::RunCommand(ProfileCommand, flags);
    std::string text = absl::StrReplaceAll(result.out + result.err, {{dir_.path() + "/", ""}});
    return result.code == 0 ? text : absl::StrCat(text, "exit ", result.code, "\n");
  }

  const TempDir dir_;
};

TEST_F(ProfileCommandTest, RowsAddUp) {
  EXPECT_EQ(Run("m.onnx", "e.json"),
            R"(module             class      own    total  share  kernels
(root)             ?       0.0 us  40.0 us  66.7%        2
  b                ?      28.0 us  28.0 us  46.7%        1
  a                ?      12.0 us  12.0 us  20.0%        1
(not attributed)   ?      20.0 us  20.0 us  33.3%        1
(outside kernels)         30.0 us  30.0 us

mean of 1 of 1 runs; kernel time of a run: 60.0 us to 60.0 us, median 60.0 us
66.7% attributed; modules from tags
note: 1 node without tags: #2 (Neg)
)");
  EXPECT_EQ(Run("m.onnx", "e.json", {"--format=csv", "--sort=module"}),
            "module,class,own_us,total_us,share,kernels,shared_us\r\n"
            "(root),,0.0,40.0,0.6666666666666666,2.0,0.0\r\n"
            "a,,12.0,12.0,0.2,1.0,0.0\r\n"
            "b,,28.0,28.0,0.4666666666666667,1.0,0.0\r\n"
            "(not attributed),,20.0,20.0,0.3333333333333333,1.0,0.0\r\n"
            "(outside kernels),,30.0,30.0,,,\r\n");
  EXPECT_EQ(Run("m.onnx", "e.json", {"--format=folded"}),
            "(root);a;first 12\n(root);b;second 28\n(not attributed);third 20\n");
}

constexpr char kRightFile[] =
    "; save the graph that runs (in ONNX Runtime: SessionOptions.optimized_model_filepath), tag "
    "that "
    "file (modelexport tag OPTIMIZED TAGGED OUT, where TAGGED is the tagged original), and profile "
    "OUT, run without further optimisation (ORT_DISABLE_ALL)\nexit 1\n";

TEST_F(ProfileCommandTest, AnotherGraphIsRefused) {
  dir_.Write("fused.json", Profile({Kernel("first", "FusedAdd", 1, 1)}));
  EXPECT_EQ(
      Run("m.onnx", "fused.json"),
      absl::StrCat("it: m.onnx: is not the graph that ran: node \"first\" is another operator "
                   "than in fused.json, FusedAdd",
                   kRightFile));
  dir_.Write("other.json", Profile({Kernel("first", "Add", 1, 1), Kernel("x", "Relu", 2, 3)}));
  EXPECT_EQ(Run("m.onnx", "other.json"),
            absl::StrCat("it: m.onnx: is not the graph that ran: it has the nodes of 25.0% of the "
                         "kernel time in other.json",
                         kRightFile));
  EXPECT_EQ(Run("m.onnx", "other.json", {"--min_attributed=0.2", "--format=folded"}),
            "(root);a;first 1\n(not attributed);x 3\n");
  EXPECT_EQ(Run("m.onnx", "fused.json", {"--min_attributed=0", "--format=folded"}),
            "(not attributed);first 1\n");
}

// What ONNX Runtime saves of a tagged model keeps the modules of the model and no node's.
TEST_F(ProfileCommandTest, AGraphThatLostItsTagsIsRefused) {
  WriteModel("lost.onnx", "", "",
             R"(<ir_version: 10, opset_import: ["" : 20],
                 metadata_props: ["modelexport.hierarchy": "{\"schema\": \"modelexport.hierarchy\", \"version\": 1, \"modules\": [{\"path\": \"\"}, {\"path\": \"a\"}]}"]>)");
  EXPECT_EQ(
      Run("lost.onnx", "e.json"),
      absl::StrCat("it: lost.onnx: 0.0% of the kernel time in e.json is of nodes that are "
                   "attributed to a module: it was tagged once, and a tool dropped the tags of "
                   "its nodes, as ONNX Runtime does when it optimises",
                   kRightFile));
}

TEST_F(ProfileCommandTest, TwoProfilesSideBySide) {
  WriteModel("n.onnx", Tags("a"), Tags("c"));
  dir_.Write("f.json", Profile({Kernel("first", "Add", 1, 6), Kernel("second", "Relu", 13, 7),
                                Kernel("third", "Neg", 41, 10)}));
  EXPECT_EQ(Run("m.onnx", "e.json",
                {"--against=" + dir_.Path("f.json"), "--against_model=" + dir_.Path("n.onnx"),
                 "--format=csv"}),
            "module,class,own_us,total_us,share,kernels,shared_us,against.own_us,"
            "against.total_us,against.ratio\r\n"
            "(root),,0.0,40.0,0.6666666666666666,2.0,0.0,0.0,6.0,0.15\r\n"
            "b,,28.0,28.0,0.4666666666666667,1.0,0.0,0.0,0.0,0.0\r\n"
            "a,,12.0,12.0,0.2,1.0,0.0,6.0,6.0,0.5\r\n"
            "(not attributed),,20.0,20.0,0.3333333333333333,1.0,0.0,10.0,10.0,0.5\r\n"
            "(other modules),,0.0,0.0,0.0,0.0,0.0,7.0,7.0,\r\n"
            "(outside kernels),,30.0,30.0,,,,67.0,67.0,\r\n");
}

TEST_F(ProfileCommandTest, WrongUsage) {
  const auto error = [](const Arguments& arguments) {
    const testing::CommandResult result = testing::RunCommand(ProfileCommand, arguments);
    EXPECT_EQ(result.code, 2);
    return result.err.substr(0, result.err.find('\n'));
  };
  EXPECT_EQ(error({"m.onnx"}), "it: --events is wanted");
  EXPECT_EQ(error({"--events=e"}), "it: one path is wanted, IN, not 0");
  EXPECT_EQ(error({"m.onnx", "--events=e", "--against_model=n"}),
            "it: --against_model is of --against, which is not given");
  EXPECT_EQ(error({"m.onnx", "--events=e", "--min_attributed=2"}),
            "it: --min_attributed=2: is no number from 0 to 1");
}

// The page reads what the table reads.
TEST_F(ProfileCommandTest, APageIsThatOfView) {
  dir_.Write("n.json", R"({"nodes": {"first": {"us": 4, "joules": 2}, "third": {"us": 1}}})");
  constexpr absl::string_view kPage = "<p>@MODELEXPORT_VIEW_DATA@</p>";
  std::ostringstream out;
  Console console;
  console.out = console.err = &out;
  console.view_page = kPage;
  console.cancel_on_signals = [] { return nullptr; };
  const std::string events = "--events=" + dir_.Path("n.json");
  EXPECT_EQ(ProfileCommand(console, {dir_.Path("m.onnx"), events, "--metric=us", "--format=html"}),
            0);

  ViewRequest view;
  view.sources.model = dir_.Path("m.onnx");
  view.sources.events = dir_.Path("n.json");
  view.sources.how_to_read_events.metric = "us";
  view.sources.written = dir_.Path("page.html");
  view.empty_page = kPage;
  EXPECT_TRUE(View(view).ok());
  EXPECT_EQ(out.str(), dir_.Read("page.html"));
}

TEST_F(ProfileCommandTest, APageShowsOneProfile) {
  EXPECT_EQ(Run("m.onnx", "e.json", {"--format=html", "--against=" + dir_.Path("e.json")}),
            "it: --format=html shows no second profile\nit --help lists the flags\nexit 2\n");
  EXPECT_EQ(Run("m.onnx", "e.json", {"--format=html"}), "it: this program has no page\nexit 3\n");
}

}  // namespace
}  // namespace modelexport
