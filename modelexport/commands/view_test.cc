#include "modelexport/commands/view.h"

#include <atomic>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "modelexport/commands/test_command.h"
#include "modelexport/testing/model_text.h"
#include "modelexport/testing/temp_dir.h"
#include "modelexport/view/view_page.h"

namespace modelexport {
namespace {

constexpr absl::string_view kPage = "<p>@MODELEXPORT_VIEW_DATA@</p>";

// Runs the command on a tagged model, "in.onnx".
class ViewTest : public ::testing::Test {
 protected:
  ViewTest() {
    dir_.Write("in.onnx", testing::Model(absl::StrCat("main (x) => (y) { y = Neg (x)",
                                                      testing::Tags("a"), " }")));
  }

  // What it prints, errors and the exit code included, without the folder of the test.
  std::string View(const Arguments& arguments, absl::string_view page = kPage) {
    std::ostringstream out;
    Console console;
    console.program = "it";
    console.out = &out;
    console.err = &out;
    console.view_page = page;
    console.cancel_on_signals = [this] { return &cancelled_; };
    const int code = ViewCommand(console, arguments);
    return absl::StrReplaceAll(
        absl::StrCat(out.str(), code == 0 ? "" : absl::StrCat("exit ", code, "\n")),
        {{dir_.path() + "/", ""}});
  }

  std::string Path(const std::string& name) const { return absl::StrCat(dir_.path(), "/", name); }

  testing::TempDir dir_;
  std::atomic<bool> cancelled_{false};
};

TEST_F(ViewTest, WritesAPage) {
  EXPECT_EQ(View({Path("in.onnx"), "-o", Path("out.html")}), "out.html: 1 node, 2 modules\n");
  const std::string page = dir_.Read("out.html");
  EXPECT_EQ(page.substr(0, 3), "<p>");
  EXPECT_EQ(page.substr(page.size() - 4), "</p>");
  EXPECT_EQ(View({"--quiet", "--out", Path("same.html"), Path("in.onnx")}), "");
  EXPECT_EQ(dir_.Read("same.html"), page);
}

TEST_F(ViewTest, WrongUsage) {
  const std::string help = "it --help lists the flags\nexit 2\n";
  EXPECT_EQ(View({Path("in.onnx")}), "it: -o OUT.html is wanted\n" + help);
  EXPECT_EQ(View({"-o", Path("out.html")}), "it: one path is wanted, IN, not 0\n" + help);
  EXPECT_EQ(View({Path("in.onnx"), "-o", ""}), "it: --out=: is empty\n" + help);
  EXPECT_EQ(View({Path("in.onnx"), "-o", Path("./in.onnx")}),
            "it: --out ./in.onnx and IN in.onnx are the same file\n" + help);
  EXPECT_EQ(View({Path("in.onnx"), "-o", Path("h.json"), "--hierarchy=" + Path("./h.json")}),
            "it: --out h.json and --hierarchy ./h.json are the same file\n" + help);
  EXPECT_EQ(View({Path("in.onnx"), "-o", Path("out.html")}, ""),
            "it: this program has no page\nexit 3\n");
}

TEST_F(ViewTest, NeverReplacesWeights) {
  dir_.Write("in.onnx", testing::Model(R"(
      main (float[2] x) => (float[2] y) <float[2] w = ["location": "w.bin"]> { y = Mul (x, w) })"));
  dir_.Write("w.bin", "01234567");
  EXPECT_EQ(
      View({Path("in.onnx"), "-o", Path("w.bin")}),
      "it: in.onnx: initializer \"w\": external data \"w.bin\": the output w.bin would take its "
      "place\nit --help lists the flags\nexit 2\n");
  EXPECT_EQ(dir_.Read("w.bin"), "01234567");
}

TEST_F(ViewTest, LeavesWhatIsThereAfterAnError) {
  dir_.Write("out.html", "before");
  EXPECT_EQ(View({Path("none.onnx"), "-o", Path("out.html")}),
            "it: none.onnx: cannot open: No such file or directory\nexit 3\n");
  EXPECT_EQ(View({Path("in.onnx"), "-o", Path("none/out.html")}).substr(0, 18),
            "it: none/out.html:");
  cancelled_ = true;
  EXPECT_NE(View({Path("in.onnx"), "-o", Path("out.html")}), "");
  EXPECT_EQ(dir_.Read("out.html"), "before");
}

}  // namespace
}  // namespace modelexport
